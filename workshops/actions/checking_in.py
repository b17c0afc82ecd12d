"""At the door: who is there, and what devices report once their network is back.

Whoever changes whether a delegate was there holds the session's row, so that nobody is recorded twice or in a session that is being closed, and
then the delegate's (workshop → session → registration). A device names each thing that it reports by a nonce: however often, and in whatever
order, that is sent again, it happened once and has one outcome.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import codes, text
from lib.refusals import Refusal
from workshops import parallel, queries, rules
from workshops.access import is_manned
from workshops.models import (
    HOLDING,
    SEATLESS,
    Attendance,
    CheckInWay,
    Desk,
    Registration,
    RegistrationSource,
    RegistrationState,
    Scan,
    ScanOutcome,
    Session,
    Workshop,
)

from .newcomers import Newcomer, whom
from .placing import come_in
from .registering import locked, refuse_without_consent, register, replace

# What a scan looks at of a delegate: five desks send them at once, and a row has forty columns more.
AT_THE_DOOR = (
    "workshop_id", "number", "code", "state", "source", "replaces_id", "ended_at", "offered_until", "person__name",
    "person__merged_into_id",
)  # fmt: skip
OF_A_SESSION = ("workshop_id", "name", "room", "starts_at", "ends_at", "cancelled_at", "closed_at")
# Put together once: what differs is the key alone. Whoever asks locks the row.
DELEGATES = Registration.objects.select_related("person").only(*AT_THE_DOOR).order_by()
SESSIONS = Session.objects.only(*OF_A_SESSION).order_by().annotate(has_others=parallel.HAS_OTHERS)
NO_SEAT = {
    RegistrationState.CANCELLED: ScanOutcome.CANCELLED,
    RegistrationState.EXPIRED: ScanOutcome.EXPIRED,
    RegistrationState.REPLACED: ScanOutcome.REPLACED,
    RegistrationState.WAITING: ScanOutcome.WAITING,
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """That somebody stood at a desk: by the ticket's code, or by the badge's number. The session is read anew under its lock."""

    nonce: UUID
    desk: Desk
    session: Session
    occurred_at: datetime
    code: str = ""
    number: int | None = None
    is_search: bool = False
    looks_first: bool = False  # whether the delegate is there already, as the database has said (`once`)


def once(act: Callable[..., Scan]) -> Callable[..., Scan]:
    """An action in a transaction of its own that takes each delegate as not there yet, which nearly all are: the database's own rules say where
    that is wrong, all is undone, and a report that was sent before is answered as it was then, another looks first. So a scan asks neither for the
    report nor for the presence, and needs no savepoint."""

    @wraps(act)
    def decided(*, report: Report, **said: Any) -> Scan:
        for one in (report, dataclasses.replace(report, looks_first=True)):
            try:
                with transaction.atomic():
                    return act(report=one, **said)
            except IntegrityError as error:
                if known := _known(report):
                    return known
                fault = error
        raise fault

    return decided


@once
def scan(*, report: Report, at: datetime) -> Scan:
    """Somebody is there, or the reason why nobody was recorded. Raises Refusal, as those below do, for a session of another workshop."""
    session = _session(report)
    return _recorded(report, session, _held(report), at)


@once
def take_in(*, report: Report, at: datetime) -> Scan:
    """Whoever waits for a seat or cancelled, and stands at the door all the same, is let in; nobody whom another replaced. Whoever goes to
    another session of this hour goes to this one from now on.

    Of a desk that is ended or over, this and the two that follow change no seat: what they report is the organiser's to look at (`settle`).
    """
    workshop = locked(report.desk.workshop)
    session = _session(report)
    held = _held(report)
    if known := _known(report):
        return known
    may_sit = (
        held and held.workshop_id == workshop.pk and held.state in SEATLESS and not _hindrance(report, session, at)
    )
    if held and may_sit:
        held = walked_in(held, workshop, at)
    if held and held.workshop_id == workshop.pk and held.state in HOLDING and not _hindrance(report, session, at):
        come_in(held, session, at)
    return _recorded(report, session, held, at)


@once
def walk_in(*, report: Report, newcomer: Newcomer, at: datetime) -> Scan:
    """Raises Refusal where nothing was signed, or the workshop is over."""
    workshop = locked(report.desk.workshop)
    session = _session(report)
    if known := _known(report):
        return known
    if why := _hindrance(report, session, at):
        return _noted(report, None, why, at, newcomer)
    person, is_listed = whom(newcomer, workshop, report.nonce, at)
    held = register(workshop=workshop, person=person, source=RegistrationSource.WALK_IN, at=at, unit=newcomer.unit)
    unseen = None if is_listed else newcomer
    return _recorded(report, session, locked_row(held.pk), at, unseen)


@once
def stand_in(*, report: Report, newcomer: Newcomer, at: datetime) -> Scan:
    """“Đi thay” at the door: the newcomer takes the seat of whom the report names, and is there. Raises Refusal where that one was let in
    already, or has no seat to give."""
    workshop = locked(report.desk.workshop)
    session = _session(report)
    if known := _known(report):
        return known
    given = _held(report)
    if given is None or given.workshop_id != workshop.pk:
        return _recorded(report, session, given, at)
    if why := _hindrance(report, session, at):
        return _noted(report, given, why, at, newcomer)
    if is_present(session, given):
        raise Refusal(
            _(
                "%(person)s đã điểm danh ở buổi này, nên không ai đi thay được. Hãy ghi người vừa đến bằng “Bổ sung tại chỗ”."
            )
            % {"person": given.person}
        )
    person, is_listed = whom(newcomer, workshop, report.nonce, at)
    made = replace(registration=given, person=person, at=at, unit=newcomer.unit)
    come_in(made, session, at)
    unseen = None if is_listed else newcomer
    return _recorded(report, session, locked_row(made.pk), at, unseen)


@transaction.atomic
def check_in_self(*, registration: Registration, session: Session, at: datetime) -> str:
    """A delegate with the own phone and the code on the wall; gives the outcome."""
    session = locked_session(session)
    held = locked_row(registration.pk)
    outcome = _outcome(held, session, at, looks_first=True)
    if outcome == ScanOutcome.PRESENT:
        record(held, session, way=CheckInWay.SELF, occurred_at=at, at=at)
    return outcome


@transaction.atomic
def sign_sheet(*, session: Session, registrations: list[Registration], by: User, at: datetime) -> int:
    """As the list says that was signed on paper; how many it adds. Who goes to another session of this hour is on that one's list. Raises
    Refusal once the session is closed."""
    session = locked_session(session)
    refuse_closed(session)
    wanted = Registration.objects.filter(pk__in=[one.pk for one in registrations], workshop=session.workshop_id)
    signed, count = list(wanted.select_for_update(of=("self",)).order_by("pk")), 0
    rooms = parallel.rooms(session.workshop)  # behind their locks: a desk may just have taken some of them in elsewhere
    for held in signed:
        is_here = not rooms.is_elsewhere(session, held.pk) and not is_present(session, held)
        if is_here and may_sign(held, session):
            record(held, session, way=CheckInWay.SHEET, occurred_at=session.starts_at, at=at, by=by)
            count += 1
    return count


@transaction.atomic
def take_back(*, attendance: Attendance, why: str, by: User, at: datetime) -> bool:
    """An attendance that was recorded by mistake. Whether it still counted. Raises Refusal without a reason, and once its session is closed."""
    why = text.nfc(why)[:200]
    if not why:
        raise Refusal(_("Hãy ghi lý do bỏ lượt điểm danh này."))
    refuse_closed(locked_session(attendance.session))
    changed = Attendance.objects.filter(pk=attendance.pk, taken_back_at=None).update(
        taken_back_at=at, taken_back_why=why
    )
    if changed:
        workshop = attendance.session.workshop
        said = {"number": attendance.registration.number, "session": attendance.session.name, "reason": why}
        log(instance=workshop, title=workshop.title, action="workshops.attendance_taken_back", user=by, data=said)
    return bool(changed)


def refuse_closed(session: Session) -> None:
    if session.closed_at:
        raise Refusal(_("Buổi này đã chốt điểm danh, nên danh sách có mặt giữ nguyên."))


def _known(report: Report) -> Scan | None:
    return Scan.objects.filter(nonce=str(report.nonce)).first()


def locked_session(session: Session) -> Session:
    """Whoever records or takes back presence holds this row, and so does whoever closes the session."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("workshop__activity")
    return rows.get(pk=session.pk)


def locked_sessions(workshop: Workshop) -> list[Session]:
    """All of a workshop's, in one order, for whoever changes presence in several of them."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("workshop__activity")
    return list(rows.filter(workshop=workshop).order_by("pk"))


def _session(report: Report) -> Session:
    """The session of a report, locked."""
    rows = SESSIONS.select_for_update(of=("self",), no_key=True)
    session = next(iter(rows.filter(pk=report.session.pk)), None)
    if session is None or session.workshop_id != report.desk.workshop_id:
        raise Refusal(_("Buổi này không thuộc lớp của bàn."))
    session.workshop = report.desk.workshop  # known already: one query less for each scan
    session.beside = None if session.has_others else []  # and another, where there are no rooms to tell apart
    return session


def _held(report: Report) -> Registration | None:
    """The delegate's row, locked; a ticket of another workshop is found too, and of two records that were joined the row that counts."""
    every = DELEGATES.select_for_update(of=("self",))
    if report.number is None and not report.code:
        return None
    if report.number is not None:
        found = every.filter(workshop=report.desk.workshop_id, number=report.number)
    else:
        found = every.filter(code=codes.tidy(report.code)[:16])
    held = next(iter(found), None)
    return held and queries.left_of(held, every)


def locked_row(pk: int) -> Registration:
    return Registration.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)


def _hindrance(report: Report, session: Session, at: datetime) -> str:
    """The outcome by which no seat changes; "" where seats may."""
    timely = _of_time(session, report.occurred_at, report.desk)
    if timely != ScanOutcome.PRESENT:
        return timely
    return "" if is_manned(report.desk, at) else ScanOutcome.LATE


def _recorded(
    report: Report, session: Session, held: Registration | None, at: datetime, unseen: Newcomer | None = None
) -> Scan:
    """`unseen`: who is present, as the desk may know them until the organiser has looked."""
    outcome = _outcome(held, session, report.occurred_at, report.desk, looks_first=report.looks_first)
    is_there = held is not None and outcome == ScanOutcome.PRESENT
    made = _noted(report, held, outcome, at, unseen if is_there else None)
    if held and is_there:
        way = CheckInWay.SEARCH if report.is_search else CheckInWay.SCAN
        record(held, session, way=way, occurred_at=report.occurred_at, at=at, desk=report.desk)
    return made


def _noted(
    report: Report, held: Registration | None, outcome: str, at: datetime, newcomer: Newcomer | None = None
) -> Scan:
    """The row of this report. Raises IntegrityError for one that was sent before (`once`)."""
    is_ours = held is not None and held.workshop_id == report.desk.workshop_id
    return Scan.objects.create(
        nonce=str(report.nonce),
        desk=report.desk,
        session_id=report.session.pk,
        code=held.code if is_ours and held else codes.tidy(report.code)[:32],
        registration=held if is_ours else None,
        outcome=outcome,
        newcomer=newcomer.kept if newcomer else {},
        occurred_at=report.occurred_at,
        recorded_at=at,
    )


def _outcome(
    held: Registration | None, session: Session, occurred_at: datetime, desk: Desk | None = None, *, looks_first: bool
) -> str:
    """Whoever is there already is so whatever else holds; without `looks_first` the one case is left out in which that would be recorded."""
    if desk and desk.shut_at:  # before all else: whoever has the token learns nothing of anybody
        return ScanOutcome.SHUT
    if held is None:
        return ScanOutcome.UNKNOWN
    if held.workshop_id != session.workshop_id:
        return ScanOutcome.ELSEWHERE
    outcome = NO_SEAT.get(RegistrationState(held.state)) or _of_time(session, occurred_at, desk)
    is_taken_as_new = outcome == ScanOutcome.PRESENT and not looks_first and not parallel.beside(session)
    if not is_taken_as_new and is_present(session, held):
        return ScanOutcome.AGAIN
    is_elsewhere = outcome == ScanOutcome.PRESENT and parallel.elsewhere(session, held) is not None
    return ScanOutcome.ROOM if is_elsewhere else outcome


def _of_time(session: Session, occurred_at: datetime, desk: Desk | None) -> str:
    if desk and desk.shut_at:
        return ScanOutcome.SHUT
    if session.closed_at:
        return ScanOutcome.CLOSED
    is_held = session.cancelled_at is None and session.workshop.cancelled_at is None
    is_open = is_held and rules.is_door_open(session.starts_at, session.ends_at, occurred_at)
    is_manned = desk is None or desk.made_at <= occurred_at <= min(filter(None, (desk.ended_at, desk.expires_at)))
    return ScanOutcome.PRESENT if is_open and is_manned else ScanOutcome.OUTSIDE


def is_present(session: Session, held: Registration) -> bool:
    return Attendance.objects.filter(session=session, registration=held, taken_back_at=None).exists()


def may_sign(held: Registration, session: Session) -> bool:
    """Whether a name belongs on the list of a session: of two of one seat not both, so who was replaced only once that session was over."""
    if held.state == RegistrationState.REPLACED:
        return held.ended_at is not None and held.ended_at >= session.ends_at
    return had_seat(held, session)


def had_seat(held: Registration, session: Session) -> bool:
    """Also who gave it up after the session had begun."""
    return held.state in HOLDING or (held.ended_at is not None and held.ended_at > session.starts_at)


def record(
    held: Registration,
    session: Session,
    *,
    way: str,
    occurred_at: datetime,
    at: datetime,
    desk: Desk | None = None,
    by: User | None = None,
) -> Attendance:
    """Who stands there takes the seat that was offered, and of parallel sessions goes to this one."""
    come_in(held, session, at)
    if held.state == RegistrationState.OFFERED:
        held.state, held.offered_until = RegistrationState.HELD, None
        held.save(update_fields=["state", "offered_until"])
    return Attendance.objects.create(
        session=session, registration=held, way=way, desk=desk, recorded_by=by, occurred_at=occurred_at, recorded_at=at
    )


def walked_in(held: Registration, workshop: Workshop, at: datetime) -> Registration:
    """Raises Refusal for somebody who took the agreement back."""
    refuse_without_consent(held.person)
    register(workshop=workshop, person=held.person, source=RegistrationSource.WALK_IN, at=at)
    return locked_row(held.pk)
