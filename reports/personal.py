"""What reports hold about a person, and what must always be true of the kept figures."""

from typing import Any

from django.utils import timezone

from lib.registries import PersonRecords

from . import actions, counting
from .models import Cell, Headcount, Reach, Scattered


def _repoint(from_id: int, to_id: int) -> int:
    """Nothing to move: these rows follow from the enrolments, whose places are marked and counted again."""
    return Scattered.objects.filter(person=from_id).delete()[0]


def _export(person_id: int) -> list[dict[str, Any]]:
    """A person's places are in the export of the enrolments."""
    return []


def _erase(person_id: int) -> int:
    return 0


SCATTERED = PersonRecords(repoint=_repoint, export=_export, erase=_erase)


def violations() -> list[str]:
    """Places whose kept figures are not what the enrolments say."""
    now = timezone.now()
    actions.bring_up_to_date(at=now)
    cells, heads = counting.cells(counting.enrolments(), now), counting.heads(counting.enrolments())
    kept = {
        _key(row) for row in (*Cell.objects.filter(reach=Reach.PLACE), *Headcount.objects.filter(reach=Reach.PLACE))
    }
    wrong = kept ^ {_key(row) for row in (*cells, *heads)}
    places = sorted({place for place, *_figures in wrong})
    return [f"place {place}: the board's figures are not those of its enrolments; run reconcile" for place in places]


def _key(row: Cell | Headcount) -> tuple[int, ...]:
    if isinstance(row, Headcount):
        return (row.place_id, row.persons)
    return (row.place_id, row.course_id, row.enrolled, row.active, row.completed, row.certified)
