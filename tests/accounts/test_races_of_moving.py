"""A move that two officers decide at once, on real connections with a control."""

import pytest

from accounts import actions
from accounts.models import Move
from lib import dates
from lib.refusals import Refusal
from tests import cast
from tests.racing import overlapping, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def move():
    user = cast.trainee()
    day = dates.local_day(cast.NOW)
    return actions.ask_move(person=user.person, place=cast.commune("Tân Tiến"), moves_on=day, by=user, at=cast.NOW)


def decide(move, by, is_confirmed):
    return actions.decide_move(move=move, by=by, is_confirmed=is_confirmed, reason="x", at=cast.NOW)


@pytest.fixture
def two():
    return [cast.staff("manager", cast.province(), phone=f"098765432{n}", name=f"Cán Bộ {n}") for n in range(2)]


def test_the_second_is_told_that_it_was_decided(move, two):
    _first, second = overlapping(lambda: decide(move, two[0], True), lambda: decide(move, two[1], False))
    assert isinstance(second, Refusal)
    move.refresh_from_db()
    assert (move.state, move.person.place) == ("done", move.after)


def test_without_the_lock_a_move_would_be_refused_that_was_done(move, two, monkeypatch):
    """The control."""
    without_locks(monkeypatch)
    overlapping(lambda: decide(move, two[0], True), lambda: decide(move, two[1], False))
    move = Move.objects.get()
    assert (move.state, move.person.place) == ("refused", move.after)


@pytest.mark.parametrize("is_due", [False, True])
def test_a_move_that_waits_while_its_person_is_joined_is_done_to_the_row_that_stays(is_due, move, two):
    by, stays = two[0], cast.person()
    if is_due:
        Move.objects.update(state="confirmed", decided_by=by, decided_at=cast.NOW)
    run = (lambda: actions.do_due_moves(at=cast.NOW)) if is_due else (lambda: decide(move, by, True))
    overlapping(lambda: actions.merge_people(person=move.person, into=stays, by=by, reason="x", at=cast.NOW), run)
    move.refresh_from_db()
    assert (move.state, move.person, move.person.place) == ("done", stays, move.after)
