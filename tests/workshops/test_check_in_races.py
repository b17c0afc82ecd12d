"""One report sent fifty times at once, one delegate at two desks, a scan while somebody else takes the seat; each with a control."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from tests import cast
from tests.racing import at_once, overlapping, without_locks
from workshops import actions, personal
from workshops.actions import checking_in
from workshops.models import Attendance, Registration, RegistrationSource, Scan, ScanOutcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
DOOR = cast.NOW + timedelta(days=2)


@pytest.fixture
def hall(db):
    workshop = cast.workshop()
    desks = [
        actions.make_desk(workshop=workshop, name="", hours=8, by=None, at=DOOR - timedelta(hours=1))[0]
        for _one in range(2)
    ]
    return workshop, desks


def coming(workshop, name="Trần Thị Út"):
    return actions.register(
        workshop=workshop, person=cast.person(name), source=RegistrationSource.NOMINATED, at=cast.NOW
    )


def scan(desk, nonce=None, **who):
    told = actions.Report(
        nonce=nonce or uuid4(), desk=desk, session=desk.workshop.sessions.get(), occurred_at=DOOR, **who
    )
    return lambda: actions.scan(report=told, at=DOOR)


def outcomes(results):
    return sorted(getattr(one, "outcome", repr(one)) for one in results)


def test_one_report_sent_fifty_times_at_once_is_one_row_with_one_outcome(hall):
    workshop, (desk, _other) = hall
    held, nonce = coming(workshop), uuid4()
    results = at_once(*[scan(desk, nonce, code=held.code)] * 50)
    assert outcomes(results) == ["present"] * 50
    assert (Scan.objects.count(), Attendance.objects.count()) == (1, 1)
    assert personal.violations() == []


def test_nobodys_code_sent_fifty_times_at_once_is_one_row(hall):
    """No delegate's row to wait for: the nonce itself keeps them apart."""
    _workshop, (desk, _other) = hall
    assert outcomes(at_once(*[scan(desk, uuid4(), code="KHONGCO")] * 50)) == ["unknown"] * 50
    assert Scan.objects.count() == 1


def test_one_delegate_at_two_desks_at_once_is_there_once(hall):
    workshop, desks = hall
    held = coming(workshop)
    results = at_once(*[scan(desk, code=held.code) for desk in desks for _again in range(10)])
    assert outcomes(results).count("present") <= 2
    results = at_once(*[scan(desk, number=held.number) for desk in desks])
    assert outcomes(results) == ["again", "again"]
    assert Attendance.objects.count() == 1
    assert personal.violations() == []


def test_without_the_delegates_row_both_desks_would_call_somebody_present(hall, monkeypatch):
    """The control: the second looks before the first has committed, and only the database's own rule stops it, with a fault."""
    workshop, desks = hall
    held = coming(workshop)
    without_locks(monkeypatch)
    first, second = overlapping(scan(desks[0], code=held.code), scan(desks[1], code=held.code))
    assert first.outcome == ScanOutcome.PRESENT
    assert isinstance(second, IntegrityError)


def replace(held):
    return lambda: actions.replace(registration=held, person=cast.person("Lê Văn Hai"), at=DOOR)


def test_a_scan_while_another_takes_the_seat_waits_and_sees_it(hall):
    workshop, (desk, _other) = hall
    held = coming(workshop)
    _made, found = overlapping(replace(held), scan(desk, code=held.code))
    assert found.outcome == ScanOutcome.REPLACED
    assert personal.violations() == []


def test_without_the_lock_who_was_replaced_would_be_there_too(hall, monkeypatch):
    workshop, (desk, _other) = hall
    held = coming(workshop)
    without_locks(monkeypatch)
    _made, found = overlapping(replace(held), scan(desk, code=held.code))
    assert found.outcome == ScanOutcome.PRESENT
    assert Registration.objects.get(pk=held.pk).state == "replaced"


def test_one_walk_in_sent_at_once_from_a_slow_phone_is_one_person(hall):
    workshop, (desk, _other) = hall
    told = actions.Report(nonce=uuid4(), desk=desk, session=workshop.sessions.get(), occurred_at=DOOR, number=0)
    newcomer = checking_in.Newcomer(name="Lâm Văn Mới", place=cast.commune(), consents=tuple(cast.texts()))
    results = at_once(*[lambda: actions.walk_in(report=told, newcomer=newcomer, at=DOOR)] * 20)
    assert outcomes(results) == ["present"] * 20
    assert (Registration.objects.count(), Attendance.objects.count()) == (1, 1)
