"""Taking a quiz, one question a page, with or without JavaScript."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import consent_required, person_required, the_person
from accounts.models import Person
from courses import access as course_access
from courses import actions as course_actions
from courses import learning
from courses.models import Enrolment
from lib.refusals import Refusal

from . import access, actions, asking, queries, rules
from .kinds import KINDS
from .models import Attempt, AttemptState, Item, Quiz, ResultPart

TAKES_NONE: dict[type[Refusal], int] = {actions.NotNow: 423, actions.KeyWasSeen: 422}
NOTHING: frozenset[str] = frozenset()  # of a result, while it is no result yet


@require_POST
@consent_required
def start(request: HttpRequest, key: UUID) -> HttpResponse:
    course_access.admit(request, key)
    quiz, person = access.get_quiz(key), the_person(request)
    try:
        attempt = actions.start_attempt(
            enrolment=_join(person, quiz), quiz=quiz, language=get_language() or "vi", at=timezone.now()
        )
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return HttpResponseRedirect(learning.address_of(quiz.activity.course) or reverse("courses:my_learning"))
    return _resume(attempt)


def _join(person: Person, quiz: Quiz) -> Enrolment:
    """Nobody gets into a course by a quiz that was taken down meanwhile."""
    if not (quiz.is_offered or access.enrolment_for(person, quiz)):
        raise Refusal(str(actions.TAKEN_DOWN))
    return course_actions.enrol(person=person, course=quiz.activity.course, at=timezone.now())


def _resume(found: Attempt) -> HttpResponse:
    """To the first question without an answer, or where the order is fixed to the one that was reached; else to the check before
    submitting. Before the first answer to the beginning, which may be words to read."""
    if found.is_fixed_order:
        return _to_reached(found)
    rows = list(found.items.order_by("position").values_list("position", "answer", "marks"))
    if all(answer is None for _position, answer, _marks in rows):
        return redirect(found.address_of(1))
    for position, answer, marks in rows:
        if rules.is_open(answer, marks):
            return redirect(found.address_of(position))
    return redirect("quizzes:submit", pk=found.pk)


@never_cache
@require_safe
@person_required
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """Resumes at the first question without an answer, else at the check before submitting."""
    found = as_of_now(request, pk)
    if found.state == AttemptState.OVERDUE:
        return redirect("quizzes:submit", pk=pk)
    if found.state != AttemptState.IN_PROGRESS:
        return redirect("quizzes:result", pk=pk)
    return _resume(found)


def as_of_now(request: HttpRequest, pk: int, *along: str) -> Attempt:
    return actions.settle(attempt=access.get_attempt(the_person(request), pk, *along), at=timezone.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@consent_required
def item(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    return (_answered if request.method == "POST" else _asked)(request, pk, position)


def _asked(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    try:
        found = access.get_item(the_person(request), pk, position)
    except Http404:
        access.get_attempt(the_person(request), pk)
        return redirect("quizzes:attempt", pk=pk)  # which has no such question
    now = actions.settle(attempt=found.attempt, at=timezone.now())
    if not (now.state == AttemptState.IN_PROGRESS and now.is_at(position)):
        return redirect("quizzes:attempt", pk=pk)
    return redirect(now.address_of(position)) if now.is_whole else _page(request, found, is_stale=False)


def _answered(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    found = access.get_item_to_save(the_person(request), pk, position)
    actions.settle(attempt=found.attempt, at=timezone.now())
    try:
        _save(request, found)
    except actions.StaleAnswer as stale:
        return _page(request, stale.item, is_stale=True)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    except ValueError:
        messages.warning(request, _("Câu trả lời vừa chọn không khớp với câu hỏi nên chưa lưu. Hãy chọn lại."))
    else:
        return _onward(request, found)
    return redirect("quizzes:item", pk=pk, position=position)


def _save(request: HttpRequest, found: Item) -> Item:
    """Raises ValueError for a forged answer, Refusal after submission, StaleAnswer when another tab was faster."""
    answer = KINDS[found.version.kind].clean(found.version.data, request.POST.getlist("answer"))
    revision = int(request.POST.get("revision") or 0)
    return actions.save_answer(item=found, answer=answer, revision=revision, at=timezone.now())


def _onward(request: HttpRequest, found: Item) -> HttpResponse:
    """To the key in practice, else to where the pressed button says: a neighbour, or the check before submitting."""
    go = request.POST.get("go")
    if go == "reveal":
        try:
            actions.reveal_item(item=found, at=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        return redirect("quizzes:item", pk=found.attempt_id, position=found.position)
    if found.attempt.is_fixed_order:
        actions.go_on(item=found, at=timezone.now())
    if go == "check":
        return redirect("quizzes:submit", pk=found.attempt_id)
    is_back = go == "back" and not found.attempt.is_fixed_order
    return redirect(found.attempt.address_of(found.position + (-1 if is_back else 1)))


def _to_reached(attempt: Attempt) -> HttpResponse:
    if attempt.items.filter(position=attempt.at_position).exists():
        return redirect(attempt.address_of(attempt.at_position))
    return redirect("quizzes:submit", pk=attempt.pk)


def _numbers(attempt: Attempt) -> list[dict[str, Any]]:
    rows = attempt.items.order_by("position").values_list("position", "answer", "marks")
    return [_number(position, answer, marks) for position, answer, marks in rows]


def numbers_of(items: Iterable[Item]) -> list[dict[str, Any]]:
    """The questions as the row of their numbers shows them."""
    return [_number(item.position, item.answer, item.marks) for item in items]


def _number(position: int, answer: object, marks: Decimal) -> dict[str, Any]:
    """What is only read is neither answered nor missing."""
    return {
        "position": position,
        "is_answered": answer is not None,
        "is_missing": rules.is_open(answer, marks),
    }


def _page(request: HttpRequest, found: Item, *, is_stale: bool) -> HttpResponse:
    numbers, asked = _numbers(found.attempt), asking.ask(found)
    context = {
        "asked": asked,
        "takes_answer": not found.attempt.is_practice or (asked.is_scored and not asked.is_revealed),
        "attempt": found.attempt,
        "title": asking.title(found.attempt),
        "numbers": numbers,
        "total": len(numbers),
        "is_stale": is_stale,
        "now": timezone.now(),
        "key": asking.revealed(found) if found.revealed_at else None,
    }
    return render(request, "quizzes/item.html", context, status=409 if is_stale else 200)


@never_cache
@require_safe
@consent_required
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """The forms of all questions of an attempt, with which its page steps from one to the next without a network."""
    found = as_of_now(request, pk)
    if found.state != AttemptState.IN_PROGRESS or found.is_fixed_order:
        return redirect("quizzes:attempt", pk=pk)
    all_asked = [asking.ask(item) for item in asking.items(found)]
    return render(
        request, "quizzes/questions.html", {"attempt": found, "all_asked": all_asked, "total": len(all_asked)}
    )


@never_cache
@require_POST
@consent_required
def autosave(request: HttpRequest, pk: int, position: int) -> JsonResponse:
    """{"revision", "is_answered", "due_at" where there is an end} once the server has the answer; 409 with the stored state when
    another tab was faster; 423 while it takes none, 422 once its key was seen in practice, 410 once the attempt is over."""
    found = access.get_item_to_save(the_person(request), pk, position)
    actions.settle(attempt=found.attempt, at=timezone.now())
    try:
        saved = _save(request, found)
    except actions.StaleAnswer as stale:
        state = {"revision": stale.item.revision, "answer": list(asking.chosen(stale.item))}
        return JsonResponse(state, status=409)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=TAKES_NONE.get(type(refusal), 410))
    except ValueError:
        return JsonResponse({"error": _("Câu trả lời này không có trong câu hỏi.")}, status=400)
    end = saved.attempt.due_at  # may have moved since the page was made
    told = {"due_at": timezone.localtime(end).isoformat()} if end else {}
    return JsonResponse({"revision": saved.revision, "is_answered": saved.answer is not None} | told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@consent_required
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    found = as_of_now(request, pk)
    if request.method == "POST":
        return _submit(request, found)
    if not found.is_running:
        return redirect("quizzes:result", pk=pk)
    numbers = _numbers(found)
    missing = [number["position"] for number in numbers if number["is_missing"]]
    context = {
        "attempt": found,
        "numbers": numbers,
        "missing": missing,
        "first_missing": found.address_of(missing[0]) if missing else "",
        "title": asking.title(found),
        "is_overdue": found.state == AttemptState.OVERDUE,
        "now": timezone.now(),
    }
    return render(request, "quizzes/submit.html", context)


def _submit(request: HttpRequest, found: Attempt) -> HttpResponse:
    try:
        actions.submit_attempt(attempt=found, at=timezone.now())
    except Refusal as refusal:
        said = _("%(why)s Chưa nộp được; câu trả lời của anh/chị vẫn được giữ. Hãy báo cán bộ xã.")
        messages.warning(request, said % {"why": refusal})
        return redirect("quizzes:submit", pk=found.pk)
    return redirect("quizzes:result", pk=found.pk)


@never_cache
@require_safe
@person_required
def result(request: HttpRequest, pk: int) -> HttpResponse:
    found = as_of_now(request, pk, "quiz__activity__course", "enrolment")
    if found.is_running:
        return redirect("quizzes:attempt", pk=pk)
    shown = found.quiz.shown_at(timezone.now())
    if found.state == AttemptState.MARKING:
        handed_in = asking.review(found) if shown else []
        return render(request, "quizzes/marking.html", _submitted(found) | {"handed_in": handed_in, "shown": NOTHING})
    if found.state == AttemptState.ABANDONED:
        left = queries.standing(found.enrolment, found.quiz).left
        return render(request, "quizzes/abandoned.html", _submitted(found) | {"quiz": found.quiz, "left": left})
    reviewed = asking.review(found) if shown else []
    return render(request, "quizzes/result.html", _result_context(found, reviewed, shown))


def _submitted(found: Attempt) -> dict[str, object]:
    course = found.quiz.activity.course
    course_page = learning.course_page(course)
    return {
        "attempt": found,
        "title": asking.title(found),
        "course_address": learning.address_of(course) or "",
        "course_title": course_page.title if course_page else course.title,
        "course_language": course_page.locale.language_code if course_page else "vi",
        "is_closed": course.retired_at is not None,
    }


def _result_context(found: Attempt, reviewed: list[asking.Reviewed], shown: frozenset[str]) -> dict[str, object]:
    return _submitted(found) | {
        "shown": shown,
        "quiz": found.quiz,
        "to_review": [one for one in reviewed if one.is_worth_reading or ResultPart.SCORE not in shown],
        "all_items": reviewed,
        "needed": found.max_score * found.pass_percent / 100,
        "left": queries.standing(found.enrolment, found.quiz).left,
        "completed_at": found.enrolment.completed_at,
    }
