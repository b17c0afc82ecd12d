"""On a delegate's phone: the test, the sheet of feedback, and what there is to take along."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lib import limits
from lib.refusals import Refusal
from workshops import actions, queries, rules
from workshops.models import HallTest, Moment, Registration, SheetSource, TestSheet
from workshops.showing import Shown

from .forms import BadgeForm, FeedbackForm, WhoForm
from .items import Paper, language_here
from .who import Visitor, by_badge, in_the_hall, remembered

KNOWN = ("badge", "digits")  # fields by which somebody says who it is


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_hall
def test(request: HttpRequest, shown: Shown, visitor: Visitor, moment: Moment) -> HttpResponse:
    """All questions on one page; the score once a sheet is handed in, and never which answers are right. Of a test without names the phone
    alone that handed in is told the score: a number is read off anybody's badge."""
    test = queries.tests_of(shown.workshop).get(moment)
    if test is None:
        raise Http404
    context = {"shown": shown, "workshop": shown.workshop, "test": test, "visitor": visitor, "moment": moment}
    delegate = visitor.known_as(is_anonymous=test.is_anonymous)
    if delegate is None:
        return _who(request, shown, context, BadgeForm if test.is_anonymous else WhoForm)
    if request.method == "POST":
        return _handed_in(request, test, delegate, context)
    sheet = TestSheet.objects.filter(test=test, badge=delegate.number).first()
    if sheet is not None:
        return _result(request, sheet, context)
    if test.opened_at is None or test.closed_at:
        return render(request, "workshops/hall/not_open.html", context)
    paper = Paper(test)
    return _asked(request, paper, {}, context)


def _who(request: HttpRequest, shown: Shown, context: dict[str, Any], kind: type[BadgeForm]) -> HttpResponse:
    """Says who it is, and comes back to the same address."""
    is_said = request.method == "POST" and "badge" in request.POST
    form = kind(request.POST if is_said else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            visitor = by_badge(request, shown.workshop, said["badge"], said["digits"] if form.is_proving else None)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return remembered(request, shown.workshop, visitor)
    return render(request, "workshops/hall/who.html", context | {"form": form}, status=422 if form.errors else 200)


def _asked(
    request: HttpRequest, paper: Paper, chosen: dict[str, str], context: dict[str, Any], **said: Any
) -> HttpResponse:
    asked = [(one, chosen.get(str(one.number), "")) for one in paper.asked(language_here())]
    open_ones = [one.number for one, letter in asked if not letter] if said else []
    context = context | {"asked": asked, "open_ones": open_ones} | said
    return render(request, "workshops/hall/test.html", context, status=422 if said else 200)


def _handed_in(request: HttpRequest, test: HallTest, delegate: Registration, context: dict[str, Any]) -> HttpResponse:
    """Who left questions open is asked once whether that is meant."""
    limits.take(request, "hand_in_hall")
    paper = Paper(test)
    given = paper.tidy({str(item.number): request.POST.get(f"q{item.number}", "") for item in paper.items})
    known = TestSheet.objects.filter(test=test, badge=delegate.number).exists()
    if len(given) < len(paper) and "anyway" not in request.POST and not known and not test.closed_at:
        return _asked(request, paper, given, context, is_incomplete=True)
    try:
        actions.hand_in(test=test, registration=delegate, answers=given, at=timezone.now())
    except Refusal as refusal:
        return render(request, "workshops/hall/refused.html", context | {"refusal": str(refusal)}, status=409)
    visitor: Visitor = context["visitor"]
    if visitor.is_proven:
        return redirect(request.path)
    return remembered(request, test.workshop, replace(visitor, handed_in=(*visitor.handed_in, test.pk)))


def _result(request: HttpRequest, sheet: TestSheet, context: dict[str, Any]) -> HttpResponse:
    test = context["test"]
    said = {
        "sheet": sheet,
        "may_see_score": context["visitor"].may_see_score_of(test),
        "has_passed": rules.has_passed(sheet.right, sheet.questions, test.pass_percent),
        "is_feedback_asked": bool(queries.feedback_questions(test.workshop)) and test.moment == Moment.AFTER,
    }
    return render(request, "workshops/hall/result.html", context | said)


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_hall
def feedback(request: HttpRequest, shown: Shown, visitor: Visitor) -> HttpResponse:
    questions = queries.feedback_questions(shown.workshop)
    if not questions:
        raise Http404
    context = {"shown": shown, "workshop": shown.workshop, "visitor": visitor}
    registration = visitor.known_as(is_anonymous=False)
    if registration is None:
        return _who(request, shown, context, WhoForm)
    if registration.gave_feedback:
        return render(request, "workshops/hall/thanks.html", context)
    form = FeedbackForm(request.POST if request.method == "POST" else None, questions=questions)
    if form.is_valid():
        limits.take(request, "hand_in_hall")
        try:
            actions.give_feedback(
                registration=registration, answers=form.answers(), is_quotable=form.cleaned_data["is_quotable"],
                at=timezone.now(), source=SheetSource.PHONE,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(request.path)
    context |= {"form": form, "is_present": actions.was_there(registration)}
    return render(request, "workshops/hall/feedback.html", context, status=422 if form.errors else 200)


@require_safe
@in_the_hall
def materials(request: HttpRequest, shown: Shown, visitor: Visitor) -> HttpResponse:
    sessions = [(one, list(one.materials.all())) for one in shown.held]
    context = {
        "shown": shown,
        "workshop": shown.workshop,
        "sessions": [(one, rows) for one, rows in sessions if rows],
    }
    return render(request, "workshops/hall/materials.html", context)
