"""Regrading in the admin: how each question counts, who would change, and the button that does it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import staff_with
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal
from quizzes import access, actions
from quizzes.models import Quiz

from . import decisions, planning
from .forms import RegradeForm, by_key


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("quizzes.change_quiz")
def regrade(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """`?question=` narrows to one question, by its newest key."""
    quiz = get_object_or_404(Quiz.objects.select_related("activity__course"), pk=pk)
    questions = _narrowed(request, decisions.asked(quiz))
    form = _form(request, questions)
    if request.method == "POST" and form.is_valid() and _done(request, user, quiz, form):
        return redirect("quizzes_admin:regrade", pk)
    return _page(request, user, quiz, form)


def _narrowed(request: HttpRequest, questions: list[decisions.Asked]) -> list[decisions.Asked]:
    wanted = request.GET.get("question")
    return [one for one in questions if str(one.newest.question_id) == wanted] if wanted else questions


def _form(request: HttpRequest, questions: list[decisions.Asked]) -> RegradeForm:
    """The first look is at what has another key since; what was chosen comes by address, and goes back in a form."""
    if request.method == "POST":
        return RegradeForm(request.POST, questions=questions)
    if "look" in request.GET:
        return RegradeForm(request.GET, questions=questions)
    later = questions if "question" in request.GET else [one for one in questions if one.outdated]
    return RegradeForm({"reason": "", **by_key(later)}, questions=questions)


def _done(request: HttpRequest, user: User, quiz: Quiz, form: RegradeForm) -> bool:
    """Whether all of it is done; more than one go can do is gone on with from the same page."""
    try:
        done = actions.regrade(
            quiz=quiz, decisions=form.decisions(), reason=form.cleaned_data["reason"], by=user, at=timezone.now()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    said = _("Đã chấm lại %(n)s bài; %(passing)s bài nay đạt. Học viên đọc được lý do ở trang kết quả.")
    messages.success(request, said % {"n": done.attempts, "passing": done.passing})
    if done.has_more:
        messages.warning(request, _("Còn bài chưa chấm lại. Hãy bấm lần nữa để chấm tiếp; bài đã chấm lại không đổi."))
    return not done.has_more


def _page(request: HttpRequest, user: User, quiz: Quiz, form: RegradeForm) -> HttpResponse:
    title = _("Chấm lại bài kiểm tra")
    chosen = form.decisions() if form.is_valid() or form.cleaned_data else {}
    plan = planning.plan(quiz, chosen, without=user.person_id)
    context = {
        "quiz": quiz,
        "form": form,
        "plan": plan,
        "has_chosen": bool(chosen),
        "names": _names(user, plan),
        "most": actions.MOST_REGRADED,
    }
    above = [
        (reverse("quiz:index"), _("Bài kiểm tra")),
        (reverse("quizzes_admin:questions", args=[quiz.pk]), str(quiz)),
    ]
    context |= heading(title, "edit", *above)
    status = 422 if form.errors else 200
    return render(request, "quizzes/admin/regrade.html", context, status=status)


def _names(user: User, plan: planning.Plan) -> dict[int, Any]:
    """Who is behind an attempt is told to those who may see it; editors see its number."""
    shown = access.attempts_visible_to(user, "quizzes.view_attempt").filter(
        pk__in=[change.attempt.pk for change in plan.shown]
    )
    return {attempt.pk: attempt.enrolment.person for attempt in shown}
