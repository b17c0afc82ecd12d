"""Paper for the hall: the two tests, their key for the organisers, and the sheet of feedback."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.access import staff_with
from accounts.models import User
from lib import limits
from lib.refusals import Refusal
from workshops import queries
from workshops.access import TO_MANAGE, workshops_visible_to
from workshops.forms import FACES, FIVE, YES_NO, options_of
from workshops.models import FormQuestion, HallTest, Moment, QuestionKind, Workshop
from workshops.rendering.drawing import drawn, specimen_of

from .items import Paper
from .moments import SLUGS, moment_of


def _of(user: User, pk: int) -> Workshop:
    return get_object_or_404(workshops_visible_to(user, TO_MANAGE), pk=pk)


@require_safe
@staff_with(TO_MANAGE)
def test(request: HttpRequest, user: User, pk: int, moment: str) -> HttpResponse:
    workshop, moment = _of(user, pk), moment_of(moment)
    found = queries.tests_of(workshop).get(moment)
    if found is None:
        raise Http404
    return _answer(request, workshop, "test", context_of(found), f"de-{SLUGS[moment]}-{workshop.slug}.pdf")


def context_of(test: HallTest) -> dict[str, Any]:
    return {"test": test, "asked": Paper(test).asked(), "is_before": test.moment == Moment.BEFORE}


@require_safe
@staff_with(TO_MANAGE)
def key(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    tests = queries.tests_of(workshop)
    if not tests:
        raise Http404
    return _answer(request, workshop, "key", keys_of(tests), f"dap-an-{workshop.slug}.pdf")


def keys_of(tests: Mapping[str, HallTest]) -> dict[str, Any]:
    return {"keys": [(moment == Moment.BEFORE, _key(tests[moment])) for moment in Moment if moment in tests]}


def _key(test: HallTest) -> list[tuple[int, str, str, str]]:
    """Number, words of the question, the letters that are right, and what they say."""
    paper = Paper(test)
    return [
        (
            one.number,
            one.stem,
            " / ".join(paper.right[one.number]),
            "; ".join(words for letter, words in one.choices if letter in paper.right[one.number]),
        )
        for one in paper.asked()
    ]


@require_safe
@staff_with(TO_MANAGE)
def feedback(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    workshop = _of(user, pk)
    questions = queries.feedback_questions(workshop)
    if not questions:
        raise Http404
    return _answer(request, workshop, "feedback", feedback_of(questions), f"phieu-danh-gia-{workshop.slug}.pdf")


@override("vi")
def feedback_of(questions: Iterable[FormQuestion]) -> dict[str, Any]:
    return {"rows": [_row(one) for one in questions]}


def _row(question: FormQuestion) -> dict[str, Any]:
    """A question with the numbers that are ringed on paper and typed by the keyboard."""
    kind = QuestionKind(question.kind)
    known = {QuestionKind.SCALE: FIVE, QuestionKind.FACES: FACES, QuestionKind.YES_NO: YES_NO}
    if kind in known:
        choices = [(value, str(words)) for value, words in known[kind]]
    else:
        choices = [(str(number), words) for number, (words, _label) in enumerate(options_of(question), 1)]
    return {"question": question, "kind": kind.value, "choices": choices}


def _answer(
    request: HttpRequest, workshop: Workshop, name: str, context: dict[str, Any], file_name: str
) -> HttpResponse:
    limits.take(request, "print_workshop")
    try:
        data = sheet(workshop, name, context)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("workshops_hall:tests", workshop.pk)
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def sheet(workshop: Workshop, name: str, context: dict[str, Any]) -> bytes:
    """Raises Refusal."""
    first = workshop.sessions.filter(cancelled_at=None).order_by("starts_at").first()
    said = context | {"workshop": workshop, "specimen": specimen_of(workshop), "first": first}
    return drawn(f"hall_{name}", said, ("fonts.css",), last="hall")
