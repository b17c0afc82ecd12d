"""The last seat, a double press and a seat given back, all at the same moment; each with a control that shows the collision."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError

from messaging.models import Message
from tests import cast
from tests.racing import at_once, overlapping, without_locks
from workshops import actions, personal, queries
from workshops.actions import registering
from workshops.inviting import receiving
from workshops.models import NoticeKind, Quota, Registration, RegistrationSource, RegistrationState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
CROWD = 40  # connections at a time; S1 asks for 200, which come in rounds
ROUNDS = 5


@pytest.fixture(autouse=True)
def _while_it_is_to_come(_on_the_day):
    """Nobody is offered a seat of what has begun."""
    with cast.on(cast.NOW):
        yield


def people(count: int):
    return [cast.person(f"Đại biểu {number}") for number in range(count)]


def press(workshop, person):
    return lambda: actions.register(workshop=workshop, person=person, source=RegistrationSource.SELF, at=cast.NOW)


def held(workshop) -> int:
    return Registration.objects.filter(workshop=workshop, state=RegistrationState.HELD).count()


def test_of_two_hundred_at_one_seat_one_gets_it_and_the_others_wait():
    workshop, crowd = cast.workshop(capacity=1), people(CROWD * ROUNDS)
    results = []
    for turn in range(ROUNDS):
        results += at_once(*(press(workshop, one) for one in crowd[turn * CROWD : (turn + 1) * CROWD]))
    assert [result for result in results if isinstance(result, Exception)] == []
    assert [result.state for result in results].count("held") == 1
    assert Registration.objects.filter(state=RegistrationState.WAITING).count() == CROWD * ROUNDS - 1
    assert sorted(Registration.objects.values_list("number", flat=True)) == list(range(1, CROWD * ROUNDS + 1))
    assert personal.violations() == []


def test_without_the_lock_a_seat_would_be_promised_twice(monkeypatch):
    """The control: each counts before any other has written. Badges get numbers beforehand, as a constraint keeps those apart."""
    workshop, crowd = cast.workshop(capacity=1), people(4)
    without_locks(monkeypatch)
    meet, count, numbers = Barrier(4), queries.pools, iter(range(1, 5))

    def counted(*asked):
        found = count(*asked)
        meet.wait(10)
        return found

    monkeypatch.setattr(queries, "pools", counted)
    monkeypatch.setattr(registering, "_card", lambda _workshop: {"number": (at := next(numbers)), "code": f"C{at}"})
    at_once(*(press(workshop, one) for one in crowd))
    assert held(workshop) == 4


def test_one_person_who_presses_fifty_times_is_there_once():
    workshop, person = cast.workshop(capacity=5), cast.person("Trần Thị Út")
    results = at_once(*(press(workshop, person) for _press in range(50)))
    assert {getattr(result, "pk", result) for result in results} == {Registration.objects.get().pk}
    assert personal.violations() == []


def test_without_the_lock_a_second_press_would_meet_a_fault(monkeypatch):
    """The control: it looks before the first has committed, and only the database's own rule keeps them apart."""
    workshop, person = cast.workshop(capacity=5), cast.person("Trần Thị Út")
    without_locks(monkeypatch)
    numbers = iter(range(1, 3))
    monkeypatch.setattr(registering, "_card", lambda _workshop: {"number": (at := next(numbers)), "code": f"C{at}"})
    made, fault = overlapping(press(workshop, person), press(workshop, person))
    assert made == Registration.objects.get()
    assert isinstance(fault, IntegrityError)
    assert "registered_once" in str(fault)


class TestSeatsGivenBackAtOnce:
    """Three of eight have one, the others wait."""

    @pytest.fixture
    def presses(self):
        workshop = cast.workshop(capacity=3)
        rows = [
            actions.register(
                workshop=workshop, person=one, source=RegistrationSource.SELF, at=cast.NOW + timedelta(minutes=at)
            )
            for at, one in enumerate(people(8))
        ]
        later = cast.NOW + timedelta(hours=1)
        return [lambda one=one: actions.cancel(registration=one, at=later) for one in rows[:3]]

    @staticmethod
    def states():
        return list(Registration.objects.order_by("number").values_list("state", flat=True))

    def test_they_are_offered_in_order_and_each_once(self, presses):
        assert sorted(at_once(*presses * 2)) == [False, False, False, True, True, True]
        assert self.states() == ["cancelled"] * 3 + ["offered"] * 3 + ["waiting"] * 2
        assert personal.violations() == []

    def test_without_the_lock_all_would_go_to_the_first_who_waits(self, presses, monkeypatch):
        """The control: each sees its own seat free, and no other's."""
        without_locks(monkeypatch)
        meet, count = Barrier(3), queries.pools

        def counted(*asked, **how):
            found = count(*asked, **how)
            meet.wait(10)
            return found

        with monkeypatch.context() as meeting:
            meeting.setattr(queries, "pools", counted)
            at_once(*presses)
        assert self.states() == ["cancelled"] * 3 + ["offered"] + ["waiting"] * 4
        assert any("waits beside a free seat" in said for said in personal.violations())


class TestLastSeatOfAQuota:
    """Two officers of one commune send somebody at the same moment."""

    @pytest.fixture
    def sending(self):
        workshop = cast.workshop(capacity=5)
        quota = Quota.objects.create(workshop=workshop, place=cast.commune(), seats=1)
        by = cast.staff("manager", cast.commune())
        return [lambda one=one: actions.nominate(quota=quota, person=one, by=by, at=cast.NOW) for one in people(8)]

    def test_one_gets_it_and_the_others_are_told_that_it_is_gone(self, sending):
        results = at_once(*sending)
        assert sorted(type(result).__name__ for result in results) == ["Refusal"] * 7 + ["Registration"]
        assert Registration.objects.count() == 1

    def test_without_the_lock_it_would_go_to_several(self, sending, monkeypatch):
        without_locks(monkeypatch)
        meet, count, numbers = Barrier(8), queries.pool, iter(range(1, 9))

        def counted(*asked):
            found = count(*asked)
            meet.wait(10)
            return found

        monkeypatch.setattr(queries, "pool", counted)
        monkeypatch.setattr(registering, "_card", lambda _workshop: {"number": (at := next(numbers)), "code": f"C{at}"})
        at_once(*sending)
        assert Registration.objects.filter(state=RegistrationState.HELD).count() > 1


class TestTellingTwice:
    """Two organisers press at the same moment."""

    @pytest.fixture
    def presses(self):
        workshop = cast.workshop(capacity=20)
        for number in range(5):
            person = cast.person(f"Đại biểu {number}", contact_phone=f"+8491234567{number}")
            actions.register(workshop=workshop, person=person, source=RegistrationSource.NOMINATED, at=cast.NOW)
        return [
            lambda: len(actions.tell(workshop=workshop, kind=NoticeKind.INVITATION, at=cast.NOW, by=None).to_tell)
        ] * 4

    def test_each_delegate_gets_one_message(self, presses):
        assert sorted(at_once(*presses)) == [0, 0, 0, 5]
        assert Message.objects.count() == 5

    def test_without_the_lock_only_the_constraint_would_keep_them_apart(self, presses, monkeypatch):
        without_locks(monkeypatch)
        meet, find = Barrier(4), receiving.sort_out

        def found(*asked):
            known = find(*asked)
            meet.wait(10)
            return known

        monkeypatch.setattr(receiving, "sort_out", found)
        assert any(isinstance(result, IntegrityError) for result in at_once(*presses))
