"""Who is there: what a desk records, by which reason it does not, and that a thing that is reported again happened once (S2)."""

import random
from copy import deepcopy
from datetime import timedelta
from uuid import uuid4

import pytest
from wagtail.models import ModelLogEntry

from lib import codes
from lib.refusals import Refusal
from tests import cast
from tests.conftest import made_for_a_file
from workshops import actions, personal, queries
from workshops.models import (
    Attendance,
    CheckInWay,
    Desk,
    Registration,
    RegistrationSource,
    RegistrationState,
    Scan,
    ScanOutcome,
    Session,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DOOR = cast.NOW + timedelta(days=2) - timedelta(minutes=20)
MORNING = DOOR - timedelta(hours=1)


made_workshop = made_for_a_file(lambda: cast.workshop(capacity=300))


@pytest.fixture
def workshop(made_workshop, db):
    return deepcopy(made_workshop)


@pytest.fixture
def session(workshop):
    return workshop.sessions.get()


@pytest.fixture
def desk(workshop):
    return desk_of(workshop)


def desk_of(workshop, name="Bàn 1", at=MORNING, hours=8):
    return actions.make_desk(workshop=workshop, name=name, hours=hours, by=None, at=at)[0]


def coming(workshop, name="Trần Thị Út", source=RegistrationSource.NOMINATED, **fields):
    return actions.register(workshop=workshop, person=cast.person(name, **fields), source=source, at=cast.NOW)


def report(desk, held=None, *, session=None, at=DOOR, nonce=None, **who):
    who = who or {"code": held.code}
    return actions.Report(
        nonce=nonce or uuid4(), desk=desk, session=session or desk.workshop.sessions.first(), occurred_at=at, **who
    )


def scanned(desk, held=None, **fields):
    return actions.scan(report=report(desk, held, **fields), at=fields.get("at", DOOR))


def there(session):
    rows = Attendance.objects.filter(session=session, taken_back_at=None)
    return sorted(rows.values_list("registration__person__name", flat=True))


def newcomer(name="Lâm Văn Mới", **fields):
    known = {"name": name, "place": cast.commune(), "consents": tuple(cast.texts())} | fields
    return actions.Newcomer(**known)


def test_a_desks_code_is_told_once_and_kept_as_a_hash(workshop):
    desk, code = actions.make_desk(workshop=workshop, name="Bàn 1", hours=4, by=None, at=MORNING)
    assert len(code) == 10
    assert set(code) <= set(codes.ALPHABET)
    assert code not in "".join(map(str, Desk.objects.values().get().values()))
    assert codes.matches("desk", code, desk.code_hash)
    assert desk.expires_at == MORNING + timedelta(hours=4)


def test_a_desk_is_open_no_longer_than_the_workshops_door(workshop, session):
    assert desk_of(workshop, hours=48).expires_at == session.ends_at + timedelta(hours=1)
    with pytest.raises(Refusal, match="đã kết thúc"):
        desk_of(workshop, at=session.ends_at + timedelta(hours=1))
    workshop.cancelled_at = cast.NOW
    workshop.save()
    with pytest.raises(Refusal, match="đã hủy"):
        desk_of(workshop)


def test_a_desk_is_ended_once(desk):
    assert actions.end_desk(desk=desk, by=None, at=DOOR)
    assert not actions.end_desk(desk=desk, by=None, at=DOOR + timedelta(minutes=1))
    assert Desk.objects.get().ended_at == DOOR
    assert sorted(ModelLogEntry.objects.filter(action__contains="desk").values_list("action", flat=True)) == [
        "workshops.desk_ended", "workshops.desk_made",
    ]  # fmt: skip


def test_a_ticket_makes_its_delegate_present_with_both_clocks(desk, session):
    held = coming(desk.workshop)
    made = actions.scan(report=report(desk, held, at=DOOR), at=DOOR + timedelta(hours=2))
    assert made.outcome == ScanOutcome.PRESENT
    one = Attendance.objects.get()
    assert (one.registration, one.session, one.desk, one.way) == (held, session, desk, CheckInWay.SCAN)
    assert (one.occurred_at, one.recorded_at) == (DOOR, DOOR + timedelta(hours=2))


def test_a_badges_number_finds_the_delegate_of_this_workshop(desk, session):
    coming(desk.workshop)
    held = coming(desk.workshop, "Lê Văn Hai")
    assert scanned(desk, number=held.number, is_search=True).outcome == ScanOutcome.PRESENT
    assert there(session) == ["Lê Văn Hai"]
    assert Attendance.objects.get().way == CheckInWay.SEARCH
    assert scanned(desk, number=99).outcome == ScanOutcome.UNKNOWN


@pytest.mark.parametrize(
    ("state", "fields", "outcome"),
    [
        ("cancelled", {"ended_at": cast.NOW}, "cancelled"),
        ("replaced", {"ended_at": cast.NOW}, "replaced"),
        ("waiting", {"waiting_since": cast.NOW}, "waiting"),
    ],
)
def test_who_has_no_seat_is_not_recorded_and_the_reason_is_told(desk, session, state, fields, outcome):
    held = coming(desk.workshop)
    Registration.objects.filter(pk=held.pk).update(state=state, **fields)
    assert scanned(desk, held).outcome == outcome
    assert there(session) == []


def test_a_ticket_of_another_workshop_names_nobody(desk, session):
    other = cast.workshop(cast.course(slug="khac", title="Khác"), slug="lop-khac")
    made = scanned(desk, coming(other))
    assert (made.outcome, made.registration) == (ScanOutcome.ELSEWHERE, None)
    assert there(session) == []


def test_what_is_no_ticket_is_kept_to_be_looked_at(desk):
    made = scanned(desk, code="https://example.org/" + "x" * 80)
    assert made.outcome == ScanOutcome.UNKNOWN
    assert len(made.code) == 32


@pytest.mark.parametrize("change", [{"at": DOOR - timedelta(hours=4)}, {"at": DOOR + timedelta(hours=9)}])
def test_outside_the_hours_of_session_or_desk_nobody_is_recorded(desk, session, change):
    assert scanned(desk, coming(desk.workshop), **change).outcome == ScanOutcome.OUTSIDE
    assert there(session) == []


def test_a_desk_that_was_ended_gives_in_what_it_recorded_before(desk, session):
    first, second = coming(desk.workshop), coming(desk.workshop, "Lê Văn Hai")
    actions.end_desk(desk=desk, by=None, at=DOOR + timedelta(minutes=5))
    desk.refresh_from_db()
    assert scanned(desk, first, at=DOOR).outcome == ScanOutcome.PRESENT
    assert scanned(desk, second, at=DOOR + timedelta(minutes=6)).outcome == ScanOutcome.OUTSIDE


@pytest.mark.parametrize(("field", "outcome"), [("closed_at", "closed"), ("cancelled_at", "outside")])
def test_a_session_that_is_closed_or_cancelled_takes_nobody(desk, field, outcome):
    held = coming(desk.workshop)
    Session.objects.update(**{field: DOOR})
    assert scanned(desk, held).outcome == outcome


def test_who_was_offered_a_seat_takes_it_by_being_there(desk, session):
    held = coming(desk.workshop)
    Registration.objects.update(state=RegistrationState.OFFERED, offered_until=DOOR + timedelta(days=1))
    assert scanned(desk, held).outcome == ScanOutcome.PRESENT
    held.refresh_from_db()
    assert (held.state, held.offered_until) == (RegistrationState.HELD, None)


def test_the_same_report_again_has_the_same_outcome_and_no_second_row(desk, session):
    held, nonce = coming(desk.workshop), uuid4()
    outcomes = {scanned(desk, held, nonce=nonce).outcome for _again in range(50)}
    assert outcomes == {ScanOutcome.PRESENT}
    assert (Scan.objects.count(), Attendance.objects.count()) == (1, 1)


def test_a_report_keeps_its_outcome_also_when_the_attendance_was_taken_back(desk, session):
    held, nonce = coming(desk.workshop), uuid4()
    scanned(desk, held, nonce=nonce)
    actions.take_back(attendance=Attendance.objects.get(), why="Bấm nhầm", by=cast.staff("organiser"), at=DOOR)
    assert scanned(desk, held, nonce=nonce).outcome == ScanOutcome.PRESENT
    assert there(session) == []
    assert scanned(desk, held).outcome == ScanOutcome.PRESENT  # a new scan counts
    assert there(session) == ["Trần Thị Út"]


def test_at_a_second_desk_somebody_is_there_already(desk, session):
    held, second = coming(desk.workshop), desk_of(desk.workshop, "Bàn 2")
    scanned(desk, held)
    assert scanned(second, held).outcome == ScanOutcome.AGAIN
    assert Attendance.objects.get().desk == desk


def test_two_hundred_queued_scans_replayed_twice_out_of_order_leave_one_each(desk, session):
    second = desk_of(desk.workshop, "Bàn 2")
    crowd = [coming(desk.workshop, f"Đại biểu {number}") for number in range(90)]
    gone = [coming(desk.workshop, f"Đã hủy {number}") for number in range(10)]
    for one in gone:
        actions.cancel(registration=one, at=cast.NOW)
    queue = [report(which, one) for which in (desk, second) for one in [*crowd, *gone]]
    replayed = queue * 2
    random.Random(7).shuffle(replayed)  # noqa: S311 (not a secret)
    outcomes = [actions.scan(report=one, at=DOOR + timedelta(hours=1)).outcome for one in replayed]
    assert len(replayed) == 400
    assert len(there(session)) == 90
    kept = list(Scan.objects.values_list("outcome", flat=True))
    assert (len(kept), kept.count("present"), kept.count("again"), kept.count("cancelled")) == (200, 90, 90, 20)
    assert (outcomes.count("present"), outcomes.count("again"), outcomes.count("cancelled")) == (180, 180, 40)
    assert personal.violations() == []


def test_somebody_on_no_list_is_written_down_and_present(desk, session):
    made = actions.walk_in(
        report=report(desk, number=0), newcomer=newcomer(phone="+84912345678", unit="HTX Tôm Khô"), at=DOOR
    )
    held = made.registration
    assert (made.outcome, held.source, held.unit) == ("present", RegistrationSource.WALK_IN, "HTX Tôm Khô")
    assert (held.person.kind, held.person.subject.name) == ("subject", "HTX Tôm Khô")
    assert held.person.has_consented
    assert there(session) == ["Lâm Văn Mới"]


def test_a_walk_in_sent_twice_is_one_person(desk, session):
    nonce = uuid4()
    for _again in range(3):
        actions.walk_in(report=report(desk, number=0, nonce=nonce), newcomer=newcomer(), at=DOOR)
    assert Registration.objects.count() == 1
    assert there(session) == ["Lâm Văn Mới"]


def test_who_signed_nothing_is_not_written_down(desk):
    with pytest.raises(Refusal, match="phiếu đồng ý"):
        actions.walk_in(report=report(desk, number=0), newcomer=newcomer(consents=()), at=DOOR)
    assert not Scan.objects.exists()


def test_a_walk_in_of_known_name_and_number_is_that_person(desk, session):
    known = cast.person("Lâm Văn Mới", contact_phone="+84912345678")
    cast.person("Người Khác", contact_phone="+84912345678")
    made = actions.walk_in(
        report=report(desk, number=0), newcomer=newcomer("lâm văn mới", phone="+84912345678", consents=()), at=DOOR
    )
    assert made.registration.person == known


@pytest.mark.parametrize("state", ["cancelled", "waiting"])
def test_who_waits_or_cancelled_and_stands_there_is_let_in_in_one_tap(desk, session, state):
    held = coming(desk.workshop)
    Registration.objects.update(state=state, waiting_since=cast.NOW if state == "waiting" else None, ended_at=cast.NOW)
    assert actions.take_in(report=report(desk, held), at=DOOR).outcome == ScanOutcome.PRESENT
    assert there(session) == ["Trần Thị Út"]
    assert personal.violations() == []


def test_whom_another_replaced_is_not_let_in_by_that_tap(desk, session):
    held = coming(desk.workshop)
    actions.replace(registration=held, person=cast.person("Lê Văn Hai"), at=cast.NOW)
    assert actions.take_in(report=report(desk, held), at=DOOR).outcome == ScanOutcome.REPLACED


def test_who_comes_instead_has_the_seat_and_both_names_stay(desk, session):
    held, nonce = coming(desk.workshop), uuid4()
    for _again in range(2):
        made = actions.stand_in(report=report(desk, held, nonce=nonce), newcomer=newcomer(), at=DOOR)
    assert (made.outcome, made.registration.replaces) == ("present", held)
    assert there(session) == ["Lâm Văn Mới"]
    held.refresh_from_db()
    assert held.state == RegistrationState.REPLACED
    assert Registration.objects.count() == 2
    assert personal.violations() == []


def test_nobody_comes_instead_of_somebody_who_is_there(desk, session):
    held = coming(desk.workshop)
    scanned(desk, held)
    with pytest.raises(Refusal, match="đã điểm danh"):
        actions.stand_in(report=report(desk, held), newcomer=newcomer(), at=DOOR)
    assert Registration.objects.count() == 1


def test_a_delegate_checks_in_with_the_own_phone(desk, session):
    held = coming(desk.workshop)
    assert actions.check_in_self(registration=held, session=session, at=DOOR) == ScanOutcome.PRESENT
    assert actions.check_in_self(registration=held, session=session, at=DOOR) == ScanOutcome.AGAIN
    assert Attendance.objects.get().way == CheckInWay.SELF
    late = session.ends_at + timedelta(hours=2)
    other = coming(desk.workshop, "Lê Văn Hai")
    assert actions.check_in_self(registration=other, session=session, at=late) == ScanOutcome.OUTSIDE


def test_a_signed_list_is_typed_in_and_again_changes_nothing(desk, session):
    rows, officer = [coming(desk.workshop), coming(desk.workshop, "Lê Văn Hai")], cast.staff("organiser")
    assert actions.sign_sheet(session=session, registrations=rows, by=officer, at=DOOR) == 2
    assert actions.sign_sheet(session=session, registrations=rows, by=officer, at=DOOR) == 0
    assert set(Attendance.objects.values_list("way", "recorded_by")) == {("sheet", officer.pk)}


def test_on_a_signed_list_stands_who_was_replaced_after_it_began_and_nobody_without_a_seat(desk, session):
    first, second = coming(desk.workshop), coming(desk.workshop, "Lê Văn Hai")
    actions.cancel(registration=first, at=session.starts_at + timedelta(minutes=1))
    actions.cancel(registration=second, at=session.starts_at - timedelta(minutes=1))
    officer, evening = cast.staff("organiser"), session.ends_at
    assert actions.sign_sheet(session=session, registrations=[first, second], by=officer, at=evening) == 1
    assert there(session) == ["Trần Thị Út"]
    assert personal.violations() == []


def test_on_a_signed_list_nobody_stands_in_whose_stead_another_came_to_that_session(desk, session):
    held, officer = coming(desk.workshop), cast.staff("organiser", cast.province())
    other = actions.replace(
        registration=held, person=cast.person("Lê Văn Hai"), at=session.starts_at + timedelta(minutes=5)
    )
    with cast.on(session.ends_at):
        page = cast.client_of(officer).get(f"/quan-tri/diem-danh/buoi/{session.pk}/").text
    assert f'value="{other.pk}"' in page
    assert f'value="{held.pk}"' not in page
    assert actions.sign_sheet(session=session, registrations=[held, other], by=officer, at=session.ends_at) == 1
    assert there(session) == ["Lê Văn Hai"]


def test_on_a_signed_list_stands_who_was_replaced_once_that_session_was_over(desk, session):
    held, officer = coming(desk.workshop), cast.staff("organiser")
    evening = session.ends_at + timedelta(hours=1)
    actions.replace(registration=held, person=cast.person("Lê Văn Hai"), at=evening)
    assert actions.sign_sheet(session=session, registrations=[held], by=officer, at=evening) == 1


def test_an_attendance_is_taken_back_with_a_reason_that_the_log_keeps(desk, session):
    scanned(desk, coming(desk.workshop))
    one, officer = Attendance.objects.get(), cast.staff("organiser")
    with pytest.raises(Refusal, match="lý do"):
        actions.take_back(attendance=one, why=" ", by=officer, at=DOOR)
    assert actions.take_back(attendance=one, why="Bấm nhầm người", by=officer, at=DOOR)
    assert not actions.take_back(attendance=one, why="Bấm nhầm người", by=officer, at=DOOR)
    entry = ModelLogEntry.objects.get(action="workshops.attendance_taken_back")
    assert (entry.user, entry.data["reason"]) == (officer, "Bấm nhầm người")
    assert there(session) == []
    assert Attendance.objects.count() == 1


def test_a_closed_session_stays_as_it_is(desk, session):
    held = coming(desk.workshop)
    scanned(desk, held)
    Session.objects.update(closed_at=DOOR)
    session.refresh_from_db()
    officer = cast.staff("organiser")
    with pytest.raises(Refusal, match="chốt"):
        actions.take_back(attendance=Attendance.objects.get(), why="Nhầm", by=officer, at=DOOR)
    with pytest.raises(Refusal, match="chốt"):
        actions.sign_sheet(session=session, registrations=[held], by=officer, at=DOOR)


def test_the_organiser_takes_a_conflict_as_presence_or_leaves_it(desk, session):
    officer = cast.staff("organiser")
    cancelled, absent = coming(desk.workshop), coming(desk.workshop, "Lê Văn Hai")
    for one in (cancelled, absent):
        actions.cancel(registration=one, at=cast.NOW)
    taken, left, unknown = scanned(desk, cancelled), scanned(desk, absent), scanned(desk, code="KHONGCO")
    assert actions.settle(scan=taken, accept=True, by=officer, at=DOOR)
    assert not actions.settle(scan=left, accept=False, by=officer, at=DOOR)
    with pytest.raises(Refusal, match="Không rõ"):
        actions.settle(scan=unknown, accept=True, by=officer, at=DOOR)
    assert there(session) == ["Trần Thị Út"]
    assert list(Scan.objects.filter(looked_at=None)) == [unknown]
    assert personal.violations() == []


def test_whom_another_replaced_is_not_made_present_by_a_conflict(desk, session):
    held = coming(desk.workshop)
    actions.replace(registration=held, person=cast.person("Lê Văn Hai"), at=cast.NOW)
    with pytest.raises(Refusal, match="đi thay"):
        actions.settle(scan=scanned(desk, held), accept=True, by=cast.staff("organiser"), at=DOOR)


def test_the_counter_counts_who_is_there_of_whom_is_expected(desk, session):
    rows = [coming(desk.workshop, f"Đại biểu {number}") for number in range(3)]
    scanned(desk, rows[0])
    scanned(desk, rows[1])
    actions.cancel(registration=rows[2], at=DOOR)
    actions.cancel(registration=rows[1], at=session.ends_at)
    assert queries.present_and_expected(session) == (2, 2)


def plant_elsewhere(desk, held):
    other = cast.workshop(cast.course(slug="khac", title="Khác"), slug="lop-khac")
    made = Attendance.objects.create(
        session=other.sessions.get(), registration=held, way="scan", occurred_at=DOOR, recorded_at=DOOR
    )
    return [f"attendance {made.pk}: of another workshop"]


def plant_without_seat(desk, held):
    scanned(desk, held)
    Registration.objects.filter(pk=held.pk).update(state="cancelled", ended_at=cast.NOW)
    return [f"attendance {Attendance.objects.get().pk}: of somebody without a seat"]


def plant_foreign_scan(desk, held):
    made = scanned(desk, coming(cast.workshop(cast.course(slug="khac", title="Khác"), slug="lop-khac"), "Lê Văn Hai"))
    Scan.objects.update(registration=Registration.objects.exclude(workshop=desk.workshop).get())
    return [f"scan {made.pk}: of another workshop"]


def plant_lost(desk, held):
    made = scanned(desk, held)
    Attendance.objects.all().delete()
    return [f"scan {made.pk}: nobody is present by it"]


@pytest.mark.parametrize("plant", [plant_elsewhere, plant_without_seat, plant_foreign_scan, plant_lost])
def test_drift_is_found_and_nothing_else(desk, plant):
    held = coming(desk.workshop)
    assert personal.violations() == []
    assert personal.violations() != (planted := plant(desk, held))
    assert personal.violations() == planted


def test_of_two_rows_of_one_person_the_kept_one_was_there(desk, session):
    kept, merged = coming(desk.workshop), coming(desk.workshop, "Trần Thị Ut")
    scanned(desk, merged)
    personal.REGISTRATIONS.repoint(merged.person_id, kept.person_id)
    assert Attendance.objects.get().registration == kept
    assert personal.REGISTRATIONS.export(kept.person_id)[0]["attended"] == [
        {"session": "Buổi chiều", "at": DOOR.isoformat()}
    ]
