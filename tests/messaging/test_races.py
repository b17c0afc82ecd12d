"""Two workers at one message: proved on real connections, with a control that the race does happen."""

import threading

import pytest

from messaging import actions
from messaging.models import Message
from tests import cast
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Counting:
    """A channel that keeps what it sent."""

    sent: list[str]

    def send(self, *, to: str, body: str) -> None:
        self.sent.append(body)


@pytest.fixture
def sent(monkeypatch):
    Counting.sent = []
    monkeypatch.setattr(actions, "sms_channel", Counting)
    return Counting.sent


@pytest.fixture
def message():
    return actions.enqueue(to="+84912345678", body="Chào anh/chị", purpose="hello", at=cast.NOW)


@pytest.mark.postgres
def test_workers_that_find_one_message_at_once_send_it_once(message, sent):
    results = at_once(*[lambda: actions.deliver(message_id=message.pk, at=cast.NOW)] * 6)
    assert sorted(results) == [False] * 5 + [True]
    assert len(sent) == 1


@pytest.mark.postgres
def test_looking_first_whether_it_was_sent_would_send_it_twice(message, sent):
    """The control: two that both saw a waiting message both send it."""
    meet = threading.Barrier(2)

    def careless():
        waiting = Message.objects.filter(pk=message.pk, sent_at=None, due_at__lte=cast.NOW).exists()
        meet.wait(10)
        if waiting:
            Counting().send(to=message.to, body=message.body)

    at_once(careless, careless)
    assert len(sent) == 2


def test_a_worker_that_comes_while_another_is_still_sending_leaves_the_message_alone(message, monkeypatch):
    found = []

    class Slow:
        """The next round of the job begins before the provider has answered."""

        def send(self, *, to: str, body: str) -> None:
            found.append(actions.deliver_due(at=cast.NOW))

    monkeypatch.setattr(actions, "sms_channel", Slow)
    assert actions.deliver_due(at=cast.NOW) == 1
    assert found == [0]
