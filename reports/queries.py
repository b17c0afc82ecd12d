"""The board: enrolled, active, completed, certified, by province → commune → course, each user in their scope."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.db.models import Exists, Q, QuerySet, Sum, Value
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AnyUser, managed_places, roles_that_allow
from courses.models import Course
from lib import dates
from provinces.models import Level, Place, PlaceQuerySet
from provinces.queries import places_within, units_below, units_of_today

from . import several
from .counting import FIGURES
from .filtering import ALL, Filters
from .models import Cell, Headcount, Reach, Scattered, SliceHeadcount, SliceScattered, Stale, Tally
from .rules import Figures

PERMISSION = "courses.view_enrolment"  # the board counts what that list shows

NO_COURSE, NOTHING = [Value(0)], [Value(0), Value(0), Value(0)]  # what a headcount has in the columns of a cell

type Key = tuple[int, int]  # place, course
type Numbers = tuple[int, int, int, int]  # enrolled, active, completed, certified


@dataclass(frozen=True)
class Row:
    """One line of the board, of a place or of a course: it leads one step down if it `is_open`, and to its enrolments."""

    label: str
    figures: Figures
    place: Place | None = None
    course: int | None = None
    is_open: bool = True


@dataclass(frozen=True)
class Board:
    name: str  # of what is on show
    place: Place | None
    filters: Filters
    parents: list[Place]
    total: Figures
    places: list[Row]
    courses: list[Row]
    of_history: list[Course]  # which may be asked about
    without: list[Place]
    scope: QuerySet[Place] | None  # whose kept figures these are
    counted_at: datetime

    @property
    def is_of_provinces(self) -> bool:
        """Whether its rows are provinces, of which there are several to see."""
        return self.place is None and len(self.places) + len(self.without) > 1


def visible_places(user: AnyUser) -> PlaceQuerySet:
    """The places that a user may ask the board about: those of today, and that of an own role whatever became of it."""
    places = managed_places(user, PERMISSION)
    if places is None:
        return Place.objects.current()
    own = [assignment.place_id for assignment in roles_that_allow(user, PERMISSION)]
    return places.filter(Q(valid_to=None) | Q(pk__in=own))


def name_of(user: AnyUser, place: Place | None) -> str:
    """What is on show, by its name; without a place it is all that the user may see."""
    if place:
        return capfirst(place.full_name)
    return _("Cả nước") if managed_places(user, PERMISSION) is None else _("Mọi địa bàn được giao")


def unit_name(unit: Place, within: Place | None) -> str:
    """Of a line: what is recorded in a province itself, in none of its communes, does not carry the name of the whole."""
    return _("Cấp tỉnh") if within and unit.pk == within.pk else capfirst(str(unit))


def board(
    user: AnyUser, place: Place | None, *, filters: Filters = ALL, now: datetime, of_history: list[Course] | None = None
) -> Board:
    """`place` is one of `visible_places`, or None for everything that the user may see. `now` is when the figures were last
    brought up to date. `of_history`: whoever chose among those courses has them already."""
    scope = scope_of(user, place)
    counts = Counts(kept_of(scope), filters)
    below = below_of(user, place)
    places = _led_down(user, place, _by_place(counts, place, below))
    of_history = courses_to_show() if of_history is None else of_history
    return Board(
        name=name_of(user, place),
        place=place,
        filters=filters,
        parents=parents_of(user, place),
        total=counts.total(),
        places=places,
        courses=_by_course(counts, {one.pk: one.title for one in of_history}),
        of_history=of_history,
        without=_without(below, places),
        scope=scope,
        counted_at=now,
    )


@cache
def _courses() -> QuerySet[Course]:
    """Put together once, as every look at the board asks for them."""
    return Course.objects.with_history().select_related("topic")


def courses_to_show() -> list[Course]:
    return list(_courses().all())


def below_of(user: AnyUser, place: Place | None) -> dict[int, Place]:
    """The units of today one level down, by name. Who may see a province may see its communes."""
    if place or managed_places(user, PERMISSION) is None:
        return {unit.pk: unit for unit in units_below(place)}
    mine = visible_places(user).current().provinces().select_related("parent").order_by("search")
    return {unit.pk: unit for unit in mine}


def own_of(user: AnyUser, place: Place | None, units: Collection[int]) -> set[int]:
    """Which of the units below a place may be asked about: below one of today all. What a former one became, or whose communes are
    managed, is not all one's own."""
    if (place and place.is_current) or managed_places(user, PERMISSION) is None:
        return set(units)
    return set(visible_places(user).filter(pk__in=units).values_list("pk", flat=True))


def _led_down(user: AnyUser, place: Place | None, rows: list[Row]) -> list[Row]:
    """Nor does a line of the place itself lead anywhere: its list would be of the whole."""
    own = own_of(user, place, [row.place.pk for row in rows if row.place])
    return [replace(row, is_open=bool(row.place and row.place != place and row.place.pk in own)) for row in rows]


def _without(below: dict[int, Place], rows: list[Row]) -> list[Place]:
    """Where nobody is enrolled yet: whom to call on next."""
    seen = {row.place.pk for row in rows if row.place}
    return [unit for unit in below.values() if unit.pk not in seen]


def total(user: AnyUser, place: Place | None) -> Figures:
    counts = Counts(kept_of(scope_of(user, place)))
    return counts.total()


def is_behind(at: datetime) -> bool:
    """Whether something changed since the figures were counted, or they hold for another day."""
    tally = Tally.objects.annotate(is_marked=Exists(Stale.objects.all()))
    return tally.values_list("day", "is_marked").first() != (dates.local_day(at), False)


def scope_of(user: AnyUser, place: Place | None) -> QuerySet[Place] | None:
    """The places that lead to `place`, or to all that a user manages: counts stay where they were recorded. None: the country."""
    return managed_places(user, PERMISSION) if place is None else places_within(place)


def kept_of(places: QuerySet[Place] | None) -> Q:
    """The kept figures of a scope."""
    return Q(reach=Reach.PROVINCE) if places is None else Q(reach=Reach.PLACE, place__in=places)


def parents_of(user: AnyUser, place: Place | None) -> list[Place]:
    """What lies above a place and may be asked about, for the way back up."""
    if place is None or place.parent is None:
        return []
    return list(visible_places(user).filter(pk=place.parent.pk))


class Counts:
    """The kept figures of some places, from which every line of the board is added up.

    What cannot be added up is persons: those who are recorded in several places are taken off again (`several`) wherever more
    than one of their places is counted. Of one course nobody is counted twice (`enrolled_once`).
    """

    def __init__(self, kept: Q, filters: Filters = ALL) -> None:
        columns = self._cells(kept, filters).values_list("place", "course").annotate(*(Sum(one) for one in FIGURES))
        self.persons: dict[int, int] | None = None
        if filters.course is None:
            heads: type[Headcount | SliceHeadcount] = Headcount
            scattered: type[Scattered | SliceScattered] = Scattered
            if filters:
                heads, scattered = SliceHeadcount, SliceScattered
                kept &= Q(topic=filters.topic, kind=filters.kind)
            counted = heads._default_manager.filter(kept)
            columns = columns.union(counted.values_list("place", *NO_COURSE, "persons", *NOTHING), all=True)
            self.scattered = scattered._default_manager.filter(kept)
        rows = {(place, course): tuple(numbers) for place, course, *numbers in columns}  # one question for both
        self.cells: dict[Key, Numbers] = {key: numbers for key, numbers in rows.items() if key[1]}  # type: ignore[misc]
        if filters.course is None:
            self.persons = {place: numbers[0] for (place, course), numbers in rows.items() if not course}

    def _cells(self, kept: Q, filters: Filters) -> QuerySet[Cell]:
        chosen = {"course": filters.course, "course__topic": filters.topic, "kind": filters.kind}
        return Cell.objects.filter(kept, **{name: value for name, value in chosen.items() if value})

    def total(self) -> Figures:
        """Of all places in all their courses."""
        places = {place for place, _course in self.cells}
        again = several.again(self.scattered, "person")[0] if self.persons and len(places) > 1 else 0
        return self._of(self.cells, places, again)

    def by_unit(self, grouped: Mapping[int, Collection[Key]]) -> dict[int, Figures]:
        """Of the places of each unit in all their courses."""
        units = {unit: {place for place, _course in cells} for unit, cells in grouped.items()}
        again = several.again_by(self.scattered, units, "person") if self.persons else {}
        return {unit: self._of(cells, units[unit], sum(again.get(unit, ()))) for unit, cells in grouped.items()}

    def _of(self, cells: Collection[Key], places: Collection[int], again: int) -> Figures:
        if self.persons is None:
            return self.of_course(cells)
        return self._figures(cells, sum(self.persons.get(place, 0) for place in places) - again)

    def of_course(self, cells: Collection[Key]) -> Figures:
        """Figures of one course: nobody is in a course twice, so that persons are enrolments."""
        return self._figures(cells, sum(self.cells[cell][0] for cell in cells))

    def _figures(self, cells: Collection[Key], persons: int) -> Figures:
        columns = zip(*(self.cells[cell] for cell in cells), strict=True) if cells else ()
        return Figures(persons, *map(sum, columns))


def _by_course(counts: Counts, titles: Mapping[int, str]) -> list[Row]:
    grouped: dict[int, list[Key]] = {}
    for cell in counts.cells:
        grouped.setdefault(cell[1], []).append(cell)
    rows = [
        Row(titles[course], counts.of_course(cells), course=course)
        for course, cells in grouped.items()
        if course in titles  # else its last enrolment went in this very moment
    ]
    return sorted(rows, key=lambda row: (-row.figures.enrolled, row.label))


def _by_place(counts: Counts, place: Place | None, below: dict[int, Place]) -> list[Row]:
    """By province, or within a province by commune; counts recorded under a former unit show under today's."""
    if place is not None and place.level == Level.COMMUNE:
        return []
    today = below | units_of_today({unit for unit, _course in counts.cells} - below.keys())
    units: dict[int, Place] = {}
    grouped: dict[int, list[Key]] = {}
    for cell in counts.cells:
        unit = today[cell[0]]
        unit = unit.province if place is None else unit
        units[unit.pk] = unit
        grouped.setdefault(unit.pk, []).append(cell)
    rows = [Row(unit_name(units[pk], place), figures, units[pk]) for pk, figures in counts.by_unit(grouped).items()]
    return sorted(rows, key=lambda row: (-row.figures.enrolled, row.label))
