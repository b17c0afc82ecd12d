"""At the door: desks and their codes, who is there, and what devices report once their network is back.

Whoever changes whether a delegate was there holds the delegate's row. A device names each thing that it reports by a nonce: however often, and in whatever
order, that is sent again, it happened once and has one outcome.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import actions as people
from accounts.models import ConsentText, Person, PersonKind, User
from certificates.actions.by_hand import kind_of
from lib import codes, text
from lib.refusals import Refusal
from provinces.models import Place
from workshops import queries, rules
from workshops.access import is_manned
from workshops.importing.finding import is_official, level_of
from workshops.importing.matching import numbers_of
from workshops.models import (
    HOLDING,
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

from .registering import locked, register, replace

CODE_LENGTH = 10  # 48 bits: a roster that was taken off a phone is opened by trying codes alone
PURPOSE = "desk"
LONGEST_HOURS = 72
# What a scan looks at of a delegate: five desks send them at once, and a row has forty columns more.
AT_THE_DOOR = ("workshop_id", "number", "code", "state", "ended_at", "offered_until", "person__name")
NO_SEAT = {
    RegistrationState.CANCELLED: ScanOutcome.CANCELLED,
    RegistrationState.REPLACED: ScanOutcome.REPLACED,
    RegistrationState.WAITING: ScanOutcome.WAITING,
}


@transaction.atomic
def make_desk(*, workshop: Workshop, name: str, hours: int, by: User | None, at: datetime) -> tuple[Desk, str]:
    """A desk, and its code, which nobody can be shown again. Raises Refusal for a workshop that is cancelled, closed or over."""
    workshop = locked(workshop)
    end = rules.desk_ends(at, min(hours, LONGEST_HOURS), queries.ends_at(workshop))
    if workshop.cancelled_at or workshop.closed_at or end <= at:
        raise Refusal(_("Lớp này đã hủy hoặc đã kết thúc, nên không lập bàn điểm danh nữa."))
    code = codes.random_code(CODE_LENGTH)
    name = text.nfc(name)[:60] or _("Bàn %(number)s") % {"number": workshop.desks.count() + 1}
    desk = Desk.objects.create(
        workshop=workshop, name=name, code_hash=codes.digest(PURPOSE, code), made_by=by, made_at=at, expires_at=end
    )
    log(instance=workshop, title=workshop.title, action="workshops.desk_made", user=by, data={"desk": desk.name})
    return desk, code


@transaction.atomic
def end_desk(*, desk: Desk, by: User | None, at: datetime) -> bool:
    """Whether it was still open. What its devices recorded before still counts when it comes in."""
    if not Desk.objects.filter(pk=desk.pk, ended_at=None, expires_at__gt=at).update(ended_at=at):
        return False
    workshop = desk.workshop
    log(instance=workshop, title=workshop.title, action="workshops.desk_ended", user=by, data={"desk": desk.name})
    return True


@dataclass(frozen=True, kw_only=True)
class Report:
    """That somebody stood at a desk: by the ticket's code, or by the badge's number."""

    nonce: UUID
    desk: Desk
    session: Session
    occurred_at: datetime
    code: str = ""
    number: int | None = None
    is_search: bool = False


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody at the door who is on no list; `consents`: what was signed on paper."""

    name: str
    place: Place
    phone: str = ""
    unit: str = ""
    consents: tuple[ConsentText, ...] = ()

    @property
    def kept(self) -> dict[str, Any]:
        """As a scan keeps it until the organiser has looked."""
        return {"name": self.name, "place": self.place.pk, "phone": self.phone, "unit": self.unit}


@transaction.atomic
def scan(*, report: Report, at: datetime) -> Scan:
    """Somebody is there, or the reason why nobody was recorded."""
    return _recorded(report, _held(report), at)


@transaction.atomic
def take_in(*, report: Report, at: datetime) -> Scan:
    """Whoever waits for a seat or cancelled, and stands at the door all the same, is let in; nobody whom another replaced.

    Of a desk that is ended or over, this and the two that follow change no seat: what they report is the organiser's to look at (`settle`).
    """
    workshop = locked(report.desk.workshop)
    held = _held(report)
    if known := _known(report):
        return known
    may_sit = (
        held
        and held.workshop_id == workshop.pk
        and held.state in (RegistrationState.WAITING, RegistrationState.CANCELLED)
        and not _hindrance(report, at)
    )
    if held and may_sit:
        held = walked_in(held, workshop, at)
    return _recorded(report, held, at)


@transaction.atomic
def walk_in(*, report: Report, newcomer: Newcomer, at: datetime) -> Scan:
    """Raises Refusal where nothing was signed, or the workshop is over."""
    workshop = locked(report.desk.workshop)
    if known := _known(report):
        return known
    if why := _hindrance(report, at):
        return _noted(report, None, why, at, newcomer)[0]
    person = person_of(newcomer, report.nonce, at)
    held = register(workshop=workshop, person=person, source=RegistrationSource.WALK_IN, at=at, unit=newcomer.unit)
    return _recorded(report, locked_row(held.pk), at)


@transaction.atomic
def stand_in(*, report: Report, newcomer: Newcomer, at: datetime) -> Scan:
    """“Đi thay” at the door: the newcomer takes the seat of whom the report names, and is there. Raises Refusal where that one was let in
    already, or has no seat to give."""
    workshop = locked(report.desk.workshop)
    if known := _known(report):
        return known
    given = _held(report)
    if given is None or given.workshop_id != workshop.pk:
        return _recorded(report, given, at)
    if why := _hindrance(report, at):
        return _noted(report, given, why, at, newcomer)[0]
    if is_present(report.session, given):
        raise Refusal(
            _(
                "%(person)s đã điểm danh ở buổi này, nên không ai đi thay được. Hãy ghi người vừa đến bằng “Bổ sung tại chỗ”."
            )
            % {"person": given.person}
        )
    made = replace(
        registration=given, person=person_of(newcomer, report.nonce, at), at=at, unit=newcomer.unit
    )  # fmt: skip
    return _recorded(report, locked_row(made.pk), at)


@transaction.atomic
def check_in_self(*, registration: Registration, session: Session, at: datetime) -> str:
    """A delegate with the own phone and the code on the wall; gives the outcome."""
    held = locked_row(registration.pk)
    outcome = _outcome(held, session, at)
    if outcome == ScanOutcome.PRESENT and held:
        record(held, session, way=CheckInWay.SELF, occurred_at=at, at=at)
    return outcome


@transaction.atomic
def sign_sheet(*, session: Session, registrations: list[Registration], by: User, at: datetime) -> int:
    """As the list says that was signed on paper; how many it adds. Raises Refusal once the session is closed."""
    refuse_closed(session)
    wanted = Registration.objects.filter(pk__in=[one.pk for one in registrations], workshop=session.workshop_id)
    count = 0
    for held in wanted.select_for_update(of=("self",)).order_by("pk"):
        if may_sign(held, session) and not is_present(session, held):
            record(held, session, way=CheckInWay.SHEET, occurred_at=session.starts_at, at=at, by=by)
            count += 1
    return count


@transaction.atomic
def take_back(*, attendance: Attendance, why: str, by: User, at: datetime) -> bool:
    """An attendance that was recorded by mistake. Whether it still counted. Raises Refusal without a reason, and once its session is closed."""
    why = text.nfc(why)[:200]
    if not why:
        raise Refusal(_("Hãy ghi lý do bỏ lượt điểm danh này."))
    refuse_closed(attendance.session)
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


def _held(report: Report) -> Registration | None:
    """The delegate's row, locked; a ticket of another workshop is found too."""
    rows = Registration.objects.select_for_update(of=("self",)).select_related("person").only(*AT_THE_DOOR)
    if report.number is not None:
        return rows.filter(workshop=report.desk.workshop_id, number=report.number).first()
    return rows.filter(code=codes.tidy(report.code)[:16]).first() if report.code else None


def locked_row(pk: int) -> Registration:
    return Registration.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)


def _hindrance(report: Report, at: datetime) -> str:
    """The outcome by which no seat changes; "" where seats may."""
    timely = _of_time(report.session, report.occurred_at, report.desk)
    if timely != ScanOutcome.PRESENT:
        return timely
    return "" if is_manned(report.desk, at) else ScanOutcome.LATE


def _recorded(report: Report, held: Registration | None, at: datetime) -> Scan:
    outcome = _outcome(held, report.session, report.occurred_at, report.desk)
    made, is_new = _noted(report, held, outcome, at)
    if is_new and held and outcome == ScanOutcome.PRESENT:
        way = CheckInWay.SEARCH if report.is_search else CheckInWay.SCAN
        record(held, report.session, way=way, occurred_at=report.occurred_at, at=at, desk=report.desk)
    return made


def _noted(
    report: Report, held: Registration | None, outcome: str, at: datetime, newcomer: Newcomer | None = None
) -> tuple[Scan, bool]:
    """The row of this report, and whether it is new."""
    is_ours = held is not None and held.workshop_id == report.desk.workshop_id
    said = {
        "desk": report.desk,
        "session": report.session,
        "code": held.code if is_ours and held else codes.tidy(report.code)[:32],
        "registration": held if is_ours else None,
        "outcome": outcome,
        "newcomer": newcomer.kept if newcomer else {},
        "occurred_at": report.occurred_at,
        "recorded_at": at,
    }
    try:
        with transaction.atomic():
            return Scan.objects.create(nonce=str(report.nonce), **said), True
    except IntegrityError:  # sent before
        return Scan.objects.get(nonce=str(report.nonce)), False


def _outcome(held: Registration | None, session: Session, occurred_at: datetime, desk: Desk | None = None) -> str:
    if held is None:
        return ScanOutcome.UNKNOWN
    if held.workshop_id != session.workshop_id:
        return ScanOutcome.ELSEWHERE
    if is_present(session, held):
        return ScanOutcome.AGAIN
    return NO_SEAT.get(RegistrationState(held.state)) or _of_time(session, occurred_at, desk)


def _of_time(session: Session, occurred_at: datetime, desk: Desk | None) -> str:
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
    """Who stands there takes the seat that was offered."""
    if held.state == RegistrationState.OFFERED:
        held.state, held.offered_until = RegistrationState.HELD, None
        held.save(update_fields=["state", "offered_until"])
    return Attendance.objects.create(
        session=session, registration=held, way=way, desk=desk, recorded_by=by, occurred_at=occurred_at, recorded_at=at
    )


def walked_in(held: Registration, workshop: Workshop, at: datetime) -> Registration:
    register(
        workshop=workshop, person=held.person, source=RegistrationSource.WALK_IN, at=at, unit=held.unit, post=held.post,
        note=held.note, answers=held.answers,
    )  # fmt: skip
    return locked_row(held.pk)


def person_of(newcomer: Newcomer, nonce: UUID, at: datetime) -> Person:
    """Somebody of this very name and number is known; everybody else is written down."""
    wanted = text.fold(text.name(newcomer.name))
    if newcomer.phone:
        named: Callable[[Person], bool] = lambda one: newcomer.phone in numbers_of(one)  # noqa: E731
        same = Person.objects.filter(search=wanted[:120], merged_into=None).select_related("user").order_by("pk")
        if known := next(filter(named, same), None):
            return known
    if not newcomer.consents:
        raise Refusal(_("Chưa ghi được: hãy mời anh/chị ấy đọc và ký phiếu đồng ý trước, rồi đánh dấu vào ô."))
    is_of_office = is_official(newcomer.unit, "")
    return people.register_for(
        form_token=nonce,
        name=text.name(newcomer.name),
        birth_year=None,
        place=newcomer.place,
        phone=newcomer.phone,
        kind=PersonKind.OFFICIAL if is_of_office else PersonKind.SUBJECT,
        subject_name="" if is_of_office else newcomer.unit,
        subject_kind="" if is_of_office else kind_of(newcomer.unit),
        official_level=level_of(newcomer.unit) if is_of_office else "",
        consents=newcomer.consents,
        how="paper",
        by=None,
        at=at,
    )
