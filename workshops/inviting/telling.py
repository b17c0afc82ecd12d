"""What delegates are told: written, looked at, sent; when they are reminded; and who was told what."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.widgets import AdminDateTimeInput

from accounts.access import staff_with
from accounts.models import User
from lib import sms
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import TypedField
from messaging.models import Message
from workshops import actions, parallel, queries
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.models import LONGEST_EXTRA, NAMING_ROOMS, Notice, NoticeKind, NoticeState, Workshop

from . import receiving, wording
from .receiving import Receivers

ICON, A_PAGE = "mail", 50
EVERYBODY, SOME = "all", "some"


def _workshop(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)


def _extra_field() -> TypedField:
    return TypedField(
        label=gettext_lazy("Lời nhắn thêm (nếu cần)"),
        max_length=LONGEST_EXTRA,
        required=False,
        help_text=gettext_lazy("Gửi đi không dấu. Ví dụ: mang theo mẫu sản phẩm."),
    )


class ReminderForm(forms.Form):
    due_at = forms.DateTimeField(
        label=gettext_lazy("Nhắc thêm vào lúc"),
        widget=AdminDateTimeInput,
        error_messages={"required": gettext_lazy("Hãy chọn ngày, giờ nhắc.")},
    )
    extra = _extra_field()

    def clean_due_at(self) -> datetime:
        due_at: datetime = self.cleaned_data["due_at"]
        return due_at.replace(second=0, microsecond=0)


class TellingForm(forms.Form):
    extra = _extra_field()
    who = forms.ChoiceField(
        label=gettext_lazy("Gửi cho"),
        choices=[
            (EVERYBODY, gettext_lazy("mọi người chưa nhận tin này")),
            (SOME, gettext_lazy("chỉ những người đánh dấu bên dưới")),
        ],
        initial=EVERYBODY,
        widget=forms.RadioSelect,
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Đại biểu"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, workshop: Workshop, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["people"]
        people.choices = [
            (str(one.pk), f"{one.number}. {one.person.name}{', ' if one.unit else ''}{one.unit}")
            for one in receiving.of_kind(workshop, kind)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") == SOME and not cleaned.get("people") and not self.errors:
            raise ValidationError(_("Hãy đánh dấu ít nhất một người."))
        return cleaned

    @property
    def only(self) -> set[int] | None:
        return {int(pk) for pk in self.cleaned_data["people"]} if self.cleaned_data["who"] == SOME else None


class LogForm(forms.Form):
    kind = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Loại tin"),
        choices=[("", gettext_lazy("tất cả")), *NoticeKind.choices],
    )
    state = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Tình trạng"),
        choices=[("", gettext_lazy("tất cả")), *NoticeState.choices],
    )


@require_safe
@staff_with(TO_MANAGE)
def notices(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return _log(request, _workshop(user, pk), ReminderForm())


def _log(request: HttpRequest, workshop: Workshop, form: ReminderForm) -> HttpResponse:
    narrowing = LogForm(request.GET or None)
    only = {name: said for name, said in narrowing.cleaned_data.items() if said} if narrowing.is_valid() else {}
    every = Notice.objects.filter(registration__workshop=workshop)
    rows = every.filter(**only).select_related("registration__person", "asked_by")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("p"))
    context = {
        "workshop": workshop, "page": page, "rows": _with_messages(page), "all": every.count(), "narrowing": narrowing,
        "query": urlencode(only), "failed": every.filter(state=NoticeState.FAILED).count(),
        "may_tell": _may_tell(workshop), "kinds": [(kind.value, _BUTTONS[kind]) for kind in _kinds(workshop)],
        "form": form, "reminders": workshop.reminders.filter(done_at=None),
    }  # fmt: skip
    return render(
        request,
        "workshops/admin/invite_notices.html",
        context | _heading(workshop, _("Tin nhắn")),
        status=422 if form.errors else 200,
    )


_BUTTONS = {
    NoticeKind.INVITATION: gettext_lazy("Gửi giấy mời"),
    NoticeKind.REMINDER: gettext_lazy("Nhắc lịch ngay"),
    NoticeKind.CHANGE: gettext_lazy("Báo thay đổi"),
    NoticeKind.ROOM: gettext_lazy("Báo phòng"),
}


def _kinds(workshop: Workshop) -> list[NoticeKind]:
    """Of those that are written by hand: a cancellation is told by cancelling. Rooms are told where there are several at one hour."""
    has_rooms = bool(parallel.choices(workshop))
    return [kind for kind in NAMING_ROOMS if has_rooms or kind != NoticeKind.ROOM]


def _with_messages(rows: Any) -> list[tuple[Notice, Message | None]]:
    """With what the outbox knows of those that wait, which is newer than what was noted."""
    keys = [one.message_key for one in rows if one.state == NoticeState.WAITING]
    known = {message.dedupe_key: message for message in Message.objects.filter(dedupe_key__in=keys)}
    return [(one, known.get(one.message_key)) for one in rows]


def _may_tell(workshop: Workshop) -> bool:
    begins_at = queries.begins_at(workshop)
    return not (workshop.cancelled_at or workshop.closed_at) and (begins_at is None or begins_at > timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def write(request: HttpRequest, user: User, pk: int, kind: str) -> HttpResponse:
    """Looked at first: the text with what it costs, and who gets it."""
    workshop = _workshop(user, pk)
    if kind not in _kinds(workshop):
        raise Http404
    form = TellingForm(request.POST if request.method == "POST" else None, workshop=workshop, kind=kind)
    now, facts = timezone.now(), wording.facts_of(workshop)
    if form.is_valid() and request.POST.get("do") == "send":
        try:
            told = actions.tell(
                workshop=workshop, kind=kind, at=now, by=user, only=form.only, extra=form.cleaned_data["extra"]
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, told)
            return redirect("workshops_notices:notices", pk)
    only, extra = (form.only, form.cleaned_data["extra"]) if form.is_bound and form.is_valid() else (None, "")
    found = receiving.sort_out(workshop, kind, facts, now, only)
    sample = next(iter([*found.to_tell, *found.no_phone, *found.muted, *found.told]), None)
    body = wording.body(kind, sample, facts, extra) if sample else ""
    context = {
        "workshop": workshop, "kind": kind, "form": form, "found": found, "body": body, "length": len(body), "parts": sms.parts(body),
        "messages_in_all": sms.parts(body) * len(found.to_tell), "may_tell": _may_tell(workshop), "button": _BUTTONS[NoticeKind(kind)],
        "is_looked_at": form.is_bound and form.is_valid(),
    }  # fmt: skip
    return render(
        request,
        "workshops/admin/invite_write.html",
        context | _heading(workshop, str(_BUTTONS[NoticeKind(kind)]), below=True),
        status=422 if form.errors else 200,
    )


def _say(request: HttpRequest, told: Receivers) -> None:
    count = len(told.to_tell)
    if not count:
        messages.info(request, _("Không có tin nào mới để gửi: ai nhận được thì đã nhận rồi."))
        return
    said = ngettext(
        "Đang gửi %(n)s tin; bảng “Đã nhắn” cho biết ai đã nhận.",
        "Đang gửi %(n)s tin; bảng “Đã nhắn” cho biết ai đã nhận.",
        count,
    ) % {"n": count}
    if told.no_phone:
        said += " " + _("%(n)s người không có số điện thoại, cần báo cách khác.") % {"n": len(told.no_phone)}
    messages.success(request, said)


@require_POST
@staff_with(TO_MANAGE)
def again(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    count = actions.tell_again(workshop=_workshop(user, pk), by=user, at=timezone.now())
    if count:
        said = ngettext(
            "Đang gửi %(n)s tin; bảng “Đã nhắn” cho biết ai đã nhận.",
            "Đang gửi %(n)s tin; bảng “Đã nhắn” cho biết ai đã nhận.",
            count,
        )
        messages.success(request, said % {"n": count})
    else:
        messages.info(request, _("Không có tin nào cần gửi lại."))
    return redirect("workshops_notices:notices", pk)


@require_POST
@staff_with(TO_MANAGE)
def plan_reminder(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop, form = _workshop(user, pk), ReminderForm(request.POST)
    if form.is_valid():
        try:
            actions.plan_reminder(workshop=workshop, by=user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("due_at", str(refusal))
        else:
            messages.success(request, _("Đã ghi lời nhắc."))
            return redirect("workshops_notices:notices", pk)
    return _log(request, workshop, form)


@require_POST
@staff_with(TO_MANAGE)
def drop_reminder(request: HttpRequest, user: User, pk: int, reminder: int) -> HttpResponse:
    one = _workshop(user, pk).reminders.filter(pk=reminder).first()
    if one is None:  # the button was pressed twice, or a colleague was quicker
        messages.info(request, _("Lời nhắc này đã bỏ rồi."))
    elif actions.drop_reminder(reminder=one):
        messages.success(request, _("Đã bỏ lời nhắc."))
    else:
        messages.info(request, _("Lời nhắc này đã gửi rồi."))
    return redirect("workshops_notices:notices", pk)


def _heading(workshop: Workshop, title: str, *, below: bool = False) -> dict[str, Any]:
    above = [
        (reverse("workshops_admin:workshops"), _("Lớp tập huấn")),
        (reverse("workshops_admin:workshop", args=[workshop.pk]), workshop.title),
    ]
    if below:
        above.append((reverse("workshops_notices:notices", args=[workshop.pk]), _("Tin nhắn")))
    return heading(title, ICON, *above)


PATTERNS = [
    path("", notices, name="notices"),
    path("gui/<slug:kind>/", write, name="write"),
    path("gui-lai/", again, name="again"),
    path("nhac/", plan_reminder, name="plan_reminder"),
    path("nhac/<int:reminder>/bo/", drop_reminder, name="drop_reminder"),
]
