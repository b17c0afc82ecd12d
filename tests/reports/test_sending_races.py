"""Two workers send each report once."""

import threading
from datetime import UTC, datetime

import pytest

from accounts.models import MailAddress
from messaging import mailing
from reports.sending import actions
from reports.sending.models import Sending, SendingState
from tests import cast
from tests.racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
MONDAY = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


@pytest.fixture
def sent(monkeypatch):
    user = cast.staff("manager", cast.commune())
    MailAddress.objects.create(user=user, address="can.bo@xa.gov.vn", confirmed_at=cast.NOW)
    for what in ("board", "plan", "calls"):
        actions.subscribe(user=user, place=cast.commune(), what=what, every="week", way="mail", by=user, at=cast.NOW)
    actions.subscribe(user=user, place=cast.commune(), what="plan", every="week", way="message", by=user, at=cast.NOW)
    keys: list[str] = []
    monkeypatch.setattr(mailing, "send", lambda *, key, **_mail: keys.append(key))
    return keys


def test_workers_that_run_the_job_at_once_send_each_period_once(sent):
    outcomes = at_once(*[lambda: actions.send_due(at=MONDAY)] * 4)
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert len(sent) == len(set(sent)) == 3
    states = sorted(Sending.objects.values_list("state", flat=True))
    assert states == [SendingState.OUTBOX, *[SendingState.SENT] * 3]


def test_looking_first_whether_it_was_sent_would_send_it_twice(sent):
    """The control: two that both saw a waiting report both send it."""
    actions._write_down(MONDAY)
    pk, meet = Sending.objects.filter(subscription__way="mail").first().pk, threading.Barrier(2)

    def careless():
        waits = Sending.objects.filter(pk=pk, state=SendingState.WAITING).exists()
        meet.wait(10)
        if waits:
            mailing.send(key=f"report-{pk}")

    at_once(careless, careless)
    assert sent == [f"report-{pk}"] * 2


def test_the_same_order_pressed_at_once_is_one(sent):
    user = actions.Subscription.objects.first().user
    order = {"user": user, "place": cast.commune(), "what": "board", "every": "month", "way": "mail", "by": user}
    made = at_once(*[lambda: actions.subscribe(**order, at=cast.NOW)] * 6)
    assert len({one.pk for one in made}) == 1
