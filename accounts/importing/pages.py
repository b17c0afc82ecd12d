"""Importing a register in the admin: the file, what was understood of it, what would come of each row, and the button."""

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.access import home_of, managed_places, staff_with
from accounts.models import Subject, User
from lib.headings import heading
from lib.lists import decisions_of, returning
from lib.lists.forms import ListForm, SheetForm
from lib.lists.keeping import Keeping, Kept, as_said, begun
from lib.refusals import Refusal
from provinces.models import Level, Place, PlaceQuerySet

from .columns import REGISTER, detect
from .deciding import Register
from .forms import SettingForm
from .planning import plan

TO_ADD = "accounts.add_subject"
KEEPING = Keeping("register")


def _scope(user: User) -> tuple[PlaceQuerySet | None, Place | None]:
    return managed_places(user, TO_ADD), home_of(user, TO_ADD)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_ADD)
def begin(request: HttpRequest, user: User) -> HttpResponse:
    is_sent = request.method == "POST"
    form = ListForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        home = _scope(user)[1]
        commune = home if home and home.level == Level.COMMUNE else None
        said = {"place": commune.pk if commune else None, "place_said": commune.full_name if commune else ""}
        return _kept_as(user, begun(form.cleaned_data, detect, **said))
    context = {"form": form} | heading(_("Nhập sổ chủ thể"), "doc-full-inverse", _list())
    return render(request, "accounts/admin/register.html", context, status=422 if is_sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_ADD)
def look(request: HttpRequest, user: User, token: str) -> HttpResponse:
    """Nothing is written before the button; a second press of it changes nothing and says so."""
    kept = KEEPING.find(token, owner=user.pk, at=timezone.now())
    if kept is None:
        messages.info(
            request, _("Danh sách này không còn được giữ. Hãy tải lên lại; dòng đã nhập rồi thì không bị nhập hai lần.")
        )
        return redirect("accounts_admin:import_subjects")
    about, register, (within, home) = kept.about, _register(kept), _scope(user)
    do = request.POST.get("do", "")
    posted = request.POST if do == "columns" else None
    sheet_forms = [
        SheetForm(posted, sheet=sheet, columns=columns, prefix=f"s{at}", vocabulary=REGISTER)
        for at, (sheet, columns) in enumerate(zip(register.sheets, register.columns, strict=True))
    ]
    said = {"place": about.get("place_said", ""), "is_filling": register.is_filling}
    setting = SettingForm(posted, within=within, home=home, initial=said)
    if do == "columns" and all([setting.is_valid(), *[form.is_valid() for form in sheet_forms]]):
        place = setting.cleaned_data["place"]
        said = {"place": place.pk if place else None, "place_said": place.full_name if place else ""}
        said |= {"columns": as_said(sheet_forms), "is_filling": setting.cleaned_data["is_filling"]}
        return _kept_as(user, kept.saying(**said))
    planned = plan(register, within=within, home=home)
    if do in ("decide", "confirm"):
        decided = decisions_of(request.POST, planned.lines, kept.decisions)
        if decided != kept.decisions:  # kept, beside whichever button it was said
            if do == "confirm":
                messages.warning(request, _("Đã ghi các lựa chọn của anh/chị. Hãy xem lại rồi bấm nhập lần nữa."))
            return _kept_as(user, kept.saying(decisions=decided))
    if do == "confirm" and (done := _import(request, user, register)):
        return done
    is_wrong = do == "columns"
    context = planned.shown | {
        "token": token, "name": about["name"], "sheet_forms": sheet_forms, "setting": setting,
        "are_columns_open": is_wrong or not planned.lines,
    } | heading(_("Xem trước sổ chủ thể"), "doc-full-inverse", _list(), _above())  # fmt: skip
    return render(request, "accounts/admin/register_look.html", context, status=422 if is_wrong else 200)


@require_safe
@staff_with(TO_ADD)
def left(request: HttpRequest, user: User, token: str) -> Any:
    """What does not come in, as a workbook."""
    kept = KEEPING.find(token, owner=user.pk, at=timezone.now())
    if kept is None:
        messages.info(request, _("Danh sách này không còn được giữ. Hãy tải lên lại."))
        return redirect("accounts_admin:import_subjects")
    register, (within, home) = _register(kept), _scope(user)
    rows = plan(register, within=within, home=home).left
    file = io.BytesIO(returning.workbook(rows, list(zip(register.sheets, register.columns, strict=True)), REGISTER))
    return FileResponse(file, as_attachment=True, filename="chua-nhap.xlsx")


def _import(request: HttpRequest, user: User, register: Register) -> HttpResponse | None:
    within, home = _scope(user)
    seen = request.POST.get("seen", "")
    try:
        done = actions.import_register(
            register=register, within=within, home=home, seen=seen, by=user, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None
    if done.has_changed:
        said = _("Đã nhập: %(subjects)s chủ thể mới, %(products)s sản phẩm mới, %(changed)s chỗ cập nhật.")
        numbers = {"subjects": done.subjects, "products": done.products, "changed": done.changed}
        messages.success(request, said % numbers)
    else:
        messages.info(request, _("Danh sách này đã nhập từ trước: không có gì thay đổi."))
    return redirect(request.path)


def _kept_as(user: User, kept: Kept) -> HttpResponse:
    return redirect("accounts_admin:look_at_subjects", KEEPING.keep(kept, owner=user.pk, at=timezone.now()))


def _register(kept: Kept) -> Register:
    about = kept.about
    return Register(kept.sheets, kept.columns, kept.decisions, about.get("place"), about.get("is_filling", False))


def _list() -> tuple[str, str]:
    return reverse("subject:index"), str(Subject._meta.verbose_name_plural)


def _above() -> tuple[str, str]:
    return reverse("accounts_admin:import_subjects"), _("Nhập sổ chủ thể")


PATTERNS = [
    path("nhap/", begin, name="import_subjects"),
    path("nhap/<str:token>/", look, name="look_at_subjects"),
    path("nhap/<str:token>/chua-nhap.xlsx", left, name="left_of_subjects"),
]
