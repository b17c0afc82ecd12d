"""What officers do with requests: write one down, answer, extend, finish or refuse it, hand a copy over; and the ledger of one person."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.log_actions import log

from accounts.access import people_visible_to, staff_with
from accounts.models import Consent, DataRequest, Person, User
from accounts.queries import told_to_staff
from lib import dates, sheets, text
from lib.headings import heading
from lib.refusals import Refusal
from lib.sheets import XLSX

from . import actions
from .forms import AgainForm, AnswerForm, ExtendForm, RecordForm, RefusalForm, SettleForm
from .kept import requests_visible_to
from .pages import file_of
from .viewsets import TO_DECIDE

HANDED_OVER = "accounts.data_handed_over"
COPIES = (DataRequest.Kind.VIEW, DataRequest.Kind.EXPORT)


def _person(user: User, pk: int) -> Person:
    return get_object_or_404(people_visible_to(user, TO_DECIDE).select_related("place__parent"), pk=pk)


def _request(user: User, pk: int) -> DataRequest:
    return get_object_or_404(requests_visible_to(user, TO_DECIDE).select_related("person"), pk=pk)


def _page(request: HttpRequest, form: forms.Form, title: str, submit: str, back: str, **more: Any) -> HttpResponse:
    above = (reverse("datarequest:index"), _("Yêu cầu về dữ liệu"))
    context = {"form": form, "submit": submit, "back": back} | more | heading(title, "key", above)
    status = 200 if request.method in ("GET", "HEAD") else 422
    return render(request, "accounts/admin/rights/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_DECIDE)
def record(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What somebody asked who came to the office or wrote a letter."""
    person = _person(user, pk)
    form = RecordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if person.pk == user.person_id:
            form.add_error(None, _("Đây là dữ liệu của chính anh/chị: hãy gửi yêu cầu ở trang Dữ liệu của tôi."))
        else:
            made = actions.ask(person=person, by=user, at=timezone.now(), **form.cleaned_data)
            messages.success(
                request, _("Đã ghi yêu cầu. Hạn trả lời: %(day)s.") % {"day": dates.localised(made.reply_by)}
            )
            return redirect("datarequest:inspect", made.pk)
    title = _("Ghi yêu cầu về dữ liệu: %(name)s") % {"name": person.name}
    return _page(request, form, title, _("Ghi yêu cầu"), reverse("person:inspect", args=[pk]))


def _reply(held: DataRequest, said: dict[str, Any], user: User) -> None:
    actions.reply(request=held, by=user, at=timezone.now(), **said)


def _finish(held: DataRequest, said: dict[str, Any], user: User) -> None:
    consents = [one.pk for one in said.pop("consents", [])]
    actions.settle(request=held, is_done=True, by=user, at=timezone.now(), consents=consents, **said)


def _refuse(held: DataRequest, said: dict[str, Any], user: User) -> None:
    actions.settle(request=held, is_done=False, by=user, at=timezone.now(), **said)


def _extend(held: DataRequest, said: dict[str, Any], user: User) -> None:
    actions.extend(request=held, by=user, at=timezone.now(), **said)


def _call_again(held: DataRequest, said: dict[str, Any], user: User) -> None:
    actions.call_again(request=held, by=user, at=timezone.now(), **said)


type Decide = Callable[[DataRequest, dict[str, Any], User], None]
# By the address: what is done, its form, title and button.
DECISIONS: dict[str, tuple[Decide, Any, Callable[[], str], Callable[[], str]]] = {
    "tra-loi": (_reply, AnswerForm, lambda: _("Trả lời"), lambda: _("Gửi câu trả lời")),
    "xong": (_finish, SettleForm, lambda: _("Ghi đã làm xong"), lambda: _("Đã làm xong")),
    "tu-choi": (_refuse, RefusalForm, lambda: _("Từ chối"), lambda: _("Từ chối yêu cầu")),
    "goi-lai": (_call_again, AgainForm, lambda: _("Cho gọi, nhắn lại"), lambda: _("Cho gọi, nhắn lại")),
    "gia-han": (_extend, ExtendForm, lambda: _("Gia hạn một lần"), lambda: _("Gia hạn")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_DECIDE)
def decide(request: HttpRequest, user: User, pk: int, what: str) -> HttpResponse:
    if what not in DECISIONS:
        raise Http404
    run, form_class, title, submit = DECISIONS[what]
    held = _request(user, pk)
    own = {"request": held} if form_class is SettleForm else {}
    form = form_class(request.POST if request.method == "POST" else None, **own)
    if request.method == "POST" and form.is_valid():
        try:
            run(held, dict(form.cleaned_data), user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi. Người yêu cầu đọc được ở trang Dữ liệu của tôi."))
            return redirect("datarequest:inspect", pk)
    back = reverse("datarequest:inspect", args=[pk])
    return _page(request, form, f"{title()}: {held.get_kind_display()}", submit(), back, held=held)


@require_POST
@staff_with(TO_DECIDE)
def take_back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Told by the person, on the phone or at the office."""
    held = _request(user, pk)
    if held.person_id == user.person_id:
        messages.error(request, _("Đây là yêu cầu của chính anh/chị: hãy rút lại ở trang Dữ liệu của tôi."))
    elif actions.take_back(request=held, by=user, at=timezone.now()):
        messages.success(request, _("Đã ghi là người ấy rút lại yêu cầu."))
    else:
        messages.error(request, _("Yêu cầu này đã xong trước đó, nên lần này không ghi thêm gì."))
    return redirect("datarequest:inspect", pk)


@require_POST
@staff_with(TO_DECIDE)
def hand_over(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The copy that somebody came for, to be printed and given to them; only while they wait for one, and it is logged."""
    held = _request(user, pk)
    if held.kind not in COPIES or not held.is_unsettled or held.person_id == user.person_id:
        messages.error(request, _("Chỉ lấy được bản dữ liệu khi người ấy đang yêu cầu xem hoặc cấp bản dữ liệu."))
        return redirect("datarequest:inspect", pk)
    log(instance=held, title=held.log_title, action=HANDED_OVER, user=user, data={"kind": held.kind})
    answer = file_of(held.person, for_machines="json" in request.POST, by_staff=True)
    return answer


@require_safe
@staff_with("accounts.view_consent")
def ledger(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Who agreed to what: purpose, version, when, how, until when; on a page or as a workbook."""
    person = get_object_or_404(people_visible_to(user, "accounts.view_consent"), pk=pk)
    rows = (
        told_to_staff(Consent.objects.filter(person=person))
        .select_related("text", "recorded_by__person")
        .order_by("given_at", "pk")
    )
    if request.GET.get("export") == "xlsx":
        return _workbook(person, list(rows))
    title = _("Sổ đồng ý: %(name)s") % {"name": person.name}
    context = {"person": person, "rows": rows} | heading(
        title, "clipboard-list", (reverse("person:inspect", args=[pk]), person.name)
    )
    return render(request, "accounts/admin/rights/ledger.html", context)


def _workbook(person: Person, rows: list[Consent]) -> HttpResponse:
    columns = [
        (_("Họ và tên"), 28), (_("Mục đích"), 24), (_("Bản"), 8), (_("Đồng ý lúc"), 18), (_("Cách đồng ý"), 26), (_("Người ghi"), 26), (_("Rút lại lúc"), 18),
        (_("Nội dung"), 60),
    ]  # fmt: skip
    table = sheets.Table(_("Sổ đồng ý"), columns, (_row(person, one) for one in rows))
    data = BytesIO()
    sheets.write_tables(data, [table], moments="dd/mm/yyyy hh:mm")
    answer = HttpResponse(data.getvalue(), content_type=XLSX)
    day = dates.local_day(timezone.now())
    name = slugify(text.fold(f"so dong y {person.name} {day:%Y-%m-%d}"))
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def _row(person: Person, one: Consent) -> list[Any]:
    def here(moment: Any) -> Any:
        return timezone.localtime(moment).replace(tzinfo=None) if moment else None

    by = one.recorded_by.get_full_name() if one.recorded_by else ""
    return [
        person.name, str(one.text.get_purpose_display()), one.text.version, here(one.given_at), str(one.get_how_display()), by, here(one.withdrawn_at),
        one.text.body,
    ]  # fmt: skip
