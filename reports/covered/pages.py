"""…/tien-do/bao-phu/ in the admin: how far training has reached, by unit; and the form for the number of posts."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import AnyUser, staff_with
from accounts.models import User
from lib import dates
from lib.headings import heading
from lib.refusals import Refusal
from provinces.models import Place
from reports import actions as kept
from reports import papers
from reports.asking import place_asked
from reports.models import Posts
from reports.plan import access
from reports.plan.pages import place_to_plan
from reports.queries import PERMISSION

from . import actions, exports, queries
from .forms import PostsForm

TO_SEE_SUBJECTS = "accounts.view_subject"


def way_from_register(request: Any) -> tuple[Any, str] | None:
    """From the list of subjects to how many of them training has reached."""
    match = request.resolver_match
    if match is None or match.view_name != "subject:index" or not request.user.has_perm(PERMISSION):
        return None
    return _("Bao phủ"), reverse("covered:page")


def _asked(request: HttpRequest, user: User) -> queries.Overview:
    place, now = place_asked(request, user), timezone.now()
    kept.bring_up_to_date(at=now)
    return queries.overview(user, place, now=now)


def _query(place: Place | None) -> str:
    return urlencode({"dia-ban": place.pk}) if place else ""


def register(user: AnyUser, place: Place | None, **narrowed: str) -> str:
    """Where the subjects that work are listed; "" for who may not see them."""
    if not user.has_perm(TO_SEE_SUBJECTS):
        return ""
    where = {"place": place.pk} if place else {}
    return f"{reverse('subject:index')}?{urlencode(where | narrowed | {'state': 'open'})}"


def without(user: AnyUser, place: Place | None) -> str:
    """Where those are listed that nobody who has learnt heads."""
    return register(user, place, trained="no")


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def page(request: HttpRequest, user: User) -> HttpResponse:
    shown = _asked(request, user)
    context = {
        "shown": shown,
        "query": _query(shown.place),
        "may_plan": access.may_plan(user, shown.place),
        "without": without(user, shown.place),
        "register": register(user, shown.place),
        "current": "board",
    }
    return render(request, "reports/covered.html", context)


@require_safe
@staff_with(PERMISSION)
def file(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """What the page of the same address shows."""
    shown = _asked(request, user)
    where = shown.place.full_name if shown.place else ""
    return papers.answer(
        request,
        kind,
        [exports.table(shown), exports.of_kinds(shown)],
        name=f"bao phu {where} {dates.local_day(shown.counted_at):%Y-%m-%d}",
        title=f"Bao phủ: {shown.name}",
        back=reverse("covered:page"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(access.TO_SET)
def posts(request: HttpRequest, user: User) -> HttpResponse:
    place = place_to_plan(request, user)
    rows = Posts.objects.filter(place=place, number__isnull=False)
    sent = request.POST if request.method == "POST" else None
    form = PostsForm(sent, place=place, known=dict(rows.values_list("level", "number")))
    back = f"{reverse('covered:page')}?{_query(place)}"
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.set_posts(place=place, numbers=form.numbers(), by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu số vị trí.") if changed else _("Không có gì thay đổi."))
            return redirect(back)
    if form.errors:  # Wagtail adds the button that leads to the first one
        messages.error(request, _("Chưa lưu được vì còn chỗ chưa đúng. Những gì anh/chị đã ghi vẫn còn ở dưới đây."))
    name = capfirst(place.full_name) if place else _("Cả nước")
    title = _("Số vị trí cán bộ phụ trách OCOP: %(name)s") % {"name": name}
    about = _(
        "Số cán bộ được giao phụ trách Chương trình OCOP theo phân công hiện nay, không phải số biên chế của cơ quan. Số này giữ nguyên cho tới khi sửa; mỗi lần đổi đều ghi vào nhật ký."
    )
    context = {"form": form, "back": back, "submit": _("Lưu"), "about": about}
    context |= heading(title, "group", (back, _("Quay lại")))
    return render(request, "reports/admin/form.html", context, status=422 if form.errors else 200)


patterns = [
    path("tien-do/bao-phu/", page, name="page"),
    *papers.addresses("tien-do/bao-phu/", file, "file"),
    path("tien-do/vi-tri/", posts, name="posts"),
]
