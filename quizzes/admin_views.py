"""What editors and officers do with quizzes, behind links and buttons of the admin."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.models import Page

from accounts.access import staff_with
from accounts.models import User
from lib.headings import heading
from lib.refusals import Refusal
from lib.typed import key_of

from . import access, actions, asking, queries
from .forms import QuestionForm, QuizForm
from .kinds import KINDS
from .models import Question, QuestionBank, QuestionVersion, Quiz, QuizPage, ResultPart


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("quizzes.change_question")
def preview(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The newest version of a question as a trainee meets it, or what somebody is typing in its form."""
    question = get_object_or_404(access.questions_visible_to(user), pk=pk)
    if request.method == "POST":
        return _typed(request, user, question)
    return _as_on_a_phone(request, question.versions.first())


@require_POST
@staff_with("quizzes.add_question")
def preview_of_new(request: HttpRequest, user: User) -> HttpResponse:
    return _typed(request, user, Question())


def _typed(request: HttpRequest, user: User, question: Question) -> HttpResponse:
    """Saves nothing. A form that is not finished says what it lacks, as a page: whoever types is not done yet."""
    kind = KINDS.get(request.POST.get("kind") or question.kind)
    if kind is None:
        return _as_on_a_phone(request, None, [_("Chưa chọn dạng câu hỏi.")])
    form = QuestionForm(request.POST, instance=question, kind=kind, user=user)
    faults = form.faults()
    return _as_on_a_phone(request, form.typed(), faults)


def _as_on_a_phone(request: HttpRequest, version: QuestionVersion | None, faults: Sequence[str] = ()) -> HttpResponse:
    """A page of the public site in which nothing can be sent; `?after` shows what a result page says of the question."""
    request.is_preview = True  # type: ignore[attr-defined]
    is_after = "after" in request.GET
    context = {
        "faults": faults,
        "asked": asking.preview(version) if version and not is_after else None,
        "one": asking.preview_of_result(version) if version and is_after and not faults else None,
        "is_scored": version and KINDS[version.kind].is_scored,
        "shown": (ResultPart.ANSWERS, ResultPart.FEEDBACK),
    }
    return render(request, "quizzes/admin/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("quizzes.change_quiz")
def questions(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What a quiz asks and under which rules; what there is for it today is said beside it."""
    last = queries.last_change(pk)  # before the quiz: a change between the two is refused, not overwritten
    quiz = get_object_or_404(Quiz.objects.select_related("activity__course"), pk=pk)
    form = QuizForm(request.POST or None, instance=quiz, initial={"seen": last.pk if last else 0})
    if request.method == "POST" and form.is_valid() and _configure(form, user):
        messages.success(request, _("Đã lưu. Ai đang làm bài vẫn theo câu hỏi và cách tính điểm cũ."))
        return redirect("quizzes_admin:questions", pk)
    askable = dict(queries.offered(quiz))
    context = {
        "form": form,
        "rows": [(row, askable.get(row["question"].value() or "", "")) for row in form.rows],
        "quiz": quiz,
        "outlook": queries.outlook(quiz),
        "askable": askable.items(),
        "banks": queries.with_counts(QuestionBank.objects.all()),
        "page": QuizPage.objects.filter(translation_key=quiz.activity.translation_key).first(),
    } | heading(_("Câu hỏi của bài kiểm tra"), "tasks", (reverse("quiz:index"), _("Bài kiểm tra")))
    return render(request, "quizzes/admin/questions.html", context, status=422 if form.errors else 200)


def _configure(form: QuizForm, user: User) -> bool:
    """Whether it was saved; if not, the form says why and keeps what was typed. Only who was told may insist."""
    try:
        actions.configure_quiz(**form.arguments(), by=user, at=timezone.now())
    except actions.StaleQuiz as refusal:
        form.add_error(None, str(refusal))
        form.insist_on(refusal.last)
    return not form.errors


def tell_empty(request: HttpRequest, pages: list[Page]) -> None:
    """Which quizzes among pages that were to go live, or below them, are drafts for want of questions."""
    drafts = [page for one in pages for page in QuizPage.objects.descendant_of(one, inclusive=True).not_live()]
    empty = QuizPage.empty_among(page.translation_key for page in drafts)
    if not empty:
        return
    titles = ", ".join(sorted({f"“{page.title}”" for page in drafts if page.translation_key in empty}))
    said = _(
        "Chưa đăng %(titles)s, vì chưa có câu hỏi nào đã duyệt. Bản nháp vẫn còn nguyên; hãy đặt câu hỏi rồi đăng."
    )
    messages.warning(request, said % {"titles": titles})


def tell_short(request: HttpRequest, page: QuizPage) -> None:
    """Of a quiz that is on offer and has fewer questions than it wants."""
    live = QuizPage.objects.live().filter(pk=page.pk)  # the page in hand may be as it was before it was published
    quiz = Quiz.objects.filter(activity__translation_key__in=live.values("translation_key")).first()
    if quiz is None or not (outlook := queries.outlook(quiz)).short:
        return
    said = _(
        "“%(title)s” chỉ hỏi được %(now)s câu thay vì %(wanted)s, vì chưa đủ câu hỏi đã duyệt. Hãy thêm hoặc duyệt câu hỏi."
    )
    there = messages.button(reverse("quizzes_admin:questions", args=[quiz.pk]), _("Xem câu hỏi của bài"))
    numbers = {"title": page.title, "now": outlook.questions, "wanted": outlook.wanted}
    messages.warning(request, said % numbers, buttons=[there])


@require_POST
@staff_with("quizzes.add_allowance")
def allow(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Gives the person of an attempt one more, on the page of that attempt."""
    attempt = get_object_or_404(access.attempts_visible_to(user, "quizzes.add_allowance"), pk=pk)
    reason = request.POST.get("reason", "")
    try:
        actions.allow_another_attempt(
            enrolment=attempt.enrolment, quiz=attempt.quiz, by=user, reason=reason, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Đã cho thêm một lượt làm. Học viên vào lại bài là làm được ngay."))
    return redirect("attempt:inspect", pk)


@require_POST
@staff_with("quizzes.add_allowance")
def allow_time(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Gives the person of an attempt more time, in this one if it is running and in those to come."""
    attempt = get_object_or_404(access.attempts_visible_to(user, "quizzes.add_allowance"), pk=pk)
    minutes, reason = key_of(request.POST.get("minutes")) or 0, request.POST.get("reason", "")
    try:
        actions.allow_more_time(
            enrolment=attempt.enrolment, quiz=attempt.quiz, minutes=minutes, by=user, reason=reason, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Đã cho thêm giờ. Lượt đang làm (nếu có) và các lượt sau đều được thêm chừng ấy phút.")
        )
    return redirect("attempt:inspect", pk)
