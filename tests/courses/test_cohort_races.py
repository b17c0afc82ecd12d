"""Two officers at once, on real connections; each with its control."""

import pytest

from courses import actions
from courses.models import Enrolment
from lib.refusals import Refusal
from tests import cast
from tests.racing import overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def officer():
    return cast.staff("manager")


@pytest.fixture
def cohorts(officer):
    course = cast.course(lessons=1)
    return [cast.cohort(course, officer, name) for name in ("Sáng", "Chiều", "Tối")]


@pytest.fixture
def enrolment(cohorts):
    return cast.enrolment(cast.person(), cohorts[0].course)


def joining(cohort, enrolment, by):
    return lambda: actions.join_cohort(cohort=cohort, enrolments=[enrolment], by=by, at=cast.NOW)


def moving(out_of, into, enrolment, by):
    return lambda: actions.move_to_cohort(cohort=into, out_of=out_of, enrolment=enrolment, by=by, at=cast.NOW)


def now_in(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).cohort


def test_of_two_who_move_the_same_person_the_slower_one_is_told(cohorts, enrolment, officer):
    morning, noon, evening = cohorts
    joining(morning, enrolment, officer)()
    _done, told = overlapping(moving(morning, noon, enrolment, officer), moving(morning, evening, enrolment, officer))
    assert isinstance(told, Refusal)
    assert "không còn ở nhóm “Sáng”" in str(told)
    assert now_in(enrolment) == noon


def test_without_the_locks_the_slower_one_would_have_the_person(cohorts, enrolment, officer, monkeypatch):
    """The control."""
    morning, noon, evening = cohorts
    joining(morning, enrolment, officer)()
    without_locks(monkeypatch)
    _done, told = overlapping(moving(morning, noon, enrolment, officer), moving(morning, evening, enrolment, officer))
    assert told is None
    assert now_in(enrolment) == evening


def test_of_two_who_take_one_person_in_the_slower_one_reads_where_the_person_is(cohorts, enrolment, officer):
    morning, noon, _evening = cohorts
    _done, told = overlapping(joining(morning, enrolment, officer), joining(noon, enrolment, officer))
    assert "đang ở nhóm “Sáng”" in str(told)
    assert now_in(enrolment) == morning


def test_without_the_locks_the_slower_one_would_take_the_person_along(cohorts, enrolment, officer, monkeypatch):
    """The control."""
    morning, noon, _evening = cohorts
    without_locks(monkeypatch)
    _done, joined = overlapping(joining(morning, enrolment, officer), joining(noon, enrolment, officer))
    assert joined == 1
    assert now_in(enrolment) == noon


def closing(cohort, by):
    return lambda: actions.close_cohort(cohort=cohort, by=by, at=cast.NOW)


def test_nobody_slips_into_a_cohort_that_is_being_closed(cohorts, enrolment, officer):
    morning = cohorts[0]
    _done, told = overlapping(closing(morning, officer), joining(morning, enrolment, officer))
    assert isinstance(told, Refusal)
    assert now_in(enrolment) is None


def test_without_the_locks_somebody_would(cohorts, enrolment, officer, monkeypatch):
    """The control."""
    morning = cohorts[0]
    without_locks(monkeypatch)
    _done, joined = overlapping(closing(morning, officer), joining(morning, enrolment, officer))
    assert joined == 1
    assert now_in(enrolment) == morning
    assert now_in(enrolment).closed_at
