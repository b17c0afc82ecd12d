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
