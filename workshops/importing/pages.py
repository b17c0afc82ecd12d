"""Importing a list of delegates in the admin: the file, what was understood of it, what would come of each row, and the button."""

import io
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import managed_places, people_visible_to, staff_with
from accounts.models import User
from accounts.queries import current_consent_texts
from lib.headings import heading
from lib.lists import decisions_of, returning
from lib.lists.keeping import Keeping, Kept, as_said, begun
from lib.refusals import Refusal
from workshops import actions
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.models import Workshop

from .columns import ROSTER, detect
from .deciding import BY_PLACE, Roster, Scope, Verdict
from .forms import QuotaForm, RosterForm, SettingForm, SheetForm
from .planning import plan

KEEPING = Keeping("roster")
TO_REGISTER, TO_SEE = "accounts.add_person", "accounts.view_person"


def _workshop(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)


def _scope(user: User) -> Scope:
    return Scope(people_visible_to(user, TO_SEE), managed_places(user, TO_REGISTER))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def begin(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _workshop(user, pk)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        quota = BY_PLACE if workshop.quotas.exists() else ""
        return _again(user, workshop, begun(form.cleaned_data, detect, workshop=workshop.pk, quota=quota))
    is_wrong = form.is_bound and not form.is_valid()
    context = {"form": form, "workshop": workshop} | heading(_("Nhập danh sách đại biểu"), "doc-full-inverse")
    return render(request, "workshops/admin/roster.html", context, status=422 if is_wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def look(request: HttpRequest, user: User, pk: int, token: str) -> HttpResponse:
    """Nothing is written before the button; a second press of it changes nothing and says so."""
    workshop = _workshop(user, pk)
    kept = _kept(user, workshop, token)
    if kept is None:
        messages.info(
            request, _("Danh sách này không còn được giữ. Hãy tải lên lại; ai đã nhập rồi thì không bị nhập hai lần.")
        )
        return redirect("workshops_roster:begin", pk)
    about, roster = kept.about, _roster(kept)
    scope = _scope(user)
    do = request.POST.get("do", "")
    sheet_forms = [
        SheetForm(request.POST if do == "columns" else None, sheet=sheet, columns=columns, prefix=f"s{at}")
        for at, (sheet, columns) in enumerate(zip(roster.sheets, roster.columns, strict=True))
    ]
    setting = SettingForm(
        request.POST if do == "columns" else None,
        within=scope.places,
        home=workshop.place,
        initial={"place": about.get("place_said", "")},
    )
    if do == "columns" and all([setting.is_valid(), *[form.is_valid() for form in sheet_forms]]):
        place = setting.cleaned_data["place"]
        set_so = {"place": place.pk if place else None, "place_said": place.full_name if place else ""}
        return _again(user, workshop, kept.saying(columns=as_said(sheet_forms), **set_so))
    planned = plan(roster, workshop=workshop, scope=scope, this_year=timezone.localdate().year)
    seats = QuotaForm(
        request.POST if "quota" in request.POST else None, workshop=workshop, initial={"quota": roster.quota}
    )
    is_wrong = do == "columns" or (seats.is_bound and not seats.is_valid())
    if do in ("decide", "confirm") and not is_wrong:
        decided = decisions_of(request.POST, planned.lines, kept.decisions)
        said = {"decisions": decided, "quota": seats.cleaned_data.get("quota", "") if seats.is_bound else roster.quota}
        before = {"decisions": kept.decisions, "quota": roster.quota}
        if said != before:  # kept, beside whichever button it was said
            if do == "confirm":
                messages.warning(request, _("Đã ghi các lựa chọn của anh/chị. Hãy xem lại rồi bấm nhập lần nữa."))
            return _again(user, workshop, kept.saying(**said, is_agreed="agreed" in request.POST))
    is_unagreed = do == "confirm" and bool(planned.of(Verdict.NEW)) and "agreed" not in request.POST
    is_to_import = do == "confirm" and not is_unagreed and not is_wrong
    if is_to_import and (done := _import(request, user, workshop, roster, scope)):
        return done
    context = planned.shown | {"total": len(planned.lines)} | {
        "workshop": workshop, "token": token, "name": about["name"], "sheet_forms": sheet_forms, "setting": setting, "seats": seats,
        "is_unagreed": is_unagreed, "is_agreed": about.get("is_agreed", False), "are_columns_open": do == "columns" or not planned.lines,
    } | heading(_("Xem trước danh sách"), "doc-full-inverse", _above(workshop))  # fmt: skip
    return render(request, "workshops/admin/roster_look.html", context, status=422 if is_wrong or is_unagreed else 200)


@require_safe
@staff_with(TO_MANAGE)
def left(request: HttpRequest, user: User, pk: int, token: str) -> Any:
    """What does not come in, as a workbook."""
    workshop = _workshop(user, pk)
    kept = _kept(user, workshop, token)
    if kept is None:
        messages.info(request, _("Danh sách này không còn được giữ. Hãy tải lên lại."))
        return redirect("workshops_roster:begin", pk)
    roster = _roster(kept)
    planned = plan(roster, workshop=workshop, scope=_scope(user), this_year=timezone.localdate().year)
    file = io.BytesIO(returning.workbook(planned.left, list(zip(roster.sheets, roster.columns, strict=True)), ROSTER))
    return FileResponse(file, as_attachment=True, filename="chua-nhap.xlsx")


def _import(request: HttpRequest, user: User, workshop: Workshop, roster: Roster, scope: Scope) -> HttpResponse | None:
    try:
        done = actions.import_roster(
            workshop=workshop,
            roster=roster,
            scope=scope,
            seen=request.POST.get("seen", ""),
            consents=[one for one in current_consent_texts("vi") if one.is_required],
            by=user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return None
    if done.has_changed:
        said = ngettext("Đã nhập %(n)s người.", "Đã nhập %(n)s người.", done.seats + done.waiting) % {
            "n": done.seats + done.waiting
        }
        if done.waiting:
            said += " " + _("Trong đó %(n)s người ở danh sách dự bị, vì đã hết chỗ.") % {"n": done.waiting}
        messages.success(request, said)
    else:
        messages.info(request, _("Danh sách này đã nhập từ trước: không có gì thay đổi."))
    return redirect(request.path)


def _kept(user: User, workshop: Workshop, token: str) -> Kept | None:
    kept = KEEPING.find(token, owner=user.pk, at=timezone.now())
    return kept if kept and kept.about["workshop"] == workshop.pk else None


def _again(user: User, workshop: Workshop, kept: Kept) -> HttpResponse:
    return redirect("workshops_roster:look", workshop.pk, KEEPING.keep(kept, owner=user.pk, at=timezone.now()))


def _roster(kept: Kept) -> Roster:
    about = kept.about
    return Roster(kept.sheets, kept.columns, kept.decisions, about.get("quota", ""), about.get("place"))


def _above(workshop: Workshop) -> tuple[str, str]:
    return reverse("workshops_roster:begin", args=[workshop.pk]), _("Nhập danh sách đại biểu")


PATTERNS = [
    path("", begin, name="begin"),
    path("<str:token>/", look, name="look"),
    path("<str:token>/chua-nhap.xlsx", left, name="left"),
]
