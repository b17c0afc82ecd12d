"""…/tien-do/xu-huong/ in the admin: how the months go, with filters and comparisons that live in the address."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import dates, sheets
from provinces.models import Place
from reports import actions, papers
from reports.asking import place_asked
from reports.filtering import ALL, Filters
from reports.queries import PERMISSION, visible_places
from reports.templatetags.trends import month

from . import queries
from .forms import TrendsForm


@dataclass(frozen=True)
class Asked:
    form: TrendsForm
    place: Place | None
    shown: (
        queries.Trends | None
    )  # None where the form cannot be read: other numbers would be taken for those that were asked for
    other: Place | None
    beside: list[queries.Measure]
    filters: Filters = ALL
    is_former: bool = False  # units in the borders of before 1/7/2025


def _ask(request: HttpRequest, user: User) -> Asked:
    place, now = place_asked(request, user), timezone.now()
    form = TrendsForm(request.GET, within=visible_places(user), today=dates.local_day(now))
    if not form.is_valid():
        return Asked(form, place, None, None, [])
    said = form.cleaned_data
    filters = Filters(said["chuyen_de"], said["doi_tuong"], said["khoa"])
    actions.bring_up_to_date(at=now)
    is_former = bool(said["ranh_gioi"])
    shown = queries.trends(user, place, form.period, filters, is_former=is_former, now=now)
    other = said["voi"]
    beside = queries.beside(other, form.period, filters, now=now) if other else []
    return Asked(form, place, shown, other, beside, filters, is_former)


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def page(request: HttpRequest, user: User) -> HttpResponse:
    asked = _ask(request, user)
    shown = asked.shown
    context: dict[str, Any] = {
        "asked": asked,
        "form": asked.form,
        "shown": shown,
        "pairs": list(zip(shown.measures, asked.beside, strict=True)) if shown and asked.other else [],
        "top": max((number for one in shown.series for _month, number in one.months), default=0) if shown else 0,
        "current": "board",
    }
    return render(request, "reports/trends.html", context, status=200 if shown else 422)


@require_safe
@staff_with(PERMISSION)
def file(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """What the page of the same address shows."""
    asked = _ask(request, user)
    if asked.shown is None:
        return page(request)
    said = _said(asked, asked.shown)
    return papers.answer(
        request,
        kind,
        list(_tables(asked, asked.shown)),
        name=f"xu huong {said} {dates.local_day(asked.shown.counted_at):%Y-%m-%d}".replace("/", " "),
        title=f"Xu hướng: {said}",
        back=reverse("trends:page"),
    )


def _said(asked: Asked, shown: queries.Trends) -> str:
    """What was counted: a file that is passed on has lost the form in which it was chosen."""
    borders = ["địa giới trước 1/7/2025"] if asked.is_former else []
    return ", ".join([shown.name, str(shown.period), *asked.filters.words, *borders])


def _tables(asked: Asked, shown: queries.Trends) -> Iterator[sheets.Table]:
    when = f"tính đến {timezone.localtime(shown.counted_at):%H:%M %d/%m/%Y}"
    for name, columns, rows in _parts(asked, shown):
        yield sheets.Table(name, columns, rows, title=f"{name}: {_said(asked, shown)}, {when}")


def _parts(asked: Asked, shown: queries.Trends) -> Iterator[tuple[str, list[tuple[str, int]], Iterable[Iterable[Any]]]]:
    heads = [("Nội dung", 30), (str(shown.period), 16), (str(shown.period.before), 16), ("Chênh lệch", 16)]
    rows = [[one.label, one.now, one.before, one.difference] for one in shown.measures]
    if asked.other:
        heads.append((capfirst(asked.other.full_name), 40))
        rows = [[*row, one.now] for row, one in zip(rows, asked.beside, strict=True)]
    yield "So với kỳ trước", heads, rows
    columns = [("Tháng", 12), *((label, 16) for label in queries.labels())]
    by_month = zip(*(one.months for one in shown.measures), strict=True)
    yield (
        "Theo tháng",
        columns,
        ([month(cells[0][0]), *(number for _month, number in cells)] for cells in by_month),
    )
    if shown.units:
        where = "Tỉnh trước 1/7/2025" if asked.is_former else "Địa bàn"
        yield "Theo địa bàn", [(where, 40), *columns[1:]], ([unit.label, *unit.numbers] for unit in shown.units)
    months = [(month(day), 10) for day, _number in shown.measures[0].months]
    series = ([one.label, *(number for _month, number in one.months)] for one in shown.series)
    yield "Hoàn thành", [("Tỉnh" if shown.is_of_provinces else "Khóa học", 40), *months], series


patterns = [path("tien-do/xu-huong/", page, name="page"), *papers.addresses("tien-do/xu-huong/", file, "file")]
