"""Two taps, two phones, two workers: proved with real connections, each with a control that the race does happen."""

import threading

import pytest
from django.db import IntegrityError, transaction

from lib.refusals import Refusal
from quizzes import actions, queries
from quizzes.models import Allowance, Attempt, Item, Quiz
from tests import cast
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def enrolment():
    course = cast.course(lessons=0, with_quiz=True)
    return cast.enrolment(cast.trainee().person, course)


def test_two_taps_start_one_attempt(enrolment):
    quiz = Quiz.objects.get()

    def start():
        return actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW).pk

    results = at_once(*[start] * 6)
    assert len(set(results)) == 1
    assert Attempt.objects.count() == 1


def test_without_the_lock_the_constraint_would_refuse(enrolment):
    """The control: two transactions that both saw no attempt do collide."""
    quiz, meet = Quiz.objects.get(), threading.Barrier(2)

    def careless():
        with transaction.atomic():
            seen = Attempt.objects.filter(enrolment=enrolment).count()
            meet.wait(10)
            Attempt.objects.create(
                enrolment=enrolment, quiz=quiz, number=seen + 1, pass_percent=70, started_at=cast.NOW, max_score=1
            )

    results = at_once(careless, careless)
    assert sum(isinstance(result, IntegrityError) for result in results) == 1


def test_of_two_answers_at_once_one_is_told(enrolment):
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    item = Item.objects.get(attempt=attempt, position=1)

    def save(answer):
        return lambda: actions.save_answer(item=item, answer=answer, revision=0, at=cast.NOW).answer

    results = at_once(save("a"), save("b"), save("c"))
    saved = [result for result in results if isinstance(result, str)]
    stale = [result for result in results if isinstance(result, actions.StaleAnswer)]
    item.refresh_from_db()
    assert (len(saved), len(stale)) == (1, 2)
    assert item.answer == saved[0]


def test_two_submissions_complete_once(enrolment):
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    Item.objects.filter(attempt=attempt).update(answer="a")
    results = at_once(*[lambda: actions.submit_attempt(attempt=attempt, at=cast.NOW).score] * 4)
    assert len(set(results)) == 1
    assert enrolment.completions.count() == 1


@pytest.fixture
def used_up(enrolment):
    Quiz.objects.update(attempts_allowed=1)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    return actions.submit_attempt(attempt=attempt, at=cast.NOW)


def test_two_officers_at_once_give_one_attempt(used_up):
    by = cast.staff("manager")

    def give():
        return actions.allow_another_attempt(
            enrolment=used_up.enrolment, quiz=used_up.quiz, by=by, reason="Mất điện", at=cast.NOW
        )

    results = at_once(give, give, give)
    assert sum(isinstance(result, Refusal) for result in results) == 2
    assert Allowance.objects.count() == 1


def test_without_the_lock_two_officers_would_give_two(used_up):
    """The control: both look while none is left, then both give."""
    meet = threading.Barrier(2)

    def careless():
        with transaction.atomic():
            assert queries.standing(used_up.enrolment, used_up.quiz).left == 0
            meet.wait(10)
            Allowance.objects.create(
                enrolment=used_up.enrolment, quiz=used_up.quiz, reason="Mất điện", given_at=cast.NOW
            )

    at_once(careless, careless)
    assert Allowance.objects.count() == 2
