"""The call list in the admin, and what was answered to each call."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import staff_with
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import TypedField, key_of
from workshops import actions
from workshops.access import TO_CALL, TO_LOOK, TO_MANAGE, follow_ups_visible_to, workshops_visible_to
from workshops.models import Attendance, CallOutcome, FollowUp, Session, Used, Workshop

from . import results, without

ICON = "comment"
A_PAGE = 50
FIRST = (CallOutcome.TO_CALL, CallOutcome.UNREACHED, CallOutcome.ANSWERED, CallOutcome.DECLINED)

NO_NAMES = gettext_lazy("Câu này in vào báo cáo, không kèm tên: đừng ghi tên người, tên cơ sở, số điện thoại.")


class CallForm(forms.ModelForm):  # type: ignore[type-arg]
    outcome = forms.ChoiceField(
        choices=[(one.value, one.label) for one in CallOutcome if one != CallOutcome.TO_CALL],
        widget=forms.RadioSelect,
        label=gettext_lazy("Cuộc gọi"),
    )
    used = forms.ChoiceField(
        choices=Used.choices,
        widget=forms.RadioSelect,
        required=False,
        label=gettext_lazy("1. Từ buổi tập huấn đến nay, anh/chị đã áp dụng được điều gì đã học chưa?"),
    )
    what = TypedField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES,
        label=gettext_lazy("2. Việc đó là gì, kết quả ra sao?"),
    )  # fmt: skip
    hindrance = TypedField(
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES,
        label=gettext_lazy("3. Còn vướng gì, cần giúp gì?"),
    )  # fmt: skip

    class Meta:
        model = FollowUp
        fields = ("outcome", "used", "what", "hindrance")

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or {}
        if said.get("outcome") == CallOutcome.ANSWERED and not said.get("used"):
            self.add_error("used", _("Hãy chọn một câu trả lời."))
        return said

    def _post_clean(self) -> None:
        """The action writes: the row keeps what it was until then."""


@require_safe
@staff_with(TO_CALL)
def calls(request: HttpRequest, user: User) -> HttpResponse:
    """Who is still to be called first; `lop` narrows it to one workshop, also to one that has no list yet."""
    mine = follow_ups_visible_to(user, TO_CALL)
    among = (
        Workshop.objects.filter(registrations__follow_up__in=mine.values("pk")).select_related("activity").distinct()
    )
    asked = key_of(request.GET.get("lop", ""))
    workshop = among.filter(pk=asked).first() or workshops_visible_to(user, TO_LOOK).filter(pk=asked).first()
    rows = mine.filter(registration__workshop=workshop) if workshop else mine
    context = {
        "query": f"lop={workshop.pk}" if workshop else "",
        "page": Paginator(_in_order(rows), A_PAGE).get_page(request.GET.get("p")),
        "workshop": workshop,
        "workshops": among.order_by("-pk"),
        "without": without.of(workshop, timezone.now()) if workshop else None,
        "may_ask": workshop and workshops_visible_to(user, TO_MANAGE).filter(pk=workshop.pk).exists(),
        "left": rows.filter(outcome=CallOutcome.TO_CALL).count(),
        "all": rows.count(),
        "results": results.of(rows) if workshop else None,
    }
    return render(request, "workshops/admin/calls.html", context | heading(_("Gọi lại sau lớp"), ICON))


@require_POST
@staff_with(TO_MANAGE)
def ask(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)
    try:
        drawn = len(actions.ask_for_calls(workshop=workshop, by=user, at=timezone.now()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if drawn:
            said = ngettext("Đã chọn %(n)s người để gọi.", "Đã chọn %(n)s người để gọi.", drawn)
            messages.success(request, said % {"n": drawn})
        else:
            messages.info(request, _("Danh sách gọi đã đủ, không thêm ai."))
    return _at(pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(TO_CALL)
def call(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    found = get_object_or_404(follow_ups_visible_to(user, TO_CALL), pk=pk)
    initial = {"outcome": CallOutcome.ANSWERED} if found.outcome == CallOutcome.TO_CALL else None
    form = CallForm(request.POST if request.method == "POST" else None, instance=found, initial=initial)
    above = (f"{reverse('workshops_following:calls')}?lop={found.registration.workshop_id}", _("Gọi lại sau lớp"))
    if form.is_valid():
        try:
            actions.record_call(follow_up=found, **form.cleaned_data, by=user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã ghi cuộc gọi với %(name)s.") % {"name": found.registration.person.name})
            return redirect(above[0])
    context = {"form": form, "call": found, "there": _where(found)} | heading(
        found.registration.person.name, ICON, above
    )
    return render(request, "workshops/admin/call.html", context, status=422 if form.errors else 200)


@require_safe
@staff_with(TO_CALL)
def of_workshop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return _at(pk)


def _at(workshop: int) -> HttpResponse:
    return redirect(f"{reverse('workshops_following:calls')}?lop={workshop}")


def _where(call: FollowUp) -> list[Session]:
    """The sessions at which whoever is called was: of parallel ones those of the own room."""
    there = Attendance.objects.filter(registration=call.registration_id, taken_back_at=None)
    return list(Session.objects.filter(cancelled_at=None, pk__in=there.values("session")))


def _in_order(rows: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    turn = Case(*(When(outcome=one, then=Value(n)) for n, one in enumerate(FIRST)))
    return rows.annotate(turn=turn).order_by(
        "turn", "registration__person__place__search", "registration__number", "pk"
    )


PATTERNS = [
    path("", calls, name="calls"),
    path("<int:pk>/", call, name="call"),
    path("lop/<int:pk>/", ask, name="ask"),
]
