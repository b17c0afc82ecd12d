"""Whom to call of those who were at a workshop."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from provinces.queries import units_of_today
from workshops import rules
from workshops.models import Attendance, FollowUp, Registration, Workshop


def drawn_of(workshop: Workshop) -> list[Registration]:
    """By lot, of each commune of today as many as it has left of its ten, of those who were there, can be called, agreed to be recorded and
    are on no list yet. In two queries more than reading places takes."""
    called = Counter(
        _units(FollowUp.objects.filter(registration__workshop=workshop).values_list("registration__place", flat=True))
    )
    by_unit: dict[int, list[Registration]] = defaultdict(list)
    rows = _left(workshop)
    for one, unit in zip(rows, _units([one.place_id for one in rows]), strict=True):
        by_unit[unit].append(one)
    lot = random.Random(workshop.pk)  # noqa: S311 - a lot that anybody can draw again
    return [
        one for unit in sorted(by_unit) for one in _some(lot, by_unit[unit], rules.CALLED_IN_A_COMMUNE - called[unit])
    ]


def _left(workshop: Workshop) -> list[Registration]:
    there = Attendance.objects.filter(session__workshop=workshop, session__cancelled_at=None, taken_back_at=None)
    rows = Registration.objects.filter(pk__in=there.values("registration"), person__has_consented=True)
    rows = rows.filter(person__merged_into=None).exclude(person__contact_phone="")
    own = Q(registration__person=OuterRef("person")) | Q(registration__person__merged_into=OuterRef("person"))
    called = FollowUp.objects.filter(own, registration__workshop=workshop)
    return list(rows.exclude(Exists(called)).order_by("number"))


def _some(lot: random.Random, people: list[Registration], seats: int) -> list[Registration]:
    return lot.sample(people, min(max(seats, 0), len(people)))


def _units(places: Iterable[int]) -> list[int]:
    keys = list(places)
    today = units_of_today(set(keys))
    return [today[key].pk for key in keys]
