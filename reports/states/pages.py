"""…/tien-do/can-quan-tam/ in the admin: who stays behind, by unit; and the subjects of which nobody has come."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from accounts.access import staff_with, subjects_visible_to
from accounts.models import Subject, User
from lib import dates, sheets
from provinces.models import Place
from reports import actions, papers
from reports import queries as board
from reports.asking import place_asked
from reports.queries import PERMISSION

from . import queries
from .conditions import absent

TO_SEE_SUBJECTS = "accounts.view_subject"
A_PAGE = 50
A_CHUNK = 1000  # rows that are in memory together while a file is written
HEADS_OF_SUBJECTS = [("Chủ thể", 44), ("Loại", 20), ("Người đứng đầu", 28), ("Địa bàn", 44)]


def _asked(request: HttpRequest, user: User) -> queries.Overview:
    place, now = place_asked(request, user), timezone.now()
    actions.bring_up_to_date(at=now)
    return queries.overview(user, place, now=now)


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def behind(request: HttpRequest, user: User) -> HttpResponse:
    return render(request, "reports/behind.html", {"shown": _asked(request, user), "current": "board"})


@require_safe
@staff_with(PERMISSION)
def file(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """What the page of the same address shows."""
    shown = _asked(request, user)
    rows = [[row.label, *(one.number for one in row.concerns)] for row in shown.rows]
    total = [shown.name, *(one.number for one in shown.total)]
    heads = [("Địa bàn", 44), *((label, 26) for label in queries.labels().values())]
    where = shown.place.full_name if shown.place else ""
    title = f"Cần quan tâm: {shown.name}"
    when = f"tính đến {timezone.localtime(shown.counted_at):%H:%M %d/%m/%Y}"
    return papers.answer(
        request,
        kind,
        [sheets.Table("Cần quan tâm", heads, [*rows, total], title=f"{title}, {when}")],
        name=f"can quan tam {where} {dates.local_day(shown.counted_at):%Y-%m-%d}",
        title=title,
        back=reverse("states:behind"),
    )


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def subjects(request: HttpRequest, user: User) -> HttpResponse:
    place = place_asked(request, user)
    rows = _absent(user, place)
    context: dict[str, Any] = {
        "name": board.name_of(user, place),
        "place": place,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("p")),
        "current": "board",
    }
    return render(request, "reports/absent.html", context)


@require_safe
@staff_with(PERMISSION)
def subjects_file(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """What the page of the same address shows, all of its pages."""
    place, now = place_asked(request, user), timezone.localtime()
    title = f"Chủ thể chưa có ai học: {board.name_of(user, place)}"
    rows = (
        (one.name, one.get_kind_display(), one.leader, one.place.full_name)
        for one in _absent(user, place).iterator(chunk_size=A_CHUNK)
    )
    where = place.full_name if place else ""
    return papers.answer(
        request,
        kind,
        [sheets.Table("Chủ thể chưa học", HEADS_OF_SUBJECTS, rows, title=f"{title}, tính đến {now:%H:%M %d/%m/%Y}")],
        name=f"chu the chua hoc {where} {now:%Y-%m-%d}",
        title=title,
        back=reverse("states:absent"),
    )


def _absent(user: User, place: Place | None) -> QuerySet[Subject]:
    """By place; none for those who may not see subjects."""
    if not user.has_perm(TO_SEE_SUBJECTS):
        return Subject.objects.none()
    rows, scope = absent(subjects_visible_to(user, TO_SEE_SUBJECTS)), board.scope_of(user, place)
    rows = rows if scope is None else rows.filter(place__in=scope)
    return rows.select_related("place__parent").order_by("place__search", "search", "pk")


patterns = [
    path("tien-do/can-quan-tam/", behind, name="behind"),
    *papers.addresses("tien-do/can-quan-tam/", file, "file"),
    path("tien-do/chu-the-chua-hoc/", subjects, name="absent"),
    *papers.addresses("tien-do/chu-the-chua-hoc/", subjects_file, "absent_file"),
]
