"""More time or attempts before the first attempt, for somebody who reads slowly, or for a commune whose power fails every evening;
and for a cohort at any time."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import staff_with
from accounts.models import User
from courses import searching
from courses.forms import PeopleField
from courses.models import Cohort
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of

from . import access, actions
from .models import Allowance, Quiz

GONE = gettext_lazy("Có người vừa bắt đầu làm hoặc không còn ở đây. Hãy tìm và chọn lại.")
OF_COHORT = "nhom"  # before the names of the second form's fields


class GivingForm(forms.Form):
    minutes = forms.IntegerField(label=gettext_lazy("Thêm số phút"), required=False, min_value=0)
    attempts = forms.IntegerField(label=gettext_lazy("Thêm số lượt làm"), required=False, min_value=0)
    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=200, error_messages={"required": gettext_lazy("Hãy ghi lý do.")}
    )

    def __init__(self, *args: Any, quiz: Quiz, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quiz = quiz

    def asked_of(self) -> list[forms.BoundField]:
        """No minutes where no clock runs, no attempts where they have no end."""
        limits = {"minutes": self.quiz.limits_time, "attempts": self.quiz.limits_attempts}
        return [field for field in self if limits.get(field.name, True)]

    def given(self) -> dict[str, Any]:
        """For `actions.allow_all_ahead` and `allow_cohort`."""
        typed = self.cleaned_data
        return typed | {"minutes": typed["minutes"] or 0, "attempts": typed["attempts"] or 0}


class PeopleForm(GivingForm):
    enrolments = PeopleField(gone=GONE)
    field_order = ["enrolments"]


class CohortGivingForm(GivingForm):
    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Nhóm học"),
        queryset=Cohort.objects.none(),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Hãy chọn nhóm học.")),
    )
    field_order = ["cohort"]

    def __init__(self, *args: Any, quiz: Quiz, among: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, quiz=quiz, prefix=OF_COHORT, **kwargs)
        self.fields["cohort"].queryset = among  # type: ignore[attr-defined]


@require_safe
@staff_with(access.TO_ALLOW)
def quizzes(request: HttpRequest, user: User) -> HttpResponse:
    """The quizzes that limit anything."""
    limited = Q(time_limit__isnull=False) | Q(closes_at__isnull=False) | Q(attempts_allowed__isnull=False)
    offered = Quiz.objects.filter(limited, activity__retired_at=None, activity__course__retired_at=None)
    shown = offered.select_related("activity__course").order_by("activity__course__title", "pk")
    context = {"quizzes": shown} | heading(_("Thêm giờ, thêm lượt"), "plus")
    return render(request, "quizzes/admin/allow_ahead.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with(access.TO_ALLOW)
def give(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    quiz = get_object_or_404(Quiz.objects.select_related("activity__course"), pk=pk)
    whom, cohorts = access.enrolments_to_allow(user, quiz), access.cohorts_to_allow(user, quiz)
    found = searching.enrolments(request.GET.get("q", ""), whom)
    form = PeopleForm(request.POST if "reason" in request.POST else None, quiz=quiz)
    form.fields["enrolments"].queryset = whom if request.method == "POST" else found.rows  # type: ignore[attr-defined]
    is_for_cohort = f"{OF_COHORT}-reason" in request.POST
    of_cohort = CohortGivingForm(
        request.POST if is_for_cohort else None, quiz=quiz, among=cohorts.filter(closed_at=None)
    )
    if request.method == "POST" and _done(request, user, quiz, form, of_cohort):
        return redirect("quizzes_admin:give_ahead", pk)
    form.fields["enrolments"].queryset = found.rows  # type: ignore[attr-defined]
    given = Allowance.objects.filter(quiz=quiz).select_related("enrolment__person", "cohort", "given_by")
    title = _("Thêm giờ, thêm lượt")
    context = {
        "quiz": quiz,
        "form": form,
        "of_cohort": of_cohort,
        "found": found,
        "given": given.filter(enrolment__in=whom),
        "given_to_cohorts": given.filter(cohort__in=cohorts),
        "header_title": title,
        "header_icon": "plus",
        "breadcrumbs_items": [
            {"url": reverse("quizzes_admin:allow_ahead"), "label": title},
            {"url": "", "label": str(quiz)},
        ],
    }
    is_wrong = form.errors or of_cohort.errors
    return render(request, "quizzes/admin/give_ahead.html", context, status=422 if is_wrong else 200)


def _done(request: HttpRequest, user: User, quiz: Quiz, form: PeopleForm, of_cohort: CohortGivingForm) -> bool:
    """Whether something was given or taken back; if not, the form or the refusal says why."""
    try:
        if key := key_of(request.POST.get("back")):
            said = _taken_back(user, quiz, key)
        elif of_cohort.is_bound:
            said = _given_to_cohort(user, quiz, of_cohort)
        else:
            said = _given_to_people(user, quiz, form)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    if said:
        messages.success(request, said)
    return bool(said)


def _given_to_people(user: User, quiz: Quiz, form: PeopleForm) -> str:
    if not form.is_valid():
        return ""
    given = form.given()
    actions.allow_all_ahead(quiz=quiz, by=user, at=timezone.now(), **given)
    return ngettext(
        "Đã cho thêm %(n)s người, được dùng ngay từ lượt đầu.",
        "Đã cho thêm %(n)s người, được dùng ngay từ lượt đầu.",
        len(given["enrolments"]),
    ) % {"n": len(given["enrolments"])}


def _given_to_cohort(user: User, quiz: Quiz, form: CohortGivingForm) -> str:
    if not form.is_valid():
        return ""
    given = form.given()
    actions.allow_cohort(quiz=quiz, by=user, at=timezone.now(), **given)
    return _("Đã cho thêm cả nhóm “%(cohort)s”. Ai vào nhóm sau này cũng được.") % {"cohort": given["cohort"]}


def _taken_back(user: User, quiz: Quiz, key: int) -> str:
    mine = Q(enrolment__in=access.enrolments_to_allow(user, quiz)) | Q(cohort__in=access.cohorts_to_allow(user, quiz))
    allowance = get_object_or_404(Allowance.objects.filter(mine, quiz=quiz), pk=key)
    if allowance.cohort_id:
        actions.take_back_from_cohort(allowance=allowance, by=user, at=timezone.now())
        return _("Đã bỏ phần cho thêm của nhóm.")
    actions.take_back_allowance(allowance=allowance, by=user, at=timezone.now())
    return _("Đã bỏ phần cho thêm. Cần cho khác đi thì tìm lại người ấy rồi cho lại.")
