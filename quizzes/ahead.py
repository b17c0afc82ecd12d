"""More time or attempts before the first attempt: for somebody who reads slowly, for a commune whose power fails every evening."""

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
from courses.models import Enrolment
from lib import text
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of

from . import access, actions
from .models import Allowance, Quiz

MOST_FOUND = 200


GONE = gettext_lazy("Có người vừa bắt đầu làm hoặc không còn ở đây. Hãy tìm và chọn lại.")


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Enrolment) -> str:  # type: ignore[override]
        return f"{obj.person}, {obj.place}"


class GivingForm(forms.Form):
    enrolments = PeopleField(
        label=gettext_lazy("Học viên"),
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple(
            attrs={"class": "choices", "data-action": "w-bulk#toggle", "data-w-bulk-target": "item"}
        ),
        error_messages={
            "required": gettext_lazy("Hãy chọn ít nhất một người."),
            "invalid_choice": GONE,
            "invalid_pk_value": GONE,
        },
    )
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
        """For `actions.allow_all_ahead`."""
        typed = self.cleaned_data
        return typed | {"minutes": typed["minutes"] or 0, "attempts": typed["attempts"] or 0}


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
    whom = access.enrolments_to_allow(user, quiz)
    name = request.GET.get("q", "").strip()[:100]
    found = _named(whom, name) if name else whom.none()
    form = GivingForm(request.POST if "reason" in request.POST else None, quiz=quiz)
    form.fields["enrolments"].queryset = whom if request.method == "POST" else found[:MOST_FOUND]  # type: ignore[attr-defined]
    if request.method == "POST" and _done(request, user, quiz, form):
        return redirect("quizzes_admin:give_ahead", pk)
    form.fields["enrolments"].queryset = found[:MOST_FOUND]  # type: ignore[attr-defined]
    given = Allowance.objects.filter(quiz=quiz, enrolment__in=whom).select_related("enrolment__person", "given_by")
    title = _("Thêm giờ, thêm lượt")
    context = {
        "quiz": quiz,
        "form": form,
        "name": name,
        "found": found[:MOST_FOUND],
        "more": max(0, found.count() - MOST_FOUND),
        "most": MOST_FOUND,
        "given": given,
        "header_title": title,
        "header_icon": "plus",
        "breadcrumbs_items": [
            {"url": reverse("quizzes_admin:allow_ahead"), "label": title},
            {"url": "", "label": str(quiz)},
        ],
    }
    return render(request, "quizzes/admin/give_ahead.html", context, status=422 if form.errors else 200)


def _named(whom: QuerySet[Enrolment], name: str) -> QuerySet[Enrolment]:
    """By the person's name or the place's, without diacritics."""
    words = [Q(person__search__contains=word) | Q(place__search__contains=word) for word in text.fold(name).split()]
    return whom.filter(*words).order_by("person__search", "pk")


def _done(request: HttpRequest, user: User, quiz: Quiz, form: GivingForm) -> bool:
    """Whether something was given or taken back; if not, the form or the refusal says why."""
    try:
        if key := key_of(request.POST.get("back")):
            mine = Allowance.objects.filter(quiz=quiz, enrolment__in=access.enrolments_to_allow(user, quiz))
            allowance = get_object_or_404(mine, pk=key)
            actions.take_back_allowance(allowance=allowance, by=user, at=timezone.now())
            messages.success(request, _("Đã bỏ phần cho thêm. Cần cho khác đi thì tìm lại người ấy rồi cho lại."))
            return True
        if not form.is_valid():
            return False
        given = form.given()
        actions.allow_all_ahead(quiz=quiz, by=user, at=timezone.now(), **given)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    said = ngettext(
        "Đã cho thêm %(n)s người, được dùng ngay từ lượt đầu.",
        "Đã cho thêm %(n)s người, được dùng ngay từ lượt đầu.",
        len(given["enrolments"]),
    )
    messages.success(request, said % {"n": len(given["enrolments"])})
    return True
