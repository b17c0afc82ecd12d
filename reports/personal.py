"""What reports hold about a person, and what must always be true of the kept figures."""

from collections.abc import Iterable
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
    kept_cells, kept_heads = Cell.objects.filter(reach=Reach.PLACE), Headcount.objects.filter(reach=Reach.PLACE)
    wrong = _different([_figures(row) for row in kept_cells], [_figures(row) for row in cells])
    wrong |= _different(
        [(row.place_id, row.persons) for row in kept_heads], [(row.place_id, row.persons) for row in heads]
    )
    return [
        f"place {place}: the board's figures are not those of its enrolments; run reconcile" for place in sorted(wrong)
    ]


def _figures(cell: Cell) -> tuple[int, ...]:
    return (cell.place_id, cell.course_id, cell.enrolled, cell.active, cell.completed, cell.certified)


def _different(kept: Iterable[tuple[int, ...]], counted: Iterable[tuple[int, ...]]) -> set[int]:
    """Places of the rows that are on one side only."""
    return {place for place, *_numbers in set(kept) ^ set(counted)}
