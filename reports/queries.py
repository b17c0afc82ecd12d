"""The board: enrolled, active, completed, certified, by province → commune → course, each user in their scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.text import capfirst

from accounts.access import AnyUser, managed_places, roles_of
from courses.access import enrolments_visible_to
from courses.models import Course, Enrolment
from provinces.models import Level, Place
from provinces.queries import places_within

from .rules import Figures, active_since

COUNTED = {
    "persons": Count("person", distinct=True),
    "enrolled": Count("pk", distinct=True),
    "completed": Count("pk", distinct=True, filter=Q(completed_at__isnull=False)),
    "certified": Count("credentials", distinct=True, filter=Q(credentials__status="valid")),
}


@dataclass(frozen=True)
class Row:
    """One line of the board; `place_id` leads one level down, None where there is no further level."""

    label: str
    figures: Figures
    place_id: int | None = None


@dataclass(frozen=True)
class Board:
    place: Place | None
    parents: list[Place]
    total: Figures
    places: list[Row]
    courses: list[Row]
    counted_at: datetime

    @property
    def largest(self) -> int:
        return max((row.figures.enrolled for row in self.places), default=0)


def visible_places(user: AnyUser) -> QuerySet[Place]:
    """The current places that a user may ask the board about."""
    places = managed_places(user)
    current = Place.objects.current()
    return current if places is None else current.filter(pk__in=places)


def home_of(user: AnyUser) -> Place | None:
    """Where a manager of one place begins; None for everybody who sees more."""
    places = [assignment.place for assignment in roles_of(user).select_related("place__parent")]
    return places[0] if len(places) == 1 else None


def board(user: AnyUser, place: Place | None, *, course: Course | None, now: datetime) -> Board:
    """`place` is one of `visible_places`, or None for everything that the user may see."""
    enrolments = _recorded_in(user, place)
    if course is not None:
        enrolments = enrolments.filter(course=course)
    return Board(
        place=place,
        parents=_parents(user, place),
        total=_total(enrolments, now),
        places=_by_place(enrolments, place, now),
        courses=_by_course(enrolments, now),
        counted_at=now,
    )


def total(user: AnyUser, place: Place | None, *, now: datetime) -> Figures:
    return _total(_recorded_in(user, place), now)


def _recorded_in(user: AnyUser, place: Place | None) -> QuerySet[Enrolment]:
    enrolments = enrolments_visible_to(user)
    return enrolments if place is None else enrolments.filter(place__in=places_within(place))


def _parents(user: AnyUser, place: Place | None) -> list[Place]:
    """What lies above a place and may be asked about, for the way back up."""
    if place is None or place.parent is None:
        return []
    return list(visible_places(user).filter(pk=place.parent.pk))


def _counted(now: datetime) -> dict[str, Count]:
    return COUNTED | {"active": Count("pk", distinct=True, filter=Q(last_active_at__gte=active_since(now)))}


def _total(enrolments: QuerySet[Enrolment], now: datetime) -> Figures:
    return Figures(**enrolments.aggregate(**_counted(now)))


def _by_course(enrolments: QuerySet[Enrolment], now: datetime) -> list[Row]:
    counts: dict[str, Any] = _counted(now)
    grouped = enrolments.order_by().values_list("course__title").annotate(**counts)
    rows = [Row(title, Figures(**dict(zip(counts, figures, strict=True)))) for title, *figures in grouped]
    return sorted(rows, key=lambda row: (-row.figures.enrolled, row.label))


def _by_place(enrolments: QuerySet[Enrolment], place: Place | None, now: datetime) -> list[Row]:
    """By province, or within a province by commune; counts recorded under a former unit show under today's.

    Persons who are recorded under two former units of one place are counted once: rows of former units are joined by
    counting again, not by adding.
    """
    if place is not None and place.level == Level.COMMUNE:
        return []
    rows = []
    for unit, ids in _units(enrolments, place).items():
        figures = _total(enrolments.filter(place__in=ids), now)
        rows.append(Row(capfirst(str(unit)), figures, unit.pk))
    return sorted(rows, key=lambda row: (-row.figures.enrolled, row.label))


def _units(enrolments: QuerySet[Enrolment], place: Place | None) -> dict[Place, set[int]]:
    """Today's units of the next level that have any record, each with the recorded places that count for it."""
    recorded = Place.objects.filter(pk__in=enrolments.values("place")).select_related("parent")
    units: dict[Place, set[int]] = {}
    for found in recorded:
        today = _today(found)
        unit = today.province if place is None else today
        units.setdefault(unit, set()).add(found.pk)
    return units


def _today(place: Place) -> Place:
    """The unit of today that a recorded place counts for: the main successor of a former one."""
    while place.valid_to is not None:
        step = place.succession_out.select_related("successor__parent").order_by("-is_main").first()
        if step is None:
            return place
        place = step.successor
    return place
