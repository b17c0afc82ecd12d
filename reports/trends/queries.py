"""Sums of months: of a place, by course, by unit, beside the period before and beside another place. What they cost follows places,
courses and months, not enrolments."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AnyUser
from courses.models import Course
from lib.dates import local_day
from provinces.models import Level, Place, Succession
from provinces.queries import places_within, units_of_today
from reports import queries
from reports.filtering import ALL, Filters
from reports.models import Monthly, Reach

from .counting import FIGURES
from .forms import Period, moved

REFORM = date(2025, 7, 1)
MONTHS, MOST = 12, 12  # of a trend; series that are drawn beside each other

type Numbers = tuple[int, int, int]  # begun, completed, certified
NOTHING: Numbers = (0, 0, 0)


@dataclass(frozen=True)
class Measure:
    """One figure of a period beside the period before, and its months."""

    label: str
    now: int
    before: int
    months: list[tuple[date, int]]

    @property
    def difference(self) -> int:
        return self.now - self.before


@dataclass(frozen=True)
class Series:
    """What was completed month by month, of a course or a province."""

    label: str
    months: list[tuple[date, int]]

    @property
    def total(self) -> int:
        return sum(number for _month, number in self.months)


@dataclass(frozen=True)
class Unit:
    label: str
    numbers: Numbers


@dataclass(frozen=True)
class Trends:
    name: str
    place: Place | None
    period: Period
    measures: list[Measure]
    series: list[Series]
    is_of_provinces: bool  # whether the series are of provinces, else of courses
    units: list[Unit]
    counted_at: datetime

    @property
    def line_end(self) -> date:
        return self.measures[0].months[-1][0]


def labels() -> list[str]:
    return [_("Ghi danh"), _("Hoàn thành"), _("Được cấp giấy")]


def trends(
    user: AnyUser, place: Place | None, period: Period, filters: Filters, *, is_former: bool, now: datetime
) -> Trends:
    """The twelve months end with the last of the period that has begun. `is_former`: units are those of before 1/7/2025."""
    scope = queries.scope_of(user, place)
    rows = _rows(scope, filters)
    line = _line(period, now)
    series, is_of_provinces = _series(rows, line, place)
    return Trends(
        name=queries.name_of(user, place),
        place=place,
        period=period,
        measures=_measures(_by_month(rows, {*line, *period.all, *period.before.all}), period, line),
        series=series,
        is_of_provinces=is_of_provinces,
        units=_former(_at_places(scope, filters), period) if is_former else _units(rows, period, place),
        counted_at=now,
    )  # fmt: skip


def completed_by_month(user: AnyUser, place: Place | None, *, now: datetime) -> list[tuple[date, int]]:
    """The twelve months that end with the running one; `place` as of `trends`."""
    rows, this_month = _rows(queries.scope_of(user, place), ALL), local_day(now).replace(day=1)
    months = [moved(this_month, n) for n in range(1 - MONTHS, 1)]
    found = _by_month(rows, set(months))
    return [(month, found.get(month, NOTHING)[FIGURES.index("completed")]) for month in months]


def _line(period: Period, now: datetime) -> list[date]:
    last = min(period.last, local_day(now).replace(day=1))
    return [moved(last, n) for n in range(1 - MONTHS, 1)]


def beside(place: Place, period: Period, filters: Filters, *, now: datetime) -> list[Measure]:
    """Another place, by the same measures."""
    rows, line = _rows(places_within(place), filters), _line(period, now)
    return _measures(_by_month(rows, {*line, *period.all, *period.before.all}), period, line)


def _rows(scope: QuerySet[Place] | None, filters: Filters) -> QuerySet[Monthly]:
    return _filtered(Monthly.objects.filter(queries.kept_of(scope)), filters)


def _at_places(scope: QuerySet[Place] | None, filters: Filters) -> QuerySet[Monthly]:
    """As `_rows`, of each place itself, also where the scope is the country."""
    rows = Monthly.objects.filter(reach=Reach.PLACE)
    return _filtered(rows if scope is None else rows.filter(place__in=scope), filters)


def _filtered(rows: QuerySet[Monthly], filters: Filters) -> QuerySet[Monthly]:
    if filters.course:
        rows = rows.filter(course=filters.course)
    if filters.topic:
        rows = rows.filter(course__topic=filters.topic)
    return rows.filter(kind=filters.kind) if filters.kind else rows


def _summed(rows: QuerySet[Monthly], *by: str) -> Iterable[Any]:
    return rows.order_by().values_list(*by).annotate(*(Sum(figure) for figure in FIGURES))


def _by_month(rows: QuerySet[Monthly], months: set[date]) -> dict[date, Numbers]:
    return {month: (a, b, c) for month, a, b, c in _summed(rows.filter(month__in=months), "month")}


def _measures(by_month: Mapping[date, Numbers], period: Period, line: Sequence[date]) -> list[Measure]:
    def total(months: Iterable[date], index: int) -> int:
        return sum(by_month.get(month, NOTHING)[index] for month in months)

    return [
        Measure(
            label,
            total(period.all, index),
            total(period.before.all, index),
            [(month, by_month.get(month, NOTHING)[index]) for month in line],
        )
        for index, label in enumerate(labels())
    ]


def _series(rows: QuerySet[Monthly], line: Sequence[date], place: Place | None) -> tuple[list[Series], bool]:
    """By province where there are several, else by course; those with most first."""
    rows = rows.filter(month__in=line)
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    names: dict[int, str] = {}
    if place is None:
        cells = list(_summed(rows, "place", "month"))
        today = units_of_today({cell[0] for cell in cells})
        for pk, month, _begun, completed, _certified in cells:
            unit = today[pk].province
            names[unit.pk] = unit.name
            found[unit.pk][month] += completed
    is_of_provinces = len(names) > 1
    if not is_of_provinces:
        found.clear()
        for course, month, _begun, completed, _certified in _summed(rows, "course", "month"):
            found[course][month] += completed
        names = {pk: course.title for pk, course in Course.objects.in_bulk(found).items()}
    series = [Series(names[pk], [(month, months[month]) for month in line]) for pk, months in found.items()]
    series = sorted((one for one in series if one.total), key=lambda one: (-one.total, one.label))
    return series[:MOST], is_of_provinces


def _units(rows: QuerySet[Monthly], period: Period, place: Place | None) -> list[Unit]:
    """One level down, in the borders of today."""
    if place and place.level == Level.COMMUNE:
        return []
    cells = list(_summed(rows.filter(month__in=period.all), "place"))
    today = units_of_today({cell[0] for cell in cells})
    units = {pk: unit.province if place is None else unit for pk, unit in today.items()}
    return _grouped(cells, {pk: queries.unit_name(unit, place) for pk, unit in units.items()})


def _former(rows: QuerySet[Monthly], period: Period) -> list[Unit]:
    """By the 63 provinces of before 1/7/2025. A commune of today counts for the one from which most of what it was made of came: each
    counts once, so that the sums are those of today's borders."""
    cells = list(_summed(rows.filter(month__in=period.all), "place"))
    return _grouped(cells, former_provinces({cell[0] for cell in cells}))


def former_provinces(ids: set[int]) -> dict[int, str]:
    """For each place the name of its province of before 1/7/2025. What is recorded in a province that was joined from several, nobody
    can tell."""
    rows = Place.objects.filter(pk__in=ids).values_list("pk", "parent", "valid_from")
    before, of_before = _predecessors(ids), {}
    for pk, parent, since in rows:
        counted = Counter([parent or pk] if since < REFORM else _ends(pk, before))
        of_before[pk] = counted if parent or len(counted) == 1 else Counter[int]()
    provinces = Place.objects.in_bulk({pk for counted in of_before.values() for pk in counted})
    unknown = _("Chưa rõ tỉnh cũ")

    def name(counted: Counter[int]) -> str:
        """Of the one from which most parts came, the first by name of several."""
        most = min(counted, key=lambda pk: (-counted[pk], provinces[pk].search), default=None)
        return capfirst(str(provinces[most])) if most else unknown

    return {pk: name(counted) for pk, counted in of_before.items()}


@dataclass(frozen=True)
class _Part:
    """Of what a place was made."""

    pk: int
    province: int
    since: date


def _ends(pk: int, before: Mapping[int, Sequence[_Part]]) -> list[int]:
    """The provinces of the parts that there were before the reform."""
    found = []
    for part in before.get(pk, []):
        found += [part.province] if part.since < REFORM else _ends(part.pk, before)
    return found


def _predecessors(ids: set[int]) -> dict[int, list[_Part]]:
    """Step by step back to the reform, by the parts that came whole or for the most part where there are such."""
    before: dict[int, list[_Part]] = {}
    columns = ("successor", "predecessor", "predecessor__parent", "predecessor__valid_from", "is_main")
    while ids:
        main, small = defaultdict[int, list[_Part]](list), defaultdict[int, list[_Part]](list)
        for successor, pk, parent, since, is_main in Succession.objects.filter(successor__in=ids).values_list(*columns):
            (main if is_main else small)[successor].append(_Part(pk, parent or pk, since))
        before |= {pk: main.get(pk) or small.get(pk, []) for pk in ids}
        ids = {part.pk for pk in ids for part in before[pk] if part.since >= REFORM}
    return before


def _grouped(cells: Iterable[Any], names: Mapping[int, str]) -> list[Unit]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pk, *numbers in cells:
        for index, number in enumerate(numbers):
            sums[names[pk]][index] += number
    units = [Unit(name, (a, b, c)) for name, (a, b, c) in sums.items() if a or b or c]
    return sorted(units, key=lambda unit: (*(-number for number in unit.numbers), unit.label))
