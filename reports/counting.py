"""Counts read from the enrolments themselves, which what is kept must equal."""

from collections import defaultdict
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

from .models import Cell, Headcount, Kept, Reach, Scattered, SliceHeadcount, SliceScattered

FIGURES = ("enrolled", "active", "completed", "certified")
SLICES: list[tuple[str, ...]] = [("topic",), ("kind",), ("topic", "kind")]
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
    valid = counted.filter(IS_CERTIFIED).values_list("place", "course", "person_kind").annotate(number=Count("pk"))
    certified = {(place, course, kind): number for place, course, kind, number in valid}
    return [
        Cell(reach=Reach.PLACE, certified=certified.get((row["place_id"], row["course_id"], row["kind"]), 0), **row)
        for row in counted.values("place_id", "course_id", kind=F("person_kind")).annotate(**figures)
    ]


def heads(counted: QuerySet[Enrolment]) -> list[Headcount]:
    rows = counted.values("place_id").annotate(persons=Count("person", distinct=True))
    return [Headcount(reach=Reach.PLACE, **row) for row in rows]


def slice_heads(counted: QuerySet[Enrolment]) -> list[SliceHeadcount]:
    """An enrolment of which no kind is known is of its topic alone."""
    named = counted.annotate(topic=F("course__topic"), kind=F("person_kind"))
    return [
        SliceHeadcount(reach=Reach.PLACE, place_id=place, persons=persons, **_slice(names, values))
        for names in SLICES
        for place, *values, persons in named.values_list("place", *names).annotate(Count("person", distinct=True))
        if "" not in values
    ]


def _slice(names: Collection[str], values: Iterable[Any]) -> dict[str, Any]:
    said = dict(zip(names, values, strict=True))
    return {"topic_id": said.get("topic"), "kind": said.get("kind", "")}


def slice_scattered(counted: QuerySet[Enrolment]) -> list[SliceScattered]:
    """Who is recorded in several places of a slice is so in several places: these few people are gone through one by one."""
    several = counted.values("person").annotate(places=Count("place", distinct=True)).filter(places__gt=1)
    rows = counted.filter(person__in=several.values("person")).annotate(unit=PROVINCE)
    units: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    for person, place, unit, topic, kind in rows.values_list(
        "person", "place", "unit", "course__topic", "person_kind"
    ).distinct():
        said = {"topic": topic, "kind": kind}
        for names in SLICES:
            values = tuple(said[name] for name in names)
            if "" not in values:
                units[Reach.PLACE, person, names, values].add(place)
                units[Reach.PROVINCE, person, names, values].add(unit)
    return [
        SliceScattered(reach=reach, person_id=person, place_id=place, **_slice(names, values))
        for (reach, person, names, values), places in units.items()
        if len(places) > 1
        for place in places
    ]


def scattered(counted: QuerySet[Enrolment]) -> list[Scattered]:
    """Who is recorded in several places, and who in several provinces."""
    return [*_several(counted, Reach.PLACE, F("place")), *_several(counted, Reach.PROVINCE, PROVINCE)]


def _several(counted: QuerySet[Any], reach: Reach, unit: Case | F) -> list[Scattered]:
    rows = counted.annotate(unit=unit)
    several = rows.values("person").annotate(units=Count("unit", distinct=True)).filter(units__gt=1)
    pairs = rows.filter(person__in=several.values("person")).values_list("person", "unit").distinct()
    return [Scattered(reach=reach, person_id=person, place_id=place) for person, place in pairs]


def sums(provinces: Collection[int]) -> tuple[list[Cell], list[Headcount], list[SliceHeadcount]]:
    """Provinces, added up from what is kept of their places; who is recorded in several of them is taken off again."""
    kept = _kept(Cell, provinces)
    added = kept.values_list("unit", "course", "kind").annotate(**{f"sum_{name}": Sum(name) for name in FIGURES})
    cells = [
        Cell(
            reach=Reach.PROVINCE,
            place_id=unit,
            course_id=course,
            kind=kind,
            **dict(zip(FIGURES, numbers, strict=True)),
        )
        for unit, course, kind, *numbers in added
    ]
    heads = [
        Headcount(reach=Reach.PROVINCE, place_id=unit, persons=persons)
        for (unit,), persons in _heads(Headcount, Scattered, provinces).items()
    ]
    slices = [
        SliceHeadcount(reach=Reach.PROVINCE, place_id=unit, topic_id=topic, kind=kind, persons=persons)
        for (unit, topic, kind), persons in _heads(SliceHeadcount, SliceScattered, provinces, "topic", "kind").items()
    ]
    return cells, heads, slices


def _kept(model: type[Kept], provinces: Collection[int]) -> QuerySet[Any]:
    """Of the places of some provinces, with the province of each as `unit`."""
    theirs = Q(place__in=provinces) | Q(place__parent__in=provinces)
    rows: QuerySet[Any] = model._default_manager.filter(theirs, reach=Reach.PLACE)
    return rows.annotate(unit=PROVINCE).filter(unit__in=provinces)


def _heads(model: type[Kept], scattered: type[Kept], provinces: Collection[int], *by: str) -> dict[Any, int]:
    """By province, and further by what a slice is of: the people of its places, each once."""
    rows = _kept(model, provinces).values_list("unit", *by).annotate(total=Sum("persons"))
    persons = {tuple(key): number for *key, number in rows}
    for *key, _person, number in (
        _kept(scattered, provinces).values_list("unit", *by, "person").annotate(number=Count("pk"))
    ):
        persons[tuple(key)] -= number - 1  # how often somebody is counted beyond the first time
    return persons


def aged(counted: date | None, at: datetime) -> set[int]:
    """Places of people who stopped being active, or began to, merely because the day changed."""
    if counted is None or counted == dates.local_day(at):
        return set()
    begun, ended = sorted((active_since(dates.start_of_day(counted)), active_since(at)))
    between = Enrolment.objects.filter(last_active_at__gte=begun, last_active_at__lt=ended)
    return set(between.values_list("place", flat=True).distinct())
