"""The board: enrolled, active, completed, certified, by province → commune → course, each user in their scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AnyUser, managed_places, roles_of
from certificates.queries import IS_CERTIFIED
from courses.access import enrolments_visible_to
from courses.models import Course, Enrolment
from courses.queries import IS_COMPLETED, is_active
from provinces.models import Level, Place
from provinces.queries import places_within, units_of_today

from .rules import Figures

type Cell = tuple[int, int]  # unit, course

# The province of a place of today; a former place stands for itself until `units_of_today` has looked it up.
PROVINCE = Case(When(place__valid_to=None, then=Coalesce("place__parent", "place")), default=F("place"))


@dataclass(frozen=True)
class Row:
    """One line of the board, of a place or of a course: it leads one step down, and to its enrolments."""

    label: str
    figures: Figures
    place: Place | None = None
    course: int | None = None


@dataclass(frozen=True)
class Board:
    name: str  # of what is on show
    place: Place | None
    course: Course | None
    parents: list[Place]
    total: Figures
    places: list[Row]
    courses: list[Row]
    without: list[Place]
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
    places = {assignment.place for assignment in roles_of(user).select_related("place__parent")}
    return places.pop() if len(places) == 1 else None


def name_of(user: AnyUser, place: Place | None) -> str:
    """What is on show, by its name; without a place it is all that the user may see."""
    if place:
        return capfirst(place.full_name)
    return _("Cả nước") if managed_places(user) is None else _("Mọi địa bàn được giao")


def board(user: AnyUser, place: Place | None, *, course: Course | None, now: datetime) -> Board:
    """`place` is one of `visible_places`, or None for everything that the user may see."""
    enrolments = _recorded_in(user, place)
    if course is not None:
        enrolments = enrolments.filter(course=course)
    counts = Counts(enrolments, F("place") if place else PROVINCE, now)
    places = _by_place(counts, place)
    return Board(
        name=name_of(user, place),
        place=place,
        course=course,
        parents=_parents(user, place),
        total=counts.of(counts.cells),
        places=places,
        courses=_by_course(counts),
        without=_without(user, place, places),
        counted_at=now,
    )


def _without(user: AnyUser, place: Place | None, rows: list[Row]) -> list[Place]:
    """Where nobody is enrolled yet, one level down: whom to call on next. Who may see a province may see its communes."""
    below = place.children.current() if place else visible_places(user).filter(level=Level.PROVINCE)
    seen = {row.place.pk for row in rows if row.place}
    return list(below.exclude(pk__in=seen).select_related("parent").order_by("search"))


def total(user: AnyUser, place: Place | None, *, now: datetime) -> Figures:
    counts = Counts(_recorded_in(user, place), F("place"), now)
    return counts.of(counts.cells)


def _recorded_in(user: AnyUser, place: Place | None) -> QuerySet[Enrolment]:
    enrolments = enrolments_visible_to(user)
    return enrolments if place is None else enrolments.filter(place__in=places_within(place))


def _parents(user: AnyUser, place: Place | None) -> list[Place]:
    """What lies above a place and may be asked about, for the way back up."""
    if place is None or place.parent is None:
        return []
    return list(visible_places(user).filter(pk=place.parent.pk))


class Counts:
    """Enrolments counted once per unit and course, from which every line of the board is added up.

    The number of queries does not grow with places. What cannot be added up is persons: those who are recorded in several
    units are few, and are taken off again (`moved`) wherever more than one of their units is counted.
    """

    def __init__(self, rows: QuerySet[Enrolment], unit: Case | F, now: datetime) -> None:
        enrolments: QuerySet[Any] = rows.order_by().annotate(unit=unit)
        by_cell = enrolments.values_list("unit", "course").annotate(
            enrolled=Count("pk"),
            active=Count("pk", filter=is_active(now)),
            completed=Count("pk", filter=IS_COMPLETED),
        )
        self.cells: dict[Cell, tuple[int, int, int]] = {(unit, course): tuple(rest) for unit, course, *rest in by_cell}
        valid = enrolments.filter(IS_CERTIFIED).values_list("unit", "course").annotate(number=Count("pk"))
        self.certified: dict[Cell, int] = {(unit, course): number for unit, course, number in valid}
        self.persons = dict(enrolments.values_list("unit").annotate(number=Count("person", distinct=True)))
        self.moved = self._moved(enrolments)

    def _moved(self, enrolments: QuerySet[Any]) -> list[set[int]]:
        """For each person who is recorded in several units: which."""
        several = enrolments.values("person").annotate(units=Count("unit", distinct=True)).filter(units__gt=1)
        units: dict[int, set[int]] = {}
        for person, unit in enrolments.filter(person__in=several.values("person")).values_list("person", "unit"):
            units.setdefault(person, set()).add(unit)
        return list(units.values())

    def of(self, cells: Collection[Cell]) -> Figures:
        """Figures of some units in all their courses."""
        units = {unit for unit, _course in cells}
        again = sum(max(len(theirs & units) - 1, 0) for theirs in self.moved)
        return self._figures(cells, sum(self.persons[unit] for unit in units) - again)

    def of_course(self, cells: Collection[Cell]) -> Figures:
        """Figures of one course: nobody is in a course twice (`enrolled_once`), so that persons are enrolments."""
        return self._figures(cells, sum(self.cells[cell][0] for cell in cells))

    def _figures(self, cells: Collection[Cell], persons: int) -> Figures:
        enrolled, active, completed = (sum(self.cells[cell][index] for cell in cells) for index in range(3))
        return Figures(persons, enrolled, active, completed, sum(self.certified.get(cell, 0) for cell in cells))


def _by_course(counts: Counts) -> list[Row]:
    grouped: dict[int, list[Cell]] = {}
    for cell in counts.cells:
        grouped.setdefault(cell[1], []).append(cell)
    titles = Course.objects.in_bulk(grouped)
    rows = [Row(titles[course].title, counts.of_course(cells), course=course) for course, cells in grouped.items()]
    return sorted(rows, key=lambda row: (-row.figures.enrolled, row.label))


def _by_place(counts: Counts, place: Place | None) -> list[Row]:
    """By province, or within a province by commune; counts recorded under a former unit show under today's."""
    if place is not None and place.level == Level.COMMUNE:
        return []
    today = units_of_today({unit for unit, _course in counts.cells})
    grouped: dict[Place, list[Cell]] = {}
    for cell in counts.cells:
        unit = today[cell[0]]
        grouped.setdefault(unit.province if place is None else unit, []).append(cell)
    rows = [Row(capfirst(str(unit)), counts.of(cells), unit) for unit, cells in grouped.items()]
    return sorted(rows, key=lambda row: (-row.figures.enrolled, row.label))
