"""Two hundred browsers post the form of registration for one seat, in rounds of as many as there are connections for: what each is told."""

from collections import Counter
from threading import Barrier

import pytest

from lib import generation
from tests import cast
from tests.racing import at_once, without_locks
from workshops import parallel, personal, queries
from workshops.actions import registering
from workshops.models import Assignment, Registration

from .rooms import beside

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True), pytest.mark.postgres]
CROWD, ROUNDS = 40, 5
FORM = "/tap-huan/bo-tieu-chi-moi/dang-ky/"
SEAT, TURN = "anh/chị đã có chỗ", "ghi anh/chị vào danh sách dự bị"
FULL = "vừa hết chỗ. Hãy chọn phòng khác."


@pytest.fixture(autouse=True)
def _while_it_is_open(_on_the_day):
    with cast.on(cast.NOW):
        yield


def browsers(count: int):
    return [cast.client_of(cast.trainee(f"Đại biểu {at}", f"09123{at:05}")) for at in range(count)]


def posts(clients, **more):
    """Whoever posts is shown the page that follows."""
    return [lambda one=one: one.post(FORM, {"unit": "HTX"} | more, follow=True) for one in clients]


def in_rounds(calls):
    return [answer for at in range(0, len(calls), CROWD) for answer in at_once(*calls[at : at + CROWD])]


def told(answers, *sentences) -> Counter:
    """How many were told which of these, by the status of the page; of whom something failed the error stands there."""
    return Counter(
        (answer.status_code, next((one for one in sentences if one in answer.text), "?"))
        if hasattr(answer, "status_code")
        else repr(answer)
        for answer in answers
    )


def test_the_last_seat_goes_to_one_and_each_of_the_others_is_told_to_wait():
    workshop = cast.workshop(capacity=1)
    generation.bump()
    answers = in_rounds(posts(browsers(CROWD * ROUNDS)))
    assert told(answers, SEAT, TURN) == {(200, SEAT): 1, (200, TURN): CROWD * ROUNDS - 1}
    assert Counter(workshop.registrations.values_list("state", flat=True)) == {
        "held": 1, "waiting": CROWD * ROUNDS - 1
    }  # fmt: skip
    assert personal.violations() == []


@pytest.fixture
def of_a_room():
    """The field and the value by which the last seat of a room is asked for."""
    rooms = beside(cast.workshop(), seats=1)
    generation.bump()
    return {f"room{min(one.pk for one in rooms)}": rooms[1].pk}


def test_the_last_seat_of_a_room_goes_to_one_and_each_of_the_others_is_refused_and_written_nowhere(of_a_room):
    answers = in_rounds(posts(browsers(CROWD * ROUNDS), **of_a_room))
    assert told(answers, SEAT, FULL) == {(200, SEAT): 1, (422, FULL): CROWD * ROUNDS - 1}
    assert (Registration.objects.count(), Assignment.objects.count()) == (1, 1)
    assert personal.violations() == []


def unguarded(monkeypatch, calls, counting):
    """For controls: what calls give that all have counted (`counting`, of a module) before any other has written. Badges get numbers
    beforehand, as a constraint keeps those apart."""
    without_locks(monkeypatch)
    numbers = iter(range(1, len(calls) + 1))
    monkeypatch.setattr(registering, "_card", lambda _workshop: {"number": (at := next(numbers)), "code": f"C{at}"})
    meet, count = Barrier(len(calls)), counting.pools

    def counted(*asked, **how):
        found = count(*asked, **how)
        meet.wait(10)
        return found

    with monkeypatch.context() as meeting:
        meeting.setattr(counting, "pools", counted)
        return at_once(*calls)


def test_without_the_lock_each_would_be_told_to_have_the_seat(monkeypatch):
    workshop = cast.workshop(capacity=1)
    generation.bump()
    assert told(unguarded(monkeypatch, posts(browsers(4)), queries), SEAT, TURN) == {(200, SEAT): 4}
    assert personal.violations() == [f"workshop {workshop.pk}: 4 of 1 seats held (open seats)"]


def test_without_the_lock_each_would_be_told_to_have_the_seat_of_the_room(of_a_room, monkeypatch):
    answers = unguarded(monkeypatch, posts(browsers(4), **of_a_room), parallel)
    assert told(answers, SEAT, FULL) == {(200, SEAT): 4}
    assert "4 of 1 seats held (session" in " ".join(personal.violations())
