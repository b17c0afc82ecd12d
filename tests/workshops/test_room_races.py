"""The last seat of a room, and one delegate at two doors, all at the same moment; each with a control that shows the collision."""

from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest

from lib.refusals import Refusal
from tests import cast
from tests.racing import at_once, overlapping, without_locks
from workshops import actions, parallel, personal
from workshops.actions import placing
from workshops.models import Assignment, Attendance, RegistrationSource

from .rooms import beside, officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
CROWD = 30


def press(workshop, person, room):
    return lambda: actions.register(
        workshop=workshop, person=person, source=RegistrationSource.SELF, at=cast.NOW, rooms=[room.pk]
    )


def test_of_many_who_choose_the_last_seat_of_a_room_one_gets_it_and_the_others_are_told():
    workshop = cast.workshop()
    _first, second = beside(workshop, seats=1)
    results = at_once(*(press(workshop, cast.person(f"Đại biểu {n}"), second) for n in range(CROWD)))
    refused = [one for one in results if isinstance(one, Refusal)]
    assert len(refused) == CROWD - 1
    assert all("vừa hết chỗ" in str(one) for one in refused)
    assert Assignment.objects.filter(session=second).count() == 1
    assert personal.violations() == []


def test_those_who_change_to_it_and_those_who_register_meet_at_one_seat():
    workshop = cast.workshop()
    first, second = beside(workshop, seats=1)
    there = [press(workshop, cast.person(f"Trước {n}"), first)() for n in range(8)]
    changes = [
        lambda one=one: actions.choose_rooms(registration=one, sessions=[second.pk], at=cast.NOW) for one in there
    ]
    at_once(*changes, *(press(workshop, cast.person(f"Sau {n}"), second) for n in range(8)))
    assert Assignment.objects.filter(session=second).count() == 1
    assert personal.violations() == []


def test_without_the_lock_the_last_seat_of_a_room_would_be_given_twice(monkeypatch):
    """The control: each counts before any other has written."""
    workshop = cast.workshop()
    first, second = beside(workshop, seats=1)
    there = [press(workshop, cast.person(f"Đại biểu {n}"), first)() for n in range(4)]
    without_locks(monkeypatch)
    meet, count = Barrier(4), parallel.pools

    def counted(*asked, **how):
        found = count(*asked, **how)
        meet.wait(10)
        return found

    monkeypatch.setattr(placing.parallel, "pools", counted)
    at_once(
        *(lambda one=one: actions.choose_rooms(registration=one, sessions=[second.pk], at=cast.NOW) for one in there)
    )
    assert Assignment.objects.filter(session=second).count() == 4


def into(workshop, one, room):
    """A form of the organiser's that moves one delegate."""
    key, by = parallel.choices(workshop)[0].key, officer()
    return lambda: actions.assign_rooms(workshop=workshop, wanted={one.pk: {key: room.pk}}, by=by, at=cast.NOW)


def test_forms_of_two_organisers_and_delegates_meet_at_one_seat():
    workshop = cast.workshop()
    first, second = beside(workshop, seats=1)
    there = [press(workshop, cast.person(f"Đại biểu {n}"), first)() for n in range(8)]
    own = [lambda one=one: actions.choose_rooms(registration=one, sessions=[second.pk], at=cast.NOW) for one in there]
    results = at_once(*(into(workshop, one, second) for one in there), *own)
    assert all(isinstance(one, (Refusal, actions.Assigned, int)) for one in results), results
    assert Assignment.objects.filter(session=second).count() == 1
    assert personal.violations() == []


def test_without_the_lock_forms_would_give_the_last_seat_twice(monkeypatch):
    """The control: each counts before any other has written."""
    workshop = cast.workshop()
    first, second = beside(workshop, seats=1)
    there = [press(workshop, cast.person(f"Đại biểu {n}"), first)() for n in range(4)]
    forms = [into(workshop, one, second) for one in there]
    without_locks(monkeypatch)
    meet, count = Barrier(4), parallel.seats

    def counted(*asked):
        found = count(*asked)
        meet.wait(10)
        return found

    monkeypatch.setattr(parallel, "seats", counted)
    at_once(*forms)
    assert Assignment.objects.filter(session=second).count() == 4


def desk_of(workshop, at):
    return actions.make_desk(workshop=workshop, name="", hours=4, by=None, at=at)[0]


def test_who_stands_at_two_doors_at_once_is_in_one_room():
    workshop = cast.workshop()
    rooms = beside(workshop)
    door = rooms[0].starts_at - timedelta(minutes=10)
    held = [cast.delegate(workshop, f"Đại biểu {n}") for n in range(6)]
    desk = desk_of(workshop, door)
    scans = [
        lambda one=one, room=room: actions.scan(
            report=actions.Report(nonce=uuid4(), desk=desk, session=room, occurred_at=door, code=one.code), at=door
        )
        for one in held
        for room in rooms
    ]
    results = at_once(*scans)
    assert sorted(getattr(one, "outcome", repr(one)) for one in results) == ["present"] * 6 + ["room"] * 6
    assert Attendance.objects.filter(taken_back_at=None).count() == 6
    assert personal.violations() == []


def test_whom_a_desk_takes_in_while_a_list_is_typed_is_moved_back_by_no_paper():
    workshop = cast.workshop()
    first, second = beside(workshop)
    door = first.starts_at - timedelta(minutes=20)
    desk, _code = actions.make_desk(workshop=workshop, name="", hours=8, by=None, at=door - timedelta(minutes=10))
    held = press(workshop, cast.person("Trần Thị Út"), first)()
    told = actions.Report(nonce=uuid4(), desk=desk, session=second, occurred_at=door, number=held.number)
    by = officer()
    _made, count = overlapping(
        lambda: actions.take_in(report=told, at=door),
        lambda: actions.sign_sheet(session=first, registrations=[held], by=by, at=door),
    )
    assert count == 0
    assert Attendance.objects.get(taken_back_at=None).session == second
    assert personal.violations() == []
