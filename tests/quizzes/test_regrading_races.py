"""A quiz that is regraded while somebody hands it in, or while an essay of it is marked: with controls that it would go wrong."""

import pytest

from quizzes import actions, personal, regrading
from quizzes.models import Attempt, Question, QuestionBank, Quiz
from tests import cast
from tests.racing import overlapping, without_locks

from .samples import SAMPLES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
WHY = "Đáp án câu 1 ghi nhầm"


@pytest.fixture
def enrolment():
    course = cast.course(lessons=0, with_quiz=True)
    return cast.enrolment(cast.trainee().person, course)


def started(enrolment, answer):
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    attempt.items.update(answer=answer)
    return attempt


def rekeyed(right):
    """Every question has another key from now on."""
    choices = [choice | {"right": choice["id"] == right} for choice in cast.CHOICES]
    for question in Question.objects.filter(kind="single"):
        cast.question(QuestionBank.objects.get(), question.key, data={"choices": choices})
    quiz = Quiz.objects.get()
    decisions = regrading.by_newest_keys(one for one in regrading.asked(quiz) if one.outdated)
    return lambda: actions.regrade(quiz=quiz, decisions=decisions, reason=WHY, by=None, at=cast.NOW)


def submit(attempt):
    return lambda: actions.submit_attempt(attempt=attempt, at=cast.NOW)


def score(attempt):
    return Attempt.objects.get(pk=attempt.pk).score


def test_a_regrade_that_meets_a_submission_waits_and_scores_it_by_the_new_key(enrolment):
    attempt = started(enrolment, "b")
    _submitted, done = overlapping(submit(attempt), rekeyed("b"))
    assert (done.attempts, score(attempt)) == (1, 3)
    assert personal.violations() == []


def test_without_the_lock_the_submission_would_be_lost(enrolment, monkeypatch):
    """The control: the regrade writes back the running attempt that it has read."""
    attempt = started(enrolment, "b")
    without_locks(monkeypatch)
    overlapping(submit(attempt), rekeyed("b"))
    attempt.refresh_from_db()
    assert attempt.state == "in_progress"


def test_a_submission_that_meets_a_regrade_waits_and_is_scored_by_the_new_key(enrolment):
    attempt = started(enrolment, "b")
    _done, submitted = overlapping(rekeyed("b"), submit(attempt))
    assert submitted.score == 3
    assert personal.violations() == []


def test_without_the_lock_the_submission_would_be_scored_by_the_key_of_before(enrolment, monkeypatch):
    """The control: it has read the items before their new key was there."""
    attempt = started(enrolment, "b")
    without_locks(monkeypatch)
    _done, submitted = overlapping(rekeyed("b"), submit(attempt))
    assert submitted.score == 0


@pytest.fixture
def essay(enrolment):
    """An attempt with a choice and an essay that waits for marking."""
    bank = QuestionBank.objects.get()
    written = cast.question(bank, "viet", kind="essay", data=SAMPLES["essay"])
    slots = [actions.SlotSpec(question=Question.objects.first()), actions.SlotSpec(question=written)]
    activity = enrolment.course.activities.get()
    actions.configure_quiz(activity=activity, pass_percent=70, attempts_allowed=3, slots=slots, at=cast.NOW)
    attempt = started(enrolment, "b")
    return actions.submit_attempt(attempt=attempt, at=cast.NOW).items.get(position=2)


def mark(item):
    by = cast.staff("manager")
    return lambda: actions.mark_item(item=item, points={"a": "3", "b": "1"}, comment="", by=by, at=cast.NOW)


def test_a_regrade_that_meets_the_last_mark_waits_and_both_count(essay):
    overlapping(mark(essay), rekeyed("b"))
    attempt = essay.attempt
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score, attempt.passed) == ("finished", 2, True)


def test_without_the_lock_the_attempt_would_wait_for_marking_again(essay, monkeypatch):
    """The control: the regrade writes back the state that it has read before the mark."""
    without_locks(monkeypatch)
    overlapping(mark(essay), rekeyed("b"))
    attempt = essay.attempt
    attempt.refresh_from_db()
    assert attempt.state == "marking"
