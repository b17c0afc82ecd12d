"""Closing in the admin: who gets what and why not, then one tap."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import staff_with
from accounts.models import User
from certificates.access import TO_REISSUE
from certificates.models import Award
from lib.headings import heading
from lib.refusals import Refusal
from workshops import actions
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.models import Session, Workshop

from .verdicts import judge
from .warnings import warnings


class CloseForm(forms.Form):
    """The sessions that have begun and are not closed; none is ticked for somebody who only wants to close anew. One that was closed
    meanwhile (a button that was pressed twice) is no mistake. `sure`: for whoever was warned."""

    sessions = forms.ModelMultipleChoiceField(
        queryset=Session.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("Chốt điểm danh các buổi"),
    )
    sure = forms.BooleanField(required=False, label=gettext_lazy("Tôi đã đọc các điều trên và vẫn chốt"))

    def __init__(self, workshop: Workshop, data: QueryDict | None = None) -> None:
        self.workshop = workshop
        begun = workshop.sessions.filter(cancelled_at=None, starts_at__lte=timezone.now())
        self.offered = list(begun.filter(closed_at=None))
        super().__init__(data, initial={"sessions": self.offered})
        field: Any = self.fields["sessions"]
        field.queryset = begun
        field.widget.choices = [(one.pk, str(one)) for one in self.offered]
        self.warnings = warnings(workshop, self.offered, timezone.now())

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        fresh = [one for one in said.get("sessions", ()) if one.closed_at is None]
        if warnings(self.workshop, fresh, timezone.now()) and not said.get("sure"):
            self.add_error(
                "sure", _("Chưa chốt: hãy đọc các điều cần biết ở trên, rồi đánh dấu vào ô này nếu vẫn muốn chốt.")
            )
        return said


class ReopenForm(forms.Form):
    reason = forms.CharField(max_length=200, label=gettext_lazy("Vì sao mở lại"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_MANAGE)
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    form = CloseForm(workshop, request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = list(form.cleaned_data["sessions"])
        try:
            closed = actions.close_sessions(workshop=workshop, sessions=chosen, by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, closed, is_again=bool(chosen) and not closed.sessions)
            return redirect("workshops_closing:close", pk)
    context = {"form": form, "reopen_form": ReopenForm(), "verdicts": judge(workshop, user)}
    return _page(request, workshop, context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
@staff_with(TO_MANAGE)
def reopen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            actions.reopen_workshop(workshop=workshop, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(
                request,
                _("Đã mở lại lớp. Anh/Chị sửa điểm danh rồi chốt lần nữa; ai đã được ghi hoàn thành vẫn giữ nguyên."),
            )
            return redirect("workshops_closing:close", pk)
    context = {"form": CloseForm(workshop), "reopen_form": form, "verdicts": judge(workshop, user)}
    return _page(request, workshop, context, status=422)


def _page(request: HttpRequest, workshop: Workshop, context: dict[str, Any], status: int) -> HttpResponse:
    above = (reverse("workshops_admin:workshop", args=[workshop.pk]), workshop.title)
    said = context | {
        "workshop": workshop,
        "course": workshop.activity.course,
        "is_closed": workshop.sessions.filter(closed_at__isnull=False).exists(),
        "print_address": _to_print(request, workshop),
    }
    said |= heading(_("Chốt lớp, cấp giấy"), "tick-inverse", above)
    return render(request, "workshops/admin/close.html", said, status=status)


def _to_print(request: HttpRequest, workshop: Workshop) -> str:
    """Where the certificates of those who were here are printed; "" for whoever may not, or where there are none."""
    award = Award.objects.filter(course=workshop.activity.course_id, is_active=True).first()
    if (
        award is None
        or not workshop.sessions.filter(closed_at__isnull=False).exists()
        or not request.user.has_perm(TO_REISSUE)
    ):
        return ""
    chosen = {"award": award.pk} | ({"cohort": workshop.cohort_id} if workshop.cohort_id else {})
    return f"{reverse('certificates_admin:batches')}?{urlencode(chosen)}"


def _tell(request: HttpRequest, closed: actions.Closed, *, is_again: bool) -> None:
    if is_again and not closed.completed:
        messages.info(request, _("Các buổi này đã chốt từ trước. Không có ai mới hoàn thành."))
    elif closed.completed:
        said = ngettext(
            "Đã ghi hoàn thành cho %(n)s đại biểu. Giấy chứng nhận (nếu có) được cấp cùng lúc.",
            "Đã ghi hoàn thành cho %(n)s đại biểu. Giấy chứng nhận (nếu có) được cấp cùng lúc.",
            closed.completed,
        )
        messages.success(request, said % {"n": closed.completed})
    else:
        messages.success(request, _("Đã chốt. Không có thêm ai hoàn thành."))
    for name, why in closed.failed:
        messages.warning(request, f"{name}: {why}")


def _of(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE).select_related("activity__course", "cohort"), pk=pk)


PATTERNS = [
    path("", close, name="close"),
    path("mo-lai/", reopen, name="reopen"),
]
