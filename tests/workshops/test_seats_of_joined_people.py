"""Two records of one person are joined while both are on a workshop's list: one seat is kept, the other goes to whoever waits."""

from datetime import timedelta

import pytest

from accounts import actions as accounts
from tests import cast
from workshops import actions, personal, queries
from workshops.models import RegistrationSource, Scan, Session, Workshop
from workshops.reporting import facts

pytestmark = pytest.mark.django_db
NOMINATED = RegistrationSource.NOMINATED


@pytest.fixture
def workshop(db):
    return cast.workshop(capacity=2)


@pytest.fixture
def people(db):
    return [cast.person(f"Đại biểu {number}") for number in range(4)]


def coming(workshop, person):
    return actions.register(workshop=workshop, person=person, source=NOMINATED, at=cast.NOW)


def join(one, into):
    accounts.merge_people(person=one, into=into, by=cast.staff("manager", None), reason="cùng một người", at=cast.NOW)


def states(*rows):
    for one in rows:
        one.refresh_from_db()
    return [one.state for one in rows]


def test_of_two_seats_one_goes_to_whoever_waits(workshop, people):
    first, second, waiting = (coming(workshop, one) for one in people[:3])
    join(people[0], people[1])
    assert states(first, second, waiting) == ["cancelled", "held", "offered"]
    assert personal.violations() == []


def test_of_two_turns_the_longer_wait_is_kept(workshop, people):
    coming(workshop, people[0]), coming(workshop, people[1])
    early, late = (coming(workshop, one) for one in people[2:])
    early.waiting_since, late.waiting_since = cast.NOW, cast.NOW.replace(hour=9)
    early.save(), late.save()
    join(people[2], people[3])
    assert states(early, late) == ["cancelled", "waiting"]
    assert late.waiting_since == cast.NOW
    assert personal.violations() == []


def test_who_has_a_seat_waits_no_more(workshop, people):
    held = coming(workshop, people[0])
    coming(workshop, people[1])
    waiting = coming(workshop, people[2])
    join(people[2], people[0])
    assert states(held, waiting) == ["held", "cancelled"]


def test_the_list_of_a_workshop_that_is_closed_stands(workshop, people):
    first, second = (coming(workshop, one) for one in people[:2])
    Workshop.objects.update(closed_at=cast.NOW)
    join(people[0], people[1])
    assert states(first, second) == ["held", "held"]


@pytest.mark.parametrize("state", ["cancelled", "expired"])
def test_a_turn_is_kept_where_the_other_record_had_given_up(workshop, people, state):
    coming(workshop, people[0]), coming(workshop, people[1])
    waiting, gone = coming(workshop, people[2]), coming(workshop, people[3])
    actions.cancel(registration=gone, at=cast.NOW)
    type(gone).objects.filter(pk=gone.pk).update(state=state)
    join(people[2], people[3])
    assert states(waiting, gone) == ["cancelled", "waiting"]
    assert gone.waiting_since is not None
    assert personal.violations() == []


def test_a_sure_seat_is_worth_more_than_an_offer_which_goes_on(workshop, people):
    held, leaving = coming(workshop, people[0]), coming(workshop, people[1])
    offered, waiting = coming(workshop, people[2]), coming(workshop, people[3])
    actions.cancel(registration=leaving, at=cast.NOW)
    assert states(offered) == ["offered"]
    join(people[0], people[2])
    assert states(held, offered, waiting) == ["cancelled", "held", "offered"]
    assert offered.offered_until is None
    assert personal.violations() == []


class TestPresence:
    """One person of two records was there once."""

    def test_of_two_that_were_recorded_at_one_session_one_counts_in_all_totals(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        session = workshop.sessions.get()
        for one in (first, second):
            cast.present(one)
        join(people[0], people[1])
        (taken_back,) = first.attendances.all()
        assert taken_back.taken_back_why == f"là một người với thẻ {second.number}"
        assert second.attendances.get().taken_back_at is None
        assert queries.present_count(workshop) == 1
        assert queries.present_and_expected(session) == (1, 1)
        total = facts.gather(workshop).total
        assert (total.registered, total.present) == (1, 1)
        assert personal.violations() == []

    def test_what_only_the_record_that_goes_was_at_goes_to_the_other(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        session = workshop.sessions.get()
        later = Session.objects.create(
            workshop=workshop, name="Sau", starts_at=session.ends_at, ends_at=session.ends_at + timedelta(hours=2)
        )
        cast.present(first, later), cast.present(second, session)
        Scan.objects.create(
            nonce="1", session=later, code=first.code, registration=first, outcome="present",
            occurred_at=later.starts_at, recorded_at=later.starts_at,
        )  # fmt: skip
        join(people[0], people[1])
        assert {one.session for one in second.attendances.filter(taken_back_at=None)} == {session, later}
        assert queries.present_count(workshop) == 1
        assert personal.violations() == []

    def test_nobody_was_in_two_rooms_at_one_hour(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        session = workshop.sessions.get()
        beside = Session.objects.create(
            workshop=workshop, name="Phòng khác", starts_at=session.starts_at, ends_at=session.ends_at, room="Phòng 2"
        )
        cast.present(first, beside), cast.present(second, session)
        join(people[0], people[1])
        assert [one.session for one in second.attendances.filter(taken_back_at=None)] == [session]
        assert not first.attendances.filter(taken_back_at=None).exists()

    def test_of_a_workshop_that_is_closed_too(self, workshop, people):
        first, second = (coming(workshop, one) for one in people[:2])
        for one in (first, second):
            cast.present(one)
        Workshop.objects.update(closed_at=cast.NOW)
        join(people[0], people[1])
        assert facts.gather(workshop).total.present == 1
