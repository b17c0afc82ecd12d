"""…/tien-do/ke-hoach/ in the admin: a year beside its plan, by unit; and the forms for targets and for classes held elsewhere."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import home_of, staff_with
from accounts.models import User
from lib.dates import local_day
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of
from provinces.models import Place
from reports import actions as kept
from reports import papers
from reports.asking import place_asked
from reports.models import OutsideClass, Target
from reports.queries import PERMISSION

from . import access, actions, exports, queries
from .forms import FIRST_YEAR, OutsideForm, RemovalForm, TargetsForm, year_of


def year_asked(request: HttpRequest) -> int:
    """404 for what is no year of the programme."""
    year = year_of(request.GET.get("nam", ""), local_day(timezone.now()))
    if year is None:
        raise Http404
    return year


def years_offered(chosen: int, with_figures: set[int]) -> list[int]:
    """The latest, and all of which there is something to see."""
    this = local_day(timezone.now()).year
    known = {year for year in with_figures if FIRST_YEAR <= year <= this + 1}
    return sorted({this, this - 1, this - 2, chosen} | known, reverse=True)


def _asked(request: HttpRequest, user: User) -> queries.Plan:
    now = timezone.now()
    year, place = year_asked(request), place_asked(request, user)
    kept.bring_up_to_date(at=now)
    return queries.plan(user, place, year, now=now)


def query_of(found: queries.Year) -> str:
    return urlencode({"nam": found.year} | ({"dia-ban": found.place.pk} if found.place else {}))


@csp_override(settings.SECURE_CSP)
@require_safe
@staff_with(PERMISSION)
def year(request: HttpRequest, user: User) -> HttpResponse:
    found = _asked(request, user)
    context = {
        "plan": found,
        "sums": list(zip(found.goals, found.sums, strict=True)),
        "query": query_of(found),
        "years": years_offered(found.year, found.with_figures),
        "may_plan": access.may_plan(user, found.place),
        "may_add": user.has_perm(access.TO_ADD_OUTSIDE),
        "outside": _outside_of(found),
        "current": "board",
    }
    return render(request, "reports/plan.html", context)


def _outside_of(found: queries.Year) -> str:
    """Where the classes that were held elsewhere are listed."""
    place = {"place": found.place.pk} if found.place else {}
    return f"{reverse('outsideclass:index')}?{urlencode(place | {'year': found.year})}"


@require_safe
@staff_with(PERMISSION)
def file(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """What the page of the same address shows."""
    found, back = _asked(request, user), reverse("plan:year")
    title = f"{found.name}, năm {found.year}"
    return papers.answer(request, kind, exports.tables(found), name=exports.file_name(found), title=title, back=back)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(access.TO_SET)
def targets(request: HttpRequest, user: User) -> HttpResponse:
    place, year = place_to_plan(request, user), year_asked(request)
    rows = Target.objects.filter(place=place, year=year, value__isnull=False)
    form = TargetsForm(_sent(request), known=dict(rows.values_list("figure", "value")))
    query = urlencode({"nam": year} | ({"dia-ban": place.pk} if place else {}))
    back = f"{reverse('plan:year')}?{query}"
    if request.method == "POST" and form.is_valid():
        values, now = dict(form.cleaned_data), timezone.now()
        try:
            changed = actions.set_targets(place=place, year=year, values=values, by=user, at=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã lưu chỉ tiêu.") if changed else _("Không có gì thay đổi."))
            return redirect(back)
    name = capfirst(place.full_name) if place else _("Cả nước")
    title = _("Chỉ tiêu năm %(year)s: %(name)s") % {"year": year, "name": name}
    about = _("Mỗi nơi tự đặt chỉ tiêu của mình; cấp trên đặt thay được. Mỗi lần đổi đều ghi vào nhật ký.")
    return _form_page(request, form, title, back, {"submit": _("Lưu"), "about": about})


def place_to_plan(request: HttpRequest, user: User) -> Place | None:
    value = request.GET.get("dia-ban", "")
    places = access.places_to_plan(user).select_related("parent")
    place = get_object_or_404(places, pk=key_of(value)) if value else home_of(user, access.TO_SET)
    if not access.may_plan(user, place):
        raise Http404
    return place


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(access.TO_ADD_OUTSIDE)
def add(request: HttpRequest, user: User) -> HttpResponse:
    form = OutsideForm(_sent(request), user=user)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write_outside(**form.cleaned_data, by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi lớp “%(title)s”.") % {"title": made.title})
            return redirect("outsideclass:index")
    about = _(
        "Lớp không mở trên hệ thống này. Chỉ ghi số, không ghi tên ai. Lớp được cộng vào số lớp và số lượt người của nơi tổ chức, ghi rõ là ngoài hệ thống; không cộng vào số người, số chủ thể."
    )
    context = {"submit": _("Ghi lớp"), "about": about}
    return _form_page(request, form, _("Ghi lớp ngoài hệ thống"), reverse("outsideclass:index"), context)


def _mine(user: User, pk: int) -> OutsideClass:
    rows = access.outside_visible_to(user, access.TO_CHANGE_OUTSIDE).filter(removed_at=None)
    return get_object_or_404(rows.select_related("place__parent", "topic"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(access.TO_CHANGE_OUTSIDE)
def correct(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    outside = _mine(user, pk)
    form = OutsideForm(_sent(request), user=user, outside=outside)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_outside(outside=outside, **form.cleaned_data, by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã sửa lớp “%(title)s”.") % {"title": form.cleaned_data["title"]})
            return redirect("outsideclass:inspect", pk)
    back = reverse("outsideclass:inspect", args=[pk])
    return _form_page(request, form, _("Sửa lớp ngoài hệ thống"), back, {"submit": _("Lưu")})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(access.TO_CHANGE_OUTSIDE)
def remove(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    outside, form = _mine(user, pk), RemovalForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_outside(outside=outside, by=user, at=timezone.now(), reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Đã bỏ lớp “%(title)s”.") % {"title": outside.title})
        return redirect("outsideclass:index")
    about = _("%(title)s: chỉ bỏ lớp ghi nhầm. Lớp không còn được tính; nhật ký vẫn giữ những gì đã ghi.")
    context = {"submit": _("Bỏ lớp này"), "about": about % {"title": outside.title}, "is_serious": True}
    back = reverse("outsideclass:inspect", args=[pk])
    return _form_page(request, form, _("Bỏ lớp ngoài hệ thống"), back, context)


def _form_page(request: HttpRequest, form: forms.Form, title: str, back: str, context: dict[str, Any]) -> HttpResponse:
    if form.errors:  # Wagtail adds the button that leads to the first one
        messages.error(request, _("Chưa lưu được vì còn chỗ chưa đúng. Những gì anh/chị đã ghi vẫn còn ở dưới đây."))
    shared = {"form": form, "back": back} | heading(title, "list-ul", (back, _("Quay lại")))
    return render(request, "reports/admin/form.html", shared | context, status=422 if form.errors else 200)


patterns = [
    path("tien-do/ke-hoach/", year, name="year"),
    *papers.addresses("tien-do/ke-hoach/", file, "file"),
    path("tien-do/chi-tieu/", targets, name="targets"),
    path("tien-do/lop-ngoai/them/", add, name="add_outside"),
    path("tien-do/lop-ngoai/<int:pk>/sua/", correct, name="correct_outside"),
    path("tien-do/lop-ngoai/<int:pk>/bo/", remove, name="remove_outside"),
]
