"""The numbers of each state, of a scope and of the units below it, each with the list to which it leads."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import AnyUser
from provinces.models import Level, Place
from provinces.queries import units_of_today
from reports import queries
from reports.models import Behind

from .counting import STATES


def labels() -> dict[str, str]:
    return {
        "unstarted": _("Ghi danh, chưa bắt đầu"),
        "stalled": _("Đang học thì tạm dừng"),
        "failed": _("Làm bài hai lần chưa đạt"),
        "expiring": _("Giấy chứng nhận sắp hết hạn"),
        "absent": _("Chủ thể chưa có ai học"),
        "stars": _("Chủ thể có sao sắp hết hạn"),
    }


@dataclass(frozen=True)
class Concern:
    """How many of a place are in a state; `address` is where they are listed."""

    label: str
    number: int
    address: str


@dataclass(frozen=True)
class Row:
    place: Place
    concerns: list[Concern]
    is_open: bool
    within: Place | None = None

    @property
    def label(self) -> str:
        return queries.unit_name(self.place, self.within)

    @property
    def number(self) -> int:
        return sum(one.number for one in self.concerns)


@dataclass(frozen=True)
class Overview:
    name: str
    place: Place | None
    parents: list[Place]
    total: list[Concern]
    rows: list[Row]
    counted_at: datetime


def concerns(scope: QuerySet[Place] | None, place: Place | None) -> list[Concern]:
    """Of the whole of what is on show."""
    return _listed(sum(_kept(scope).values(), Counter()), place)


def overview(user: AnyUser, place: Place | None, *, now: datetime) -> Overview:
    """By the units of today one level down, those with most first; none where there is nothing to care for."""
    kept = _kept(queries.scope_of(user, place))
    by_unit: dict[int, Counter[str]] = defaultdict(Counter)
    units: dict[int, Place] = {}
    if not (place and place.level == Level.COMMUNE):
        today = units_of_today(set(kept))
        for pk, numbers in kept.items():
            unit = today[pk].province if place is None else today[pk]
            units[unit.pk] = unit
            by_unit[unit.pk] += numbers
    own = queries.own_of(user, place, units)
    rows = [
        Row(units[pk], _listed(numbers, units[pk]), pk in own and units[pk] != place, place)
        for pk, numbers in by_unit.items()
    ]
    rows.sort(key=lambda row: (-row.number, row.place.search))
    total = _listed(sum(kept.values(), Counter()), place)
    return Overview(queries.name_of(user, place), place, queries.parents_of(user, place), total, rows, now)


def _kept(scope: QuerySet[Place] | None) -> dict[int, Counter[str]]:
    rows = Behind.objects.filter(queries.kept_of(scope)).values_list("place", *STATES)
    return {place: Counter(dict(zip(STATES, numbers, strict=True))) for place, *numbers in rows}


def _listed(numbers: Mapping[str, int], place: Place | None) -> list[Concern]:
    where = {"place": place.pk} if place else {}
    lists = reverse("enrolment:index")
    of_subjects = {
        "absent": f"{reverse('states:absent')}?{urlencode({'dia-ban': place.pk})}"
        if place
        else reverse("states:absent"),
        "stars": f"{reverse('subject:index')}?{urlencode(where | {'valid': 'soon', 'state': 'open'})}",
    }
    return [
        Concern(label, numbers[state], of_subjects.get(state) or f"{lists}?{urlencode(where | {'state': state})}")
        for state, label in labels().items()
    ]
