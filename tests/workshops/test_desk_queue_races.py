"""Queues of several phones that come in at the same moment, twice and out of order: each delegate is there once, and each report has one
outcome."""

import json
import random
from collections import Counter, defaultdict
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from tests import cast
from tests.racing import at_once
from workshops import access, actions, personal
from workshops.desk import taking
from workshops.models import Attendance, Scan

from .desks import DOOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
DELEGATES, GONE, PHONES, AT_ONCE = 100, 10, 8, 10


@pytest.fixture(autouse=True)
def _at_that_hour(_on_the_day):
    with cast.on(DOOR):
        yield


@pytest.fixture
def queued():
    """Two hundred reports, of each delegate one at each of two desks: (the desk's token, report)."""
    workshop = cast.workshop()
    held = [cast.delegate(workshop, f"Đại biểu {at}") for at in range(DELEGATES)]
    for one in held[:GONE]:
        actions.cancel(registration=one, at=cast.NOW)
    desks = [
        actions.make_desk(workshop=workshop, name="", hours=4, by=None, at=DOOR - timedelta(minutes=10))[0]
        for _one in range(2)
    ]
    session = str(workshop.sessions.get().pk)
    return [
        (
            access.token_of(desk),
            {"nonce": str(uuid4()), "kind": "scan", "session": session, "number": one.number, "age": at},
        )
        for desk in desks
        for at, one in enumerate(held)
    ]


def give_in(token, items):
    said = json.dumps({"items": items})
    return Client().post(
        "/diem-danh/gui.json", said, content_type="application/json", headers={"X-Desk": token}
    ).json()["outcomes"]  # fmt: skip


def phone(message):
    return lambda: give_in(*message)


def replayed(queued) -> dict[str, list[str]]:
    """The outcomes of each report: all are sent twice, mixed up, from phones that send at the same moment."""
    chance, messages = random.Random(7), []  # noqa: S311 (not a secret)
    for token in {token for token, _item in queued}:
        items = [item for whose, item in queued if whose == token] * 2
        chance.shuffle(items)
        messages += [(token, items[at : at + AT_ONCE]) for at in range(0, len(items), AT_ONCE)]
    chance.shuffle(messages)
    outcomes = defaultdict(list)
    rounds = [messages[at : at + PHONES] for at in range(0, len(messages), PHONES)]
    for answer in (answer for some in rounds for answer in at_once(*map(phone, some))):
        assert isinstance(answer, list), answer
        for one in answer:
            outcomes[one["nonce"]].append(one["outcome"])
    return outcomes


def test_two_hundred_reports_sent_twice_out_of_order_are_each_written_once(queued):
    outcomes = replayed(queued)
    assert {len(told) for told in outcomes.values()} == {2}
    assert {len(set(told)) for told in outcomes.values()} == {1}, "sent again, a report is answered as before"
    there = DELEGATES - GONE
    assert Counter(told[0] for told in outcomes.values()) == {"present": there, "again": there, "cancelled": 2 * GONE}
    assert (Scan.objects.count(), Attendance.objects.count()) == (2 * DELEGATES, there)
    assert {str(one.nonce): one.outcome for one in Scan.objects.all()} == {
        key: told[0] for key, told in outcomes.items()
    }
    assert personal.violations() == []


def test_without_a_second_look_reports_would_come_back_as_faults(queued, monkeypatch):
    """The control: what was written before is met by the database's own rule alone."""
    monkeypatch.setitem(taking.OF_A_DELEGATE, "scan", transaction.atomic(actions.scan.__wrapped__))
    outcomes = replayed(queued)
    assert any("refused" in told for told in outcomes.values())
    assert Scan.objects.count() < 2 * DELEGATES
