"""A year of a place, beside its plan: one line for the board, or by the units below. What it costs does not follow the number of enrolments."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from accounts.access import AnyUser
from lib import dates
from provinces.models import Level, Place
from provinces.queries import units_of_today
from reports import queries, several
from reports.models import Figure, Target, Yearly, YearlyScattered
from workshops.models import Session, Workshop

from . import access
from .counting import WHO
from .rules import Achieved, Goal, goals

KEPT = ("enrolled", "seats", "persons", "subjects", "women", "known")


@dataclass(frozen=True)
class Row:
    """One unit below. `is_open`: whether it may be asked about."""

    place: Place
    achieved: Achieved
    goals: list[Goal]
    is_open: bool
    within: Place | None = None

    @property
    def label(self) -> str:
        return queries.unit_name(self.place, self.within)

    @property
    def is_bare(self) -> bool:
        """Nothing done, nothing planned."""
        return not any(goal.value or goal.target for goal in self.goals)


@dataclass(frozen=True)
class Year:
    name: str
    place: Place | None
    year: int
    achieved: Achieved
    goals: list[Goal]
    counted_at: datetime
    has_plan: bool  # whether any figure has a target
    with_figures: set[int]  # years of which this place has any


@dataclass(frozen=True)
class Plan(Year):
    """With the units below, and what their own targets add up to."""

    rows: list[Row]
    sums: list[int]  # in the order of `goals`; 0 where no unit has one

    @property
    def bare(self) -> list[Row]:
        return [row for row in self.rows if row.is_bare]


def of_year(user: AnyUser, place: Place | None, year: int, *, scope: QuerySet[Place] | None, now: datetime) -> Year:
    """The whole of what is on show. `place` is one of `reports.queries.visible_places`, `scope` what `scope_of` says of it."""
    counts = _Counts(scope, year, now)
    return Year(*_head(user, place, scope, year, counts, now))


def _head(
    user: AnyUser, place: Place | None, scope: QuerySet[Place] | None, year: int, counts: "_Counts", now: datetime
) -> tuple[str, Place | None, int, Achieved, list[Goal], datetime, bool, set[int]]:
    targets = _targets([place.pk if place else None], year)[place.pk if place else None]
    if place is None and scope is not None:
        targets = {}  # several places of one's own have no plan together
    achieved = counts.total()
    name, years = queries.name_of(user, place), years_with_figures(scope, now)
    return name, place, year, achieved, goals(achieved, targets), now, bool(targets), years


def years_with_figures(scope: QuerySet[Place] | None, now: datetime) -> set[int]:
    """Of people who learnt or came, of classes that began, and of those held elsewhere."""
    kept = Yearly.objects.filter(queries.kept_of(scope)).order_by().values_list("year")
    outside = access.counting(scope).values_list(ExtractYear("day"))
    began = Session.objects.filter(cancelled_at=None, workshop__cancelled_at=None, starts_at__lte=now)
    if scope is not None:
        began = began.filter(workshop__place__in=scope)
    began_in = began.order_by().values_list(ExtractYear("starts_at"))
    return {year for (year,) in kept.union(outside, began_in)}


def plan(user: AnyUser, place: Place | None, year: int, *, now: datetime) -> Plan:
    """As `of_year`, with each unit below, also those that have neither figures nor a plan."""
    scope = queries.scope_of(user, place)
    counts = _Counts(scope, year, now)
    below = {} if place and place.level == Level.COMMUNE else queries.below_of(user, place)
    units: dict[int, Place] = dict(below)
    of_unit: dict[int, set[int]] = defaultdict(set)
    if not (place and place.level == Level.COMMUNE):
        today = units_of_today(counts.places)
        for pk in counts.places:
            unit = today[pk].province if place is None else today[pk]
            units[unit.pk] = unit
            of_unit[unit.pk].add(pk)
    own = queries.own_of(user, place, units)
    # What is recorded in a province itself has no plan of its own; of one of which only some is theirs to see, nobody is told the plan.
    targets = _targets((pk for pk in own if not place or pk != place.pk), year)
    achieved = counts.by_unit(of_unit)
    rows = [
        Row(unit, done := achieved.get(pk, Achieved()), goals(done, targets[pk]), pk in own, place)
        for pk, unit in units.items()
    ]
    rows.sort(key=lambda row: (row.place != place, row.place.search))  # what is recorded in the province itself first
    sums = [sum(row.goals[index].target or 0 for row in rows) for index in range(len(Figure))]
    return Plan(*_head(user, place, scope, year, counts, now), rows=rows, sums=sums)


def _targets(places: Iterable[int | None], year: int) -> dict[int | None, dict[str, int]]:
    """By place and figure; None for the country's."""
    which = Q(place__in=[pk for pk in places if pk])
    if None in places:
        which |= Q(place=None)
    found: dict[int | None, dict[str, int]] = defaultdict(dict)
    rows = Target.objects.filter(which, year=year)
    for place, figure, value in rows.values_list("place", "figure", "value"):
        if value:
            found[place][figure] = value
    return found


class _Counts:
    """What is kept and counted of a scope in a year, by the place in which it is recorded; a scope of the country has provinces for
    enrolments and the like."""

    def __init__(self, scope: QuerySet[Place] | None, year: int, now: datetime) -> None:
        self.each: dict[int, Achieved] = defaultdict(Achieved)
        kept = queries.kept_of(scope)
        for place, *numbers in Yearly.objects.filter(kept, year=year).values_list("place", *KEPT):
            self.each[place] += Achieved(**dict(zip(KEPT, numbers, strict=True)))
        for place in _workshops(scope, year, now):
            self.each[place] += Achieved(held=1)
        self._add_outside(scope, year)
        self.scattered = YearlyScattered.objects.filter(kept, year=year)

    @property
    def places(self) -> set[int]:
        return set(self.each)

    def _add_outside(self, scope: QuerySet[Place] | None, year: int) -> None:
        rows = access.counting(scope).filter(day__year=year).values_list("place")
        known = Sum("people", filter=Q(women__isnull=False), default=0)
        for place, number, people, women, of in rows.annotate(
            Count("pk"), Sum("people"), Sum("women", default=0), n=known
        ):
            self.each[place] += Achieved(outside=number, outside_people=people, women=women, known=of)

    def total(self) -> Achieved:
        again = several.again(self.scattered, *WHO) if len(self.each) > 1 else (0, 0)
        return self._without(self.each, again)

    def by_unit(self, units: Mapping[int, Collection[int]]) -> dict[int, Achieved]:
        """Of the places of each unit."""
        again = several.again_by(self.scattered, units, *WHO)
        return {unit: self._without(places, again[unit]) for unit, places in units.items()}

    def _without(self, places: Iterable[int], again: Iterable[int]) -> Achieved:
        persons, subjects = again
        return sum((self.each[pk] for pk in places), Achieved(persons=-persons, subjects=-subjects))


@cache
def _that_begin() -> QuerySet[Any]:
    """Put together once, as every look at the board asks for them."""
    began = Min("sessions__starts_at", filter=Q(sessions__cancelled_at=None))
    return Workshop.objects.filter(cancelled_at=None).annotate(began=began).order_by()


def _workshops(scope: QuerySet[Place] | None, year: int, now: datetime) -> list[int]:
    """Where each workshop that began in a year was held."""
    first, after = (dates.start_of_day(date(one, 1, 1)) for one in (year, year + 1))
    rows = _that_begin().filter(began__gte=first, began__lt=min(after, now + timedelta.resolution))
    if scope is not None:
        rows = rows.filter(place__in=scope)
    return list(rows.values_list("place", flat=True))
