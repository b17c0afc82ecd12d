"""Item analysis in the admin: for editors of all answers, for officers of those in their places. Nobody's name is in it."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import managed_places, staff_with
from accounts.models import User
from courses.access import cohorts_visible_to
from courses.models import Cohort
from lib.headings import heading
from lib.typed import key_of
from provinces.models import PlaceQuerySet
from quizzes import access
from quizzes.models import Item, Question, Quiz

from .advice import FEW
from .forms import SelectionForm
from .report import Report, of_question, of_quiz

OF_ALL, OF_PLACES = access.TO_CONFIGURE, "quizzes.view_attempt"


@require_safe
@staff_with(OF_ALL, OF_PLACES)
def quizzes(request: HttpRequest, user: User) -> HttpResponse:
    """The quizzes on offer, or those of a cohort's course."""
    offered = Quiz.objects.filter(activity__retired_at=None, activity__course__retired_at=None)
    cohort = _cohorts(user).filter(pk=key_of(request.GET.get("cohort"))).first()
    if cohort:
        offered = offered.filter(activity__course=cohort.course_id)
    shown = offered.select_related("activity__course").order_by("activity__course__title", "activity__position")
    context = {"quizzes": shown, "cohort": cohort} | heading(_("Phân tích câu hỏi"), "table")
    return render(request, "quizzes/admin/analyses.html", context)


@require_safe
@staff_with(OF_ALL, OF_PLACES)
def quiz(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """How hard the questions of a quiz were, and what its answers say about them."""
    quiz = get_object_or_404(Quiz.objects.select_related("activity__course"), pk=pk)
    cohorts = _cohorts(user).filter(course=quiz.activity.course_id)
    form = SelectionForm(request.GET or None, cohorts=cohorts, within=_places(user))
    above = (reverse("quizzes_admin:analyses"), _("Phân tích câu hỏi"))
    shows_key = not access.keys_hidden_from(user, [quiz])
    return _page(request, quiz, form, of_quiz(quiz, form.selection()), above, shows_key=shows_key)


@require_safe
@staff_with("quizzes.change_question")
def question(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Each version of a question in all quizzes in which it came up."""
    question = get_object_or_404(access.questions_visible_to(user), pk=pk)
    asked = Item.objects.filter(version__question=question).order_by().values("attempt__quiz__activity__course")
    form = SelectionForm(request.GET or None, cohorts=_cohorts(user).filter(course__in=asked.distinct()))
    above = (reverse("question:index"), _("Câu hỏi"))
    return _page(request, question, form, of_question(question, form.selection()), above)


def _cohorts(user: User) -> QuerySet[Cohort]:
    return cohorts_visible_to(user, "courses.view_cohort")


def _places(user: User) -> PlaceQuerySet | None:
    """None: everywhere."""
    return None if user.has_perm(OF_ALL) else managed_places(user, OF_PLACES)


def _page(
    request: HttpRequest,
    subject: Quiz | Question,
    form: SelectionForm,
    report: Report,
    above: tuple[str, str],
    *,
    shows_key: bool = True,
) -> HttpResponse:
    context = {
        "shows_key": shows_key,
        "form": form,
        "subject": subject,
        "course": subject.activity.course if isinstance(subject, Quiz) else None,
        "report": report,
        "few": FEW,
    } | heading(_("Phân tích câu hỏi"), "table", above)
    return render(request, "quizzes/admin/analysis.html", context)
