"""A cohort is given time at the moment at which one of its members begins; on real connections, with the control."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from courses import actions as courses
from lib.refusals import Refusal
from quizzes import actions
from quizzes.actions import cohorts
from quizzes.models import Allowance, Attempt, Quiz
from tests import cast
from tests.racing import crossing, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def calls():
    """Giving the cohort ten minutes, and its member beginning a quiz of twenty."""
    course = cast.course(lessons=0, with_quiz=True)
    Quiz.objects.update(time_limit=20)
    quiz, officer = Quiz.objects.get(), cast.staff("manager")
    cohort, enrolment = cast.cohort(course, officer), cast.enrolment(cast.person(), course)
    courses.join_cohort(cohort=cohort, enrolments=[enrolment], by=officer, at=cast.NOW)
    given = {"attempts": 0, "minutes": 10, "by": officer, "reason": "Mất điện", "at": cast.NOW}
    return (
        lambda: actions.allow_cohort(cohort=cohort, quiz=quiz, **given),
        lambda: actions.start_attempt(enrolment=enrolment, quiz=quiz, language="vi", at=cast.NOW),
    )


def minutes():
    return (Attempt.objects.get().due_at - cast.NOW) / timedelta(minutes=1)


def test_who_begins_while_it_is_given_has_it(calls):
    give, start = calls
    overlapping(give, start)
    assert minutes() == 30


def test_who_has_just_begun_has_it_too_and_once(calls):
    give, start = calls
    overlapping(start, give)
    assert minutes() == 30


@pytest.mark.parametrize("is_given_first", [True, False])
def test_without_the_locks_nobody_would_see_the_other(calls, is_given_first, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    overlapping(*calls if is_given_first else reversed(calls))
    assert minutes() == 20


def taking_back(give):
    """What was given already, and the officer who takes it back."""
    allowance = give()
    return lambda: actions.take_back_from_cohort(allowance=allowance, by=allowance.given_by, at=cast.NOW)


def test_what_somebody_has_just_begun_with_is_not_taken_back(calls):
    give, start = calls
    back = taking_back(give)
    _done, told = overlapping(start, back)
    assert "đã có người làm bài" in str(told)
    assert Allowance.objects.exists()
    assert minutes() == 30


def test_who_begins_while_it_is_taken_back_does_not_have_it(calls):
    give, start = calls
    overlapping(taking_back(give), start)
    assert not Allowance.objects.exists()
    assert minutes() == 20


@pytest.mark.parametrize("is_begun_first", [True, False])
def test_without_the_locks_it_would_be_had_and_taken_back(calls, is_begun_first, monkeypatch):
    """The control."""
    give, start = calls
    pair = start, taking_back(give)
    without_locks(monkeypatch)
    overlapping(*pair if is_begun_first else reversed(pair))
    assert not Allowance.objects.exists()
    assert minutes() == 30


@pytest.fixture
def seen_late(monkeypatch):
    """As if the attempt had begun after those under way were locked: it is not among them at first. Says how often it was looked."""
    looked, look = [], cohorts._lock_attempts

    def late(*where):
        looked.append(where)
        return look(*where) if len(looked) > 1 else []

    monkeypatch.setattr(cohorts, "_lock_attempts", late)
    return looked


@pytest.fixture
def handing_in(calls, seen_late):
    """Giving while a member who has begun a moment ago hands in, and passes: what became of both."""
    give, start = calls
    attempt = start()
    Attempt.objects.update(pass_percent=0)
    return lambda: crossing(
        lambda: Attempt.objects.select_for_update().get(),
        give,
        lambda: actions.submit_attempt(attempt=attempt, at=cast.NOW),
    )


def test_who_has_begun_between_the_locks_has_it_all_the_same(calls, seen_late):
    give, start = calls
    start()
    give()
    assert minutes() == 30
    assert len(seen_late) == 2


def test_whoever_hands_in_what_was_begun_between_the_locks_waits_for_nobody_who_waits(handing_in):
    handed_in, given = handing_in()
    assert handed_in.passed
    assert given == Allowance.objects.get()
    assert minutes() == 20, "it was handed in before"


def test_without_a_second_look_the_two_would_wait_for_each_other(handing_in, monkeypatch):
    """The control: the attempt is written to under locks of enrolments, without its own."""
    monkeypatch.setattr(
        cohorts, "_has_begun_meanwhile", lambda cohort, quiz, locked: locked.extend(Attempt.objects.all())
    )
    assert [type(one) for one in handing_in()].count(OperationalError) == 1


def test_while_more_and_more_begin_it_is_given_up_with_a_sentence(calls, monkeypatch):
    give, start = calls
    start()
    monkeypatch.setattr(cohorts, "_lock_attempts", lambda cohort, quiz: [])
    with pytest.raises(Refusal, match="đợi một lát rồi bấm lại"):
        give()
    assert not Allowance.objects.exists()
