"""Officers write down that somebody moves, decide what people asked for, and switch a log-in off and on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.access import moves_visible_to, people_visible_to, staff_with
from accounts.forms.moving import SwitchingOneForm, WrittenMoveForm
from accounts.models import MoveState, Person, User
from lib.headings import heading
from lib.refusals import Refusal

TO_MOVE, TO_DECIDE = "accounts.change_person", "accounts.change_move"


def _person(user: User, pk: int) -> Person:
    return get_object_or_404(people_visible_to(user, TO_MOVE).select_related("place__parent", "user"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MOVE)
def move(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    person, form = _person(user, pk), WrittenMoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.write_move(person=person, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after(request, user, made.person)
    about = _(
        "Nơi cũ được giữ trong hồ sơ; lượt ghi danh, lớp tập huấn và giấy đã cấp vẫn tính ở nơi cũ. Nếu nơi ở ghi sai từ đầu thì quay lại, bấm “Sửa thông tin”."
    )
    context = {"form": form, "about": about, "submit": _("Ghi chuyển nơi ở")}
    return _page(request, person, _("Chuyển nơi ở"), context)


def _after(request: HttpRequest, user: User, person: Person) -> HttpResponse:
    """To the person's page, where that is still the officer's to see."""
    if people_visible_to(user, "accounts.view_person").filter(pk=person.pk).exists():
        messages.success(request, _("Đã ghi chuyển nơi ở."))
        return redirect("person:inspect", person.pk)
    messages.success(request, _("Đã ghi chuyển nơi ở. Từ nay cán bộ nơi mới theo dõi người này."))
    return redirect("person:index")


@require_POST
@staff_with(TO_DECIDE)
def decide(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = get_object_or_404(moves_visible_to(user, TO_DECIDE), pk=pk)
    pressed = request.POST.get("decision", "")
    try:
        if pressed not in ("confirm", "refuse"):
            raise Refusal(_("Chưa ghi quyết định, yêu cầu vẫn còn chờ. Hãy bấm “Xác nhận” hoặc “Từ chối”."))
        decided = actions.decide_move(
            move=found,
            by=user,
            is_confirmed=pressed == "confirm",
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã ghi: %(state)s.") % {"state": MoveState(decided.state).label})
    return redirect("move:inspect", pk)


@require_POST
@staff_with(TO_DECIDE)
def take_back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = get_object_or_404(moves_visible_to(user, TO_DECIDE), pk=pk)
    if actions.take_back_move(move=found, by=user, at=timezone.now()):
        messages.success(request, _("Đã bỏ lần chuyển nơi ở này."))
    else:
        messages.warning(request, _("Không có gì thay đổi: đã tới ngày chuyển, hoặc đã bỏ rồi."))
    return redirect("move:inspect", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MOVE)
def switch(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The log-in off, or on again where it is off."""
    person = _person(user, pk)
    log_in = getattr(person, "user", None)
    is_off = not (log_in and log_in.is_active)
    form = SwitchingOneForm(request.POST if request.method == "POST" else None, initial={"is_on": is_off})
    if form.is_bound and form.is_valid():
        try:
            changed = actions.switch_log_in(person=person, by=user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell_switched(request, changed, form.cleaned_data["is_on"])
            return redirect("person:inspect", pk)
    turns_on = form.cleaned_data["is_on"] if form.is_bound else is_off
    off = _(
        "Người ấy bị đăng xuất khỏi mọi máy ngay, và không vào lại được bằng mã, mã PIN hay phiếu. Kết quả học vẫn còn nguyên."
    )
    on = _("Người ấy lại đăng nhập được như trước.")
    title = _("Cho đăng nhập lại") if turns_on else _("Tạm ngừng đăng nhập")
    context = {"form": form, "about": on if turns_on else off, "submit": title, "is_serious": not turns_on}
    return _page(request, person, title, context)


def _tell_switched(request: HttpRequest, changed: bool, is_on: bool) -> None:
    if changed:
        messages.success(request, _("Đã cho đăng nhập lại.") if is_on else _("Đã tạm ngừng đăng nhập."))
    elif is_on:
        messages.warning(request, _("Không có gì thay đổi: người này vốn đang đăng nhập được."))
    else:
        messages.warning(request, _("Không có gì thay đổi: người này đã bị tạm ngừng đăng nhập từ trước."))


def _page(request: HttpRequest, person: Person, title: str, context: dict[str, Any]) -> HttpResponse:
    is_wrong = bool(context["form"].errors)
    if is_wrong:
        messages.error(request, _("Chưa lưu được vì còn chỗ chưa đúng. Những gì anh/chị đã ghi vẫn còn ở dưới đây."))
    above = [(reverse("person:index"), _("Học viên")), (reverse("person:inspect", args=[person.pk]), person.name)]
    shared = {"person": person} | heading(title, "user", *above)
    return render(request, "accounts/admin/person_form.html", shared | context, status=422 if is_wrong else 200)
