"""Two officers join the same people at once, and people go on learning meanwhile, on real connections with controls."""

from dataclasses import replace

import pytest
from django.db import OperationalError

from accounts import actions, personal
from accounts.actions.logins import learner_of
from accounts.models import DataRequest, OneTimeCard, Person
from accounts.rights import actions as rights
from courses import actions as courses
from courses.models import Enrolment
from lib import registries
from lib.refusals import Refusal
from tests import cast
from tests.racing import crossing, overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def two():
    return cast.person(), cast.person()


def merge(person, into):
    return actions.merge_people(person=person, into=into, by=None, reason="x", at=cast.NOW)


def test_crosswise_the_second_is_told(two):
    _first, second = overlapping(lambda: merge(*two), lambda: merge(two[1], two[0]))
    assert isinstance(second, Refusal)
    assert Person.objects.get(merged_into=None) == two[1]
    assert personal.violations() == []


def test_without_locks_they_would_lead_to_each_other(two, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    overlapping(lambda: merge(*two), lambda: merge(two[1], two[0]))
    assert not Person.objects.filter(merged_into=None).exists()
    assert len(personal.violations()) == 2


def test_the_same_by_two_happens_once(two):
    first, second = overlapping(lambda: merge(*two), lambda: merge(*two))
    assert first == second == two[1]


def test_who_enrols_in_that_moment_keeps_the_course(two):
    course = cast.course()
    _merged, enrolment = overlapping(
        lambda: merge(*two), lambda: courses.enrol(person=two[0], course=course, at=cast.NOW)
    )
    assert enrolment.person == two[0]
    actions.follow_merged(at=cast.NOW)
    assert Enrolment.objects.get().person == two[1]


def hold(enrolment):
    return Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)


def want(person):
    """As a paper does, which bears the name as it stands."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def test_a_paper_that_is_being_issued_and_a_merge_do_not_block_each_other(two):
    enrolment = cast.enrolment(two[0], cast.course())
    wanted, merged = crossing(lambda: hold(enrolment), lambda: merge(*two), lambda: want(two[0]))
    assert (wanted, merged) == (two[0], two[1])


def hold_request(asked):
    return DataRequest.objects.select_for_update().get(pk=asked.pk)


def test_a_request_that_is_being_settled_and_a_merge_do_not_block_each_other(two):
    asked = rights.ask(person=two[0], kind="correct", at=cast.NOW)
    wanted, merged = crossing(lambda: hold_request(asked), lambda: merge(*two), lambda: want(two[0]))
    assert (wanted, merged) == (two[0], two[1])


@pytest.fixture
def card(two):
    actions.issue_card(person=two[0], by=cast.staff("manager", cast.commune()), at=cast.NOW)
    return OneTimeCard.objects.get()


def use(card):
    return OneTimeCard.objects.filter(pk=card.pk, used_at=None).update(used_at=cast.NOW)


def test_who_uses_a_first_card_and_a_merge_do_not_block_each_other(two, card):
    user, merged = crossing(lambda: use(card), lambda: merge(*two), lambda: learner_of(card.person, cast.NOW))
    assert (user.is_active, merged) == (True, two[1])


def test_were_cards_locked_after_persons_one_of_them_would_fail(two, card, monkeypatch):
    """The control."""
    name = "accounts.OneTimeCard.person"
    monkeypatch.setitem(registries.person_records.entries, name, replace(registries.person_records[name], hold=None))
    outcomes = crossing(lambda: use(card), lambda: merge(*two), lambda: learner_of(card.person, cast.NOW))
    assert [isinstance(one, OperationalError) for one in outcomes].count(True) == 1


def test_were_requests_locked_after_persons_one_of_them_would_fail(two, monkeypatch):
    """The control."""
    name = "accounts.DataRequest.person"
    monkeypatch.setitem(registries.person_records.entries, name, replace(registries.person_records[name], hold=None))
    asked = rights.ask(person=two[0], kind="correct", at=cast.NOW)
    outcomes = crossing(lambda: hold_request(asked), lambda: merge(*two), lambda: want(two[0]))
    assert [isinstance(one, OperationalError) for one in outcomes].count(True) == 1


def test_were_persons_locked_first_one_of_them_would_fail(two, monkeypatch):
    """The control."""
    name = "courses.Enrolment.person"
    monkeypatch.setitem(registries.person_records.entries, name, replace(registries.person_records[name], hold=None))
    enrolment = cast.enrolment(two[0], cast.course())
    outcomes = crossing(lambda: hold(enrolment), lambda: merge(*two), lambda: want(two[0]))
    assert [isinstance(one, OperationalError) for one in outcomes].count(True) == 1
