"""Delegates of a place in the workshops that began in a time, counted once as the report of each counts them, and added up in every table.

One question to the database gives a cell for each workshop, place and gender; all lines are sums of these, so that they agree.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AnyUser, managed_places, roles_that_allow
from certificates.models import Credential, CredentialStatus
from provinces.models import Place, PlaceQuerySet
from provinces.queries import places_within, units_of_today
from workshops.access import TO_LOOK, workshops_visible_to
from workshops.models import Attendance, Gender, Registration, RegistrationState, Workshop


@dataclass(frozen=True)
class Period:
    """Both days are in it."""

    first: date
    last: date

    @property
    def is_a_year(self) -> bool:
        return (self.first, self.last) == (date(self.first.year, 1, 1), date(self.first.year, 12, 31))

    def moments(self) -> tuple[datetime, datetime]:
        zone = timezone.get_default_timezone()
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.last, time.max, zone),
        )


@dataclass(frozen=True)
class Sums:
    """`held`: workshops that took place there; `classes`: those to which somebody from there was expected or came. The others count seats,
    of which one person may have several in a year. `women` and `unknown` are of those who were present, and so are `certified`."""

    held: int = 0
    classes: int = 0
    delegates: int = 0
    present: int = 0
    women: int = 0
    unknown: int = 0
    certified: int = 0

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.held, self.classes, self.delegates, self.present, self.women, self.unknown, self.certified


@dataclass(frozen=True)
class Line:
    """`leads_to`: the place below, where it may be asked about."""

    label: str
    sums: Sums
    leads_to: Place | None = None


@dataclass(frozen=True)
class ClassLine:
    workshop: Any  # with `begins`
    sums: Sums
    is_open: bool  # whether its own page may be looked at


@dataclass(frozen=True)
class Totals:
    name: str
    place: Place | None
    period: Period
    counted_at: datetime
    total: Sums
    places: Sequence[Line]
    topics: Sequence[Line]
    classes: Sequence[ClassLine]
    coming: int  # workshops of this time that have not begun, of which nothing is counted
    above: Sequence[Place]


@dataclass(frozen=True)
class _Cell:
    workshop: int
    place: int
    gender: str
    delegates: int
    present: int
    certified: int


def places_of(user: AnyUser) -> PlaceQuerySet:
    """What somebody may ask about: the places of today in which workshops are theirs to look at, and that of an own role."""
    places = managed_places(user, TO_LOOK)
    if places is None:
        return Place.objects.current()
    own = [assignment.place_id for assignment in roles_that_allow(user, TO_LOOK)]
    return places.filter(Q(valid_to=None) | Q(pk__in=own))


def totals(user: AnyUser, place: Place | None, period: Period, now: datetime) -> Totals:
    """`place` is one of `places_of`, or None for all that the user may see."""
    return _counted(
        scope=managed_places(user, TO_LOOK) if place is None else places_within(place),
        own=places_of(user),
        visible=workshops_visible_to(user, TO_LOOK),
        place=place,
        period=period,
        now=now,
    )


def totals_of_all(place: Place | None, period: Period, now: datetime) -> Totals:
    """For the command line, to which all places are open."""
    scope = None if place is None else places_within(place)
    everywhere, every = Place.objects.current(), Workshop.objects.all()
    return _counted(scope=scope, own=everywhere, visible=every, place=place, period=period, now=now)


def _counted(
    *,
    scope: QuerySet[Place] | None,
    own: PlaceQuerySet,
    visible: QuerySet[Workshop],
    place: Place | None,
    period: Period,
    now: datetime,
) -> Totals:
    planned = _workshops(scope, period)
    found = planned.filter(begins__lte=now)
    workshops = {one.pk: one for one in found}
    cells = _cells(found, scope)
    here = None if scope is None else set(scope.values_list("pk", flat=True))
    held = {pk: one.place_id for pk, one in workshops.items() if here is None or one.place_id in here}
    today = units_of_today({*(one.place for one in cells), *held.values()})
    units = {pk: unit.province if scope is None else unit for pk, unit in today.items()}
    below = set(own.filter(pk__in={unit.pk for unit in units.values()}).values_list("pk", flat=True))

    def place_line(unit: Place, sums: Sums) -> Line:
        leads = unit.pk in below and unit != place
        return Line(capfirst(str(unit)), sums, unit if leads else None)

    topics = {pk: one.activity.course.topic for pk, one in workshops.items()}
    open_ones = set(visible.filter(pk__in=found.order_by().values("pk")).values_list("pk", flat=True))
    by_workshop = _grouped(cells, held, lambda cell: cell.workshop, lambda pk, _place: pk)
    return Totals(
        name=capfirst(place.full_name) if place else _("Cả nước") if scope is None else _("Mọi địa bàn được giao"),
        place=place,
        period=period,
        counted_at=now,
        total=_sums(cells, held),
        places=_lines(_grouped(cells, held, lambda cell: units[cell.place], lambda _pk, at: units[at]), place_line),
        topics=_lines(_grouped(cells, held, lambda cell: topics[cell.workshop], lambda pk, _at: topics[pk]), lambda topic, sums: Line(str(topic), sums)),
        classes=[
            ClassLine(one, by_workshop.get(pk, Sums()), pk in open_ones)
            for pk, one in workshops.items()
        ],
        coming=planned.filter(begins__gt=now).count(),
        above=list(own.filter(pk=place.parent_id)) if place and place.parent_id else [],
    )  # fmt: skip


def _workshops(scope: QuerySet[Place] | None, period: Period) -> QuerySet[Any]:
    """Those that began then and were not cancelled: held in these places, or with somebody from there on the list."""
    began = Min("sessions__starts_at", filter=Q(sessions__cancelled_at=None))
    rows = Workshop.objects.filter(cancelled_at=None).annotate(begins=began).filter(begins__range=period.moments())
    if scope is not None:
        sent = Registration.objects.filter(workshop=OuterRef("pk"), place__in=scope)
        rows = rows.filter(Q(place__in=scope) | Exists(_that_count(sent)))
    return rows.select_related("activity__course__topic", "place__parent").order_by("begins", "pk")


def _that_count(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """As the report of a workshop counts: who has a seat, and who was there before another took theirs."""
    here = Attendance.objects.filter(registration=OuterRef("pk"), session__cancelled_at=None, taken_back_at=None)
    return rows.annotate(is_present=Exists(here)).filter(Q(state=RegistrationState.HELD) | Q(is_present=True))


def _cells(workshops: QuerySet[Any], scope: QuerySet[Place] | None) -> list[_Cell]:
    valid = Credential.objects.filter(
        person=OuterRef("person"),
        enrolment__course=OuterRef("workshop__activity__course"),
        status=CredentialStatus.VALID,
    )
    rows = _that_count(Registration.objects.filter(workshop__in=workshops.order_by().values("pk"))).annotate(
        is_certified=Exists(valid)
    )
    if scope is not None:
        rows = rows.filter(place__in=scope)
    counted = (
        rows.order_by()
        .values_list("workshop", "place", "gender")
        .annotate(
            delegates=Count("pk"),
            present=Count("pk", filter=Q(is_present=True)),
            certified=Count("pk", filter=Q(is_present=True, is_certified=True)),
        )
    )
    return [_Cell(*row) for row in counted]


def _sums(cells: Sequence[_Cell], held: Iterable[int]) -> Sums:
    return Sums(
        held=len(set(held)),
        classes=len({one.workshop for one in cells}),
        delegates=sum(one.delegates for one in cells),
        present=sum(one.present for one in cells),
        women=sum(one.present for one in cells if one.gender == Gender.FEMALE),
        unknown=sum(one.present for one in cells if not one.gender),
        certified=sum(one.certified for one in cells),
    )


def _grouped(
    cells: Iterable[_Cell], held: Mapping[int, int], of_cell: Callable[[_Cell], Any], of_held: Callable[[int, int], Any]
) -> dict[Any, Sums]:
    """`held`: the place of each workshop that counts as held there."""
    theirs: dict[Any, list[_Cell]] = defaultdict(list)
    there: dict[Any, list[int]] = defaultdict(list)
    for cell in cells:
        theirs[of_cell(cell)].append(cell)
    for pk, place in held.items():
        there[of_held(pk, place)].append(pk)
    return {key: _sums(theirs[key], there[key]) for key in {**theirs, **there}}


def _lines(grouped: Mapping[Any, Sums], line: Callable[[Any, Sums], Line]) -> list[Line]:
    """Where most were present comes first."""
    made = [line(key, sums) for key, sums in grouped.items()]
    return sorted(made, key=lambda one: (-one.sums.present, -one.sums.delegates, one.label))
