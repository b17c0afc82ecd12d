"""A cohort is given time at the moment at which one of its members begins; on real connections, with the control."""

from datetime import timedelta

import pytest

from courses import actions as courses
from quizzes import actions
from quizzes.models import Attempt, Quiz
from tests import cast
from tests.racing import overlapping, without_locks

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
