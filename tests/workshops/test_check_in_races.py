"""One report sent fifty times at once, one delegate at two desks, a scan while somebody else takes the seat or the session is being closed; each
with a control."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tests.racing import at_once, overlapping, without_locks
from workshops import actions, personal
from workshops.models import Attendance, Registration, RegistrationSource, Scan, ScanOutcome, Session

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


def report(desk, nonce=None, session=None, **who):
    session = session or desk.workshop.sessions.get()
    return actions.Report(nonce=nonce or uuid4(), desk=desk, session=session, occurred_at=DOOR, **who)


def scan(desk, nonce=None, **who):
    told = report(desk, nonce, **who)
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


def unguarded(desk, **who):
    """The action alone: the second try that the database's rule leads to is left out."""
    told = report(desk, **who)
    return transaction.atomic(lambda: actions.scan.__wrapped__(report=told, at=DOOR))


def test_without_locks_and_a_second_look_both_desks_would_call_somebody_present(hall, monkeypatch):
    """The control: the second looks before the first has committed, and only the database's own rule stops it, with a fault."""
    workshop, desks = hall
    held = coming(workshop)
    without_locks(monkeypatch)
    first, second = overlapping(unguarded(desks[0], code=held.code), unguarded(desks[1], code=held.code))
    assert first.outcome == ScanOutcome.PRESENT
    assert isinstance(second, IntegrityError)


def test_the_second_desk_looks_again_where_the_databases_rule_stopped_it(hall, monkeypatch):
    workshop, desks = hall
    held = coming(workshop)
    without_locks(monkeypatch)
    first, second = overlapping(scan(desks[0], code=held.code), scan(desks[1], code=held.code))
    assert (first.outcome, second.outcome) == (ScanOutcome.PRESENT, ScanOutcome.AGAIN)
    assert Attendance.objects.count() == 1


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
    newcomer = actions.Newcomer(name="Lâm Văn Mới", place=cast.commune(), consents=tuple(cast.texts()))
    results = at_once(*[lambda: actions.walk_in(report=told, newcomer=newcomer, at=DOOR)] * 20)
    assert outcomes(results) == ["present"] * 20
    assert (Registration.objects.count(), Attendance.objects.count()) == (1, 1)
    assert personal.violations() == []


@pytest.fixture
def closing(hall):
    workshop, by = hall[0], cast.staff("organiser", cast.province())
    return lambda: actions.close_sessions(workshop=workshop, sessions=[workshop.sessions.get()], by=by, at=DOOR)


def test_a_scan_while_the_session_is_being_closed_waits_and_records_nobody(hall, closing):
    workshop, (desk, _other) = hall
    held = coming(workshop)
    _closed, found = overlapping(closing, scan(desk, code=held.code))
    assert found.outcome == ScanOutcome.CLOSED
    assert not Attendance.objects.exists()


def test_without_the_sessions_row_somebody_would_come_into_a_closed_session(hall, closing, monkeypatch):
    workshop, (desk, _other) = hall
    held = coming(workshop)
    without_locks(monkeypatch)
    _closed, found = overlapping(closing, scan(desk, code=held.code))
    assert found.outcome == ScanOutcome.PRESENT
    assert Session.objects.get().closed_at


def test_closing_waits_for_a_scan_and_counts_whom_it_recorded(hall, closing):
    workshop, (desk, _other) = hall
    made, closed = overlapping(scan(desk, code=coming(workshop).code), closing)
    assert (made.outcome, closed.completed) == (ScanOutcome.PRESENT, 1)


def test_without_the_sessions_row_closing_would_miss_whom_a_desk_just_recorded(hall, closing, monkeypatch):
    workshop, (desk, _other) = hall
    held = coming(workshop)
    without_locks(monkeypatch)
    made, closed = overlapping(scan(desk, code=held.code), closing)
    assert (made.outcome, closed.completed) == (ScanOutcome.PRESENT, 0)


@pytest.mark.parametrize("act", ["sheet", "self", "back", "conflict"])
def test_whatever_changes_presence_waits_for_closing(hall, closing, act):
    workshop, (desk, _other) = hall
    held, session, by = coming(workshop), workshop.sessions.get(), cast.staff("organiser", phone="0987654322")
    lost = actions.scan(report=report(desk, code="KHONGCO"), at=DOOR)
    Scan.objects.filter(pk=lost.pk).update(registration=held)
    lost.refresh_from_db()
    other = cast.present(coming(workshop, "Lê Văn Hai"), session)
    acts = {
        "sheet": lambda: actions.sign_sheet(session=session, registrations=[held], by=by, at=DOOR),
        "self": lambda: actions.check_in_self(registration=held, session=session, at=DOOR),
        "back": lambda: actions.take_back(attendance=other, why="Nhầm", by=by, at=DOOR),
        "conflict": lambda: actions.settle(scan=lost, accept=True, by=by, at=DOOR),
    }
    _closed, found = overlapping(closing, acts[act])
    assert "chốt" in str(found) or found == ScanOutcome.CLOSED
    assert list(Attendance.objects.filter(taken_back_at=None)) == [other]
    assert personal.violations() == []


def test_one_report_for_two_sessions_at_once_is_recorded_in_one(hall):
    """No phone sends that; whoever has its token may."""
    workshop, (desk, _other) = hall
    held, nonce, first = coming(workshop), uuid4(), workshop.sessions.get()
    second = Session.objects.create(workshop=workshop, name="Phòng 2", room="2", starts_at=DOOR, ends_at=first.ends_at)
    results = at_once(*[scan(desk, nonce, session=one, code=held.code) for one in (first, second)] * 5)
    assert outcomes(results) == ["present"] * 10
    assert (Scan.objects.count(), Attendance.objects.count()) == (1, 1)
    assert personal.violations() == []
