from datetime import timedelta

import pytest
from django.utils import timezone

from demo.models import PhoneMessage
from messaging import actions
from messaging.channels import ChannelError
from messaging.models import Message

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OUT = {"to": "+84912345678", "body": "Mã của anh/chị là 123456", "purpose": "code", "at": NOW}


class Broken:
    def send(self, *, to: str, body: str) -> None:
        raise ChannelError("nhà mạng không nhận")


def break_channel(monkeypatch):
    monkeypatch.setattr(actions, "sms_channel", Broken)


def test_a_secret_message_is_sent_when_the_transaction_commits_and_then_forgotten(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = actions.enqueue(**OUT, is_secret=True)
    message.refresh_from_db()
    assert message.sent_at is not None
    assert message.body == ""
    assert PhoneMessage.objects.get().body == OUT["body"]


def test_other_messages_wait_for_the_next_round():
    actions.enqueue(**OUT)
    assert not PhoneMessage.objects.exists()
    assert actions.deliver_due(at=NOW) == 1
    assert PhoneMessage.objects.count() == 1


def test_the_same_key_is_sent_once():
    for _ in range(3):
        actions.enqueue(**OUT, dedupe_key="reminder:1")
    actions.deliver_due(at=NOW)
    actions.deliver_due(at=NOW)
    assert PhoneMessage.objects.count() == Message.objects.count() == 1


def test_a_message_that_the_provider_refuses_waits_and_is_tried_again(monkeypatch):
    message = actions.enqueue(**OUT)
    with monkeypatch.context() as patched:
        break_channel(patched)
        assert actions.deliver_due(at=NOW) == 0
    message.refresh_from_db()
    assert (message.attempts, message.last_error, message.sent_at) == (1, "nhà mạng không nhận", None)
    assert actions.deliver_due(at=NOW) == 0, "not before its time"
    assert actions.deliver_due(at=NOW + timedelta(hours=1)) == 1


def test_after_six_tries_it_is_given_up(monkeypatch):
    break_channel(monkeypatch)
    message = actions.enqueue(**OUT)
    for day in range(10):
        actions.deliver_due(at=NOW + timedelta(days=day))
    message.refresh_from_db()
    assert message.attempts == actions.MAX_ATTEMPTS
    assert message.failed_at is not None


def test_a_message_claimed_by_one_worker_is_left_alone_by_the_other():
    message = actions.enqueue(**OUT)
    assert actions.deliver(message_id=message.pk, at=NOW)
    assert not actions.deliver(message_id=message.pk, at=NOW)


def test_messages_are_forgotten_after_thirty_days():
    actions.enqueue(**OUT)
    assert actions.forget_old(at=NOW + timedelta(days=29)) == 0
    assert actions.forget_old(at=NOW + timedelta(days=31)) == 1


def test_whatever_a_provider_raises_the_person_who_waits_sees_no_error(monkeypatch, django_capture_on_commit_callbacks):
    class Hanging:
        def send(self, *, to: str, body: str) -> None:
            raise TimeoutError(f"no answer for {to}")

    monkeypatch.setattr(actions, "sms_channel", Hanging)
    with django_capture_on_commit_callbacks(execute=True):
        message = actions.enqueue(**OUT, is_secret=True)
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (1, "TimeoutError"), "the number is not stored with the error"


def test_a_code_that_has_run_out_is_neither_sent_nor_kept(monkeypatch):
    break_channel(monkeypatch)
    message = actions.enqueue(**OUT, is_secret=True)
    for minute in range(15):
        actions.deliver_due(at=NOW + timedelta(minutes=minute))
    message.refresh_from_db()
    assert message.failed_at is not None
    assert message.body == ""
    assert message.attempts < actions.MAX_ATTEMPTS


def test_a_code_that_ran_out_while_it_waited_is_neither_sent_nor_kept(django_capture_on_commit_callbacks):
    waiting = actions.enqueue(**OUT, is_secret=True)
    assert actions.deliver_due(at=NOW + timedelta(hours=3)) == 0
    waiting.refresh_from_db()
    assert (waiting.sent_at, waiting.body) == (None, "")
    assert waiting.failed_at
    assert not PhoneMessage.objects.exists()


@pytest.fixture
def slow(monkeypatch):
    """A channel whose provider takes six minutes for each message; tells when each was sent, and who else tried meanwhile."""
    passed = [0]
    meanwhile = []

    class Slow:
        def send(self, *, to: str, body: str) -> None:
            if body == "thứ hai":
                meanwhile.append(actions.deliver_due(at=NOW + timedelta(seconds=passed[0])))
            passed[0] += 360

    monkeypatch.setattr(actions, "monotonic", lambda: passed[0])
    monkeypatch.setattr(actions, "sms_channel", Slow)
    return meanwhile


def test_in_a_long_round_a_message_is_claimed_when_its_turn_comes(slow):
    first, second = (actions.enqueue(**OUT | {"body": body}) for body in ("thứ nhất", "thứ hai"))
    assert actions.deliver_due(at=NOW) == 2
    assert slow == [0], "another worker's round finds nothing that is being sent"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.sent_at, second.sent_at) == (NOW, NOW + timedelta(minutes=6))


def test_a_code_that_runs_out_during_a_long_round_is_neither_sent_nor_kept(slow):
    for _ in range(2):
        actions.enqueue(**OUT)
    code = actions.enqueue(**OUT, is_secret=True)
    assert actions.deliver_due(at=NOW) == 2
    assert actions.deliver_due(at=NOW + timedelta(minutes=12)) == 0
    code.refresh_from_db()
    assert (code.sent_at, code.body, code.last_error) == (None, "", "expired")
