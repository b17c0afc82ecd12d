"""Counts read from the enrolments themselves, which what is kept must equal."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from accounts.models import Person
from certificates.queries import IS_CERTIFIED
from courses.models import Enrolment
from courses.queries import IS_COMPLETED, is_active
from courses.rules import active_since
from lib import dates

from .models import Cell, Headcount, Reach, Scattered

FIGURES = ("enrolled", "active", "completed", "certified")
# The province of a place of today; a former place stands for itself until `units_of_today` has looked it up.
PROVINCE = Case(When(place__valid_to=None, then=Coalesce("place__parent", "place")), default=F("place"))


def enrolments(places: Iterable[int] | None = None) -> QuerySet[Enrolment]:
    """Those that are counted: recorded in some places, or in all. Few people are merged: leaving them out is cheaper than
    joining everybody."""
    counted = Enrolment.objects.exclude(person__in=Person.objects.filter(merged_into__isnull=False)).order_by()
    return counted if places is None else counted.filter(place__in=places)


def cells(counted: QuerySet[Enrolment], at: datetime) -> list[Cell]:
    figures = {
        "enrolled": Count("pk"),
        "active": Count("pk", filter=is_active(at)),
        "completed": Count("pk", filter=IS_COMPLETED),
    }
    valid = counted.filter(IS_CERTIFIED).values_list("place", "course").annotate(number=Count("pk"))
    certified = {(place, course): number for place, course, number in valid}
    return [
        Cell(reach=Reach.PLACE, certified=certified.get((row["place_id"], row["course_id"]), 0), **row)
        for row in counted.values("place_id", "course_id").annotate(**figures)
    ]


def heads(counted: QuerySet[Enrolment]) -> list[Headcount]:
    rows = counted.values("place_id").annotate(persons=Count("person", distinct=True))
    return [Headcount(reach=Reach.PLACE, **row) for row in rows]


def scattered(counted: QuerySet[Enrolment]) -> list[Scattered]:
    """Who is recorded in several places, and who in several provinces."""
    return [*_several(counted, Reach.PLACE, F("place")), *_several(counted, Reach.PROVINCE, PROVINCE)]


def _several(counted: QuerySet[Any], reach: Reach, unit: Case | F) -> list[Scattered]:
    rows = counted.annotate(unit=unit)
    several = rows.values("person").annotate(units=Count("unit", distinct=True)).filter(units__gt=1)
    pairs = rows.filter(person__in=several.values("person")).values_list("person", "unit").distinct()
    return [Scattered(reach=reach, person_id=person, place_id=place) for person, place in pairs]


def sums(provinces: Collection[int]) -> tuple[list[Cell], list[Headcount]]:
    """Provinces, added up from what is kept of their places; who is recorded in several of them is taken off again."""
    theirs = Q(place__in=provinces) | Q(place__parent__in=provinces)
    kept = Cell.objects.filter(theirs, reach=Reach.PLACE).annotate(unit=PROVINCE).filter(unit__in=provinces)
    added = kept.values_list("unit", "course").annotate(**{f"sum_{name}": Sum(name) for name in FIGURES})
    cells = [
        Cell(reach=Reach.PROVINCE, place_id=unit, course_id=course, **dict(zip(FIGURES, numbers, strict=True)))
        for unit, course, *numbers in added
    ]
    heads = Headcount.objects.filter(theirs, reach=Reach.PLACE).annotate(unit=PROVINCE).filter(unit__in=provinces)
    again = _counted_again(theirs)
    return cells, [
        Headcount(reach=Reach.PROVINCE, place_id=unit, persons=persons - again.get(unit, 0))
        for unit, persons in heads.values_list("unit").annotate(total=Sum("persons"))
    ]


def _counted_again(places: Q) -> dict[int, int]:
    """By province: how often somebody is counted in its places beyond the first time."""
    again: dict[int, int] = {}
    rows = Scattered.objects.filter(places, reach=Reach.PLACE).annotate(unit=PROVINCE)
    for unit, _person, number in rows.values_list("unit", "person").annotate(number=Count("pk")):
        again[unit] = again.get(unit, 0) + number - 1
    return again


def aged(counted: date | None, at: datetime) -> set[int]:
    """Places of people who stopped being active, or began to, merely because the day changed."""
    if counted is None or counted == dates.local_day(at):
        return set()
    begun, ended = sorted((active_since(dates.start_of_day(counted)), active_since(at)))
    between = Enrolment.objects.filter(last_active_at__gte=begun, last_active_at__lt=ended)
    return set(between.values_list("place", flat=True).distinct())
