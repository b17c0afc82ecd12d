"""Whom to call of those who were at a workshop."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from provinces.queries import units_of_today
from workshops import queries, rules
from workshops.models import FollowUp, Registration, Workshop


def drawn_of(workshop: Workshop) -> list[Registration]:
    """By lot, of each commune of today as many as it has left of its ten, of those who were there, can be called, agreed to be recorded and
    are on no list yet. Whoever is no longer to be called leaves the place to another. In two queries more than reading places takes."""
    calls = queries.calls_that_count().filter(registration__workshop=workshop)
    called = Counter(_units(calls.values_list("registration__place", flat=True)))
    by_unit: dict[int, list[Registration]] = defaultdict(list)
    rows = _left(workshop)
    for one, unit in zip(rows, _units([one.place_id for one in rows]), strict=True):
        by_unit[unit].append(one)
    lot = random.Random(workshop.pk)  # noqa: S311 - a lot that anybody can draw again
    return [
        one for unit in sorted(by_unit) for one in _some(lot, by_unit[unit], rules.CALLED_IN_A_COMMUNE - called[unit])
    ]


def _left(workshop: Workshop) -> list[Registration]:
    own = Q(registration__person=OuterRef("person")) | Q(registration__person__merged_into=OuterRef("person"))
    called = FollowUp.objects.filter(own, registration__workshop=workshop)
    rows = queries.can_be_called().filter(workshop=workshop)
    return list(rows.exclude(Exists(called)).order_by("number"))


def _some(lot: random.Random, people: list[Registration], seats: int) -> list[Registration]:
    return lot.sample(people, min(max(seats, 0), len(people)))


def _units(places: Iterable[int]) -> list[int]:
    keys = list(places)
    today = units_of_today(set(keys))
    return [today[key].pk for key in keys]
