"""Closing in the admin: who gets what and why not, then one tap."""

from typing import Any

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
from lib.headings import heading
from lib.refusals import Refusal
from workshops import actions
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.models import Session, Workshop

from .verdicts import judge


class CloseForm(forms.Form):
    """The sessions that have begun and are not closed; none is ticked for somebody who only wants to close anew."""

    sessions = forms.ModelMultipleChoiceField(
        queryset=Session.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=gettext_lazy("Chốt điểm danh của"),
    )

    def __init__(self, workshop: Workshop, data: QueryDict | None = None) -> None:
        begun = workshop.sessions.filter(cancelled_at=None, closed_at=None, starts_at__lte=timezone.now())
        super().__init__(data, initial={"sessions": list(begun)})
        self.fields["sessions"].queryset = begun  # type: ignore[attr-defined]


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
            _tell(request, closed)
            return redirect("workshops_closing:close", pk)
    verdicts = judge(workshop, user)
    context = {
        "workshop": workshop,
        "form": form,
        "reopen_form": ReopenForm(),
        "verdicts": verdicts,
        "course": workshop.activity.course,
    }
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
                request, _("Lớp mở lại: anh/chị sửa điểm danh rồi chốt lần nữa. Ai đã hoàn thành vẫn giữ nguyên.")
            )
            return redirect("workshops_closing:close", pk)
    context = {
        "workshop": workshop,
        "form": CloseForm(workshop),
        "reopen_form": form,
        "verdicts": judge(workshop, user),
        "course": workshop.activity.course,
    }
    return _page(request, workshop, context, status=422)


def _page(request: HttpRequest, workshop: Workshop, context: dict[str, Any], status: int) -> HttpResponse:
    above = (reverse("workshops_admin:workshop", args=[workshop.pk]), workshop.title)
    said = context | heading(_("Chốt lớp, cấp giấy"), "tick-inverse", above)
    return render(request, "workshops/admin/close.html", said, status=status)


def _tell(request: HttpRequest, closed: actions.Closed) -> None:
    if closed.completed:
        said = ngettext(
            "Đã ghi hoàn thành cho %(n)s đại biểu. Giấy chứng nhận (nếu có) được cấp cùng lúc.",
            "Đã ghi hoàn thành cho %(n)s đại biểu. Giấy chứng nhận (nếu có) được cấp cùng lúc.",
            closed.completed,
        )
        messages.success(request, said % {"n": closed.completed})
    else:
        messages.success(request, _("Đã chốt. Không có ai mới hoàn thành."))
    for name, why in closed.failed:
        messages.warning(request, f"{name}: {why}")


def _of(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE).select_related("activity__course", "cohort"), pk=pk)


PATTERNS = [
    path("", close, name="close"),
    path("mo-lai/", reopen, name="reopen"),
]
