"""What is kept of each year, read from the enrolments and from who came to workshops; as `reports.counting` for all years.

Who came to a workshop is enrolled in its course when its results are written. Whoever came and is not enrolled counts by their seat.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from accounts.models import Person
from courses.models import Enrolment
from reports.counting import PROVINCE
from reports.models import Reach, Yearly, YearlyScattered
from workshops.models import Attendance, Gender, Registration, Workshop

FIGURES = ("enrolled", "seats", "persons", "subjects", "women", "known")
WHO = ("person", "subject")

type Key = tuple[int, int]  # place, year


@dataclass(frozen=True)
class Seat:
    """One that was taken in a workshop. `is_enrolled`: in the workshop's course, so that the enrolment counts."""

    person: int
    subject: int | None
    place: int
    province: int
    year: int  # of the workshop
    gender: str
    is_enrolled: bool


def who_came() -> QuerySet[Any]:
    """With `is_enrolled`."""
    here = Attendance.objects.filter(registration=OuterRef("pk"), session__cancelled_at=None, taken_back_at=None)
    learns = Enrolment.objects.filter(person=OuterRef("person"), course=OuterRef("workshop__activity__course"))
    came = Registration.objects.filter(Exists(here), workshop__cancelled_at=None).order_by()
    came = came.exclude(person__in=Person.objects.filter(merged_into__isnull=False))
    return came.annotate(is_enrolled=Exists(learns))


def seats(which: Q | None = None) -> list[Seat]:
    """Of workshops that were not cancelled, as their totals count who was present (`workshops.totals`)."""
    came = who_came()
    if which is not None:
        came = came.filter(which)
    came = came.annotate(province=PROVINCE)
    rows = list(came.values_list("workshop", "person", "subject", "place", "province", "gender", "is_enrolled"))
    began = Min("sessions__starts_at", filter=Q(sessions__cancelled_at=None))
    workshops = Workshop.objects.filter(pk__in={row[0] for row in rows}).annotate(began=began)
    years = {one.pk: timezone.localtime(one.began).year for one in workshops}
    return [
        Seat(person, subject, place, province, years[workshop], gender, is_enrolled)
        for workshop, person, subject, place, province, gender, is_enrolled in rows
    ]


def yearly(counted: QuerySet[Enrolment], taken: Collection[Seat]) -> list[Yearly]:
    """Of enrolments and seats of the same places."""
    rows = counted.annotate(year=ExtractYear("enrolled_at")).values_list("place", "year")
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    sums = rows.annotate(Count("pk"), Count("person", distinct=True), Count("subject", distinct=True))
    for place, year, enrolled, persons, subjects in sums:
        found[place, year].update(enrolled=enrolled, persons=persons, subjects=subjects)
    for seat in taken:
        found[seat.place, seat.year].update(
            seats=not seat.is_enrolled, women=seat.gender == Gender.FEMALE, known=bool(seat.gender)
        )
    for who in WHO:
        for place, year in _not_enrolled(counted, taken, who):
            found[place, year][f"{who}s"] += 1
    return [
        Yearly(reach=Reach.PLACE, place_id=place, year=year, **{name: numbers[name] for name in FIGURES})
        for (place, year), numbers in found.items()
    ]


def _not_enrolled(counted: QuerySet[Enrolment], taken: Collection[Seat], who: str) -> Iterable[Key]:
    """Place and year of each person, or subject, who had a seat there and no enrolment."""
    there = {
        (getattr(seat, who), seat.place, seat.year) for seat in taken if not seat.is_enrolled and getattr(seat, who)
    }
    if not there:
        return []
    rows = counted.filter(**{f"{who}__in": {one for one, _place, _year in there}})
    enrolled = set(rows.annotate(year=ExtractYear("enrolled_at")).values_list(who, "place", "year"))
    return [(place, year) for _who, place, year in there - enrolled]


def scattered(counted: QuerySet[Enrolment], taken: Collection[Seat], who: str) -> list[YearlyScattered]:
    """Which persons, or subjects (`who`), count in several places in one year, and in several provinces. Enrolments and seats are
    all those of whoever is asked about."""
    rows = counted.exclude(**{who: None}).annotate(year=ExtractYear("enrolled_at"))
    there = [seat for seat in taken if not seat.is_enrolled and getattr(seat, who)]
    found = []
    for reach, unit, name in ((Reach.PLACE, F("place"), "place"), (Reach.PROVINCE, PROVINCE, "province")):
        seen = {(getattr(seat, who), seat.year, getattr(seat, name)) for seat in there}
        for one, year, place in _several(rows.annotate(unit=unit), who, seen):
            found.append(YearlyScattered(reach=reach, year=year, place_id=place, **{f"{who}_id": one}))
    return found


def _several(rows: QuerySet[Any], who: str, seen: set[tuple[int, int, int]]) -> Iterable[tuple[int, int, int]]:
    several = rows.values(who).annotate(units=Count("unit", distinct=True)).filter(units__gt=1)
    theirs = Q((f"{who}__in", several.values(who))) | Q((f"{who}__in", {one for one, _year, _unit in seen}))
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for one, year, unit in [*rows.filter(theirs).values_list(who, "year", "unit"), *seen]:
        found[one, year].add(unit)
    return ((one, year, unit) for (one, year), units in found.items() if len(units) > 1 for unit in units)


def sums(provinces: Collection[int]) -> list[Yearly]:
    """Provinces, added up from what is kept of their places; who is in several of them is taken off again."""
    theirs = Q(place__in=provinces) | Q(place__parent__in=provinces)
    kept = Yearly.objects.filter(theirs, reach=Reach.PLACE).annotate(unit=PROVINCE).filter(unit__in=provinces)
    added = kept.values_list("unit", "year").annotate(*(Sum(name) for name in FIGURES))
    again = {who: _counted_again(theirs, who) for who in WHO}
    rows = []
    for unit, year, *numbers in added:
        row = Yearly(reach=Reach.PROVINCE, place_id=unit, year=year, **dict(zip(FIGURES, numbers, strict=True)))
        row.persons -= again["person"][unit, year]
        row.subjects -= again["subject"][unit, year]
        rows.append(row)
    return rows


def _counted_again(places: Q, who: str) -> Counter[Key]:
    """By province and year: how often somebody is counted in its places beyond the first time."""
    again: Counter[Key] = Counter()
    rows = YearlyScattered.objects.filter(places, reach=Reach.PLACE).exclude(**{who: None}).annotate(unit=PROVINCE)
    for unit, year, _who, number in rows.values_list("unit", "year", who).annotate(Count("pk")):
        again[unit, year] += number - 1
    return again
