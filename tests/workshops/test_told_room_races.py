"""A room that changes at the moment at which a message about it is sent: what goes out is what the delegate counts as told."""

import threading
from types import SimpleNamespace

import pytest
from django.db import connections
from django.db.models import QuerySet

from messaging import actions as messaging
from messaging.models import Message
from tests import cast, racing
from workshops import actions, parallel, personal
from workshops.inviting import receiving
from workshops.models import NoticeKind, RegistrationSource

from .rooms import beside, officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    bodies = list[str]()
    channel = SimpleNamespace(send=lambda *, to, body: bodies.append(body))
    monkeypatch.setattr(messaging, "sms_channel", lambda: channel)
    return bodies


def move_while_it_is_sent(monkeypatch) -> bool:
    """Whether the delegate, who was invited to room 2, counts as told of room 1; a worker takes the message just before it is written anew."""
    workshop = cast.workshop()
    first, second = beside(workshop)
    one = actions.register(
        workshop=workshop, person=cast.person(contact_phone="+84912345678"), source=RegistrationSource.NOMINATED, at=cast.NOW,
        rooms=[second.pk],
    )  # fmt: skip
    by, write, workers = officer(), QuerySet.bulk_update, list[threading.Thread]()
    actions.tell(workshop=workshop, kind=NoticeKind.INVITATION, at=cast.NOW, by=by)

    def deliver():
        messaging.deliver_due(at=cast.NOW)
        connections.close_all()

    def written(rows, *said, **how):
        if rows.model is Message:
            worker = threading.Thread(target=deliver)
            workers.append(worker)
            worker.start()
            while worker.is_alive() and not racing._is_waited_for():
                pass
        return write(rows, *said, **how)

    monkeypatch.setattr(QuerySet, "bulk_update", written)
    wanted = {one.pk: {parallel.choices(workshop)[0].key: first.pk}}
    actions.assign_rooms(workshop=workshop, wanted=wanted, by=by, at=cast.NOW)
    for worker in workers:
        worker.join(30)
    return receiving.untold(workshop, parallel.rooms(workshop)).by_message == 0


def test_a_worker_that_comes_meanwhile_sends_the_room_of_now(monkeypatch, sent):
    assert move_while_it_is_sent(monkeypatch)
    (body,) = sent
    assert "Phong 1" in body
    assert personal.violations() == []


def test_without_the_lock_it_would_send_the_old_one_to_who_counts_as_told(monkeypatch, sent):
    """The control."""
    racing.without_locks(monkeypatch)
    assert move_while_it_is_sent(monkeypatch)
    (body,) = sent
    assert "Phong 2" in body
