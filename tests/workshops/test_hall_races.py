"""One delegate's sheet from two phones at once, a phone and the keyboard, and feedback pressed twice; each with a control."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from lib.refusals import Refusal
from tests import cast
from tests.racing import at_once, overlapping, without_locks
from workshops import actions, personal
from workshops.models import FeedbackSheet, Registration, TestSheet

from . import halls

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
LATER = cast.NOW + timedelta(minutes=5)


@pytest.fixture
def test(db, organiser):
    return halls.opened(halls.papers(cast.workshop(), organiser)[0], organiser)


@pytest.fixture
def delegate(test):
    return halls.delegate(test.workshop)


def hand_in(test, delegate, letter="A"):
    answers = {str(number): letter for number in range(1, 6)}
    return lambda: actions.hand_in(test=test, registration=delegate, answers=answers, at=LATER)


def write(test, delegate, by):
    return lambda: actions.write_sheet(test=test, badge=delegate.number, letters="BBBBB", by=by, at=LATER)


def test_one_sheet_handed_in_twenty_times_at_once_is_one_sheet(test, delegate):
    results = at_once(*[hand_in(test, delegate)] * 20)
    assert {getattr(one, "pk", repr(one)) for one in results} == {TestSheet.objects.get().pk}
    assert personal.violations() == []


def test_of_two_phones_at_once_the_first_counts_and_the_second_is_told(test, delegate):
    kept, told = overlapping(hand_in(test, delegate, "A"), hand_in(test, delegate, "B"))
    assert isinstance(told, Refusal)
    assert "Bài nộp đầu được giữ" in str(told)
    assert TestSheet.objects.get() == kept
    assert personal.violations() == []


def test_without_its_second_look_the_second_phone_would_meet_a_fault(test, delegate, monkeypatch):
    """The control: both look before either has written, and only the database's own rule keeps them apart."""
    monkeypatch.setattr(
        QuerySet, "get_or_create", lambda rows, defaults, **said: (rows.create(**said | defaults), True)
    )
    _kept, fault = overlapping(hand_in(test, delegate, "A"), hand_in(test, delegate, "B"))
    assert isinstance(fault, IntegrityError)


def test_paper_typed_while_a_phone_hands_in_is_told_so(test, delegate, organiser):
    kept, told = overlapping(hand_in(test, delegate), write(test, delegate, organiser))
    assert isinstance(told, Refusal)
    assert "đã nộp trên điện thoại" in str(told)
    assert TestSheet.objects.get() == kept
    assert personal.violations() == []


@pytest.fixture
def giving(test, delegate, organiser):
    actions.add_usual_questions(workshop=test.workshop, by=organiser, at=cast.NOW)
    halls.present(delegate)
    fresh = Registration.objects.get(pk=delegate.pk)
    return lambda: actions.give_feedback(
        registration=fresh, answers={"1": 3}, is_quotable=False, at=LATER, source="phone"
    )


def test_feedback_pressed_twice_at_once_is_one_sheet(giving):
    _given, told = overlapping(giving, giving)
    assert isinstance(told, Refusal)
    assert FeedbackSheet.objects.count() == 1
    assert personal.violations() == []


def test_without_the_delegates_row_feedback_would_count_twice(giving, monkeypatch):
    without_locks(monkeypatch)
    overlapping(giving, giving)
    assert FeedbackSheet.objects.count() == 2
    assert personal.violations() == [f"workshop {FeedbackSheet.objects.first().workshop_id}: 1 gave feedback, 2 sheets"]
