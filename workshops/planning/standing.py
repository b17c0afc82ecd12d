"""How far a workshop is: what its own page says beside each step, in as many queries for five hundred delegates as for five."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q

from certificates.models import Credential, CredentialStatus
from lib import dates
from workshops import access, parallel, queries, rules
from workshops.inviting.receiving import Untold, untold
from workshops.models import (
    HOLDING,
    REACHED,
    CallOutcome,
    HallTest,
    Notice,
    NoticeKind,
    Registration,
    RegistrationState,
    ReportText,
    Session,
    Workshop,
)


class Phase(StrEnum):
    EMPTY = "empty"  # nobody is expected yet
    BEFORE = "before"
    ON = "on"  # from the morning of the first day to the end of the last session
    OVER = "over"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Standing:
    """`invited` and `seated`: of those who have a seat for sure; `expected` have one or an offer, or wait. `tests`: papers with their sheets.
    `is_of_before`: it was over when it was written down."""

    phase: Phase
    begins_at: datetime | None
    ended_at: datetime | None = None
    has_begun: bool = False
    is_of_before: bool = False
    sessions: int = 0
    closed: int = 0
    expected: int = 0
    seated: int = 0
    invited: int = 0
    on_paper: int = 0  # were not and cannot be: no number, or messages switched off
    present: int = 0
    has_rooms: bool = False
    unassigned: int = 0  # to none of the rooms at one hour
    untold: Untold = field(default_factory=Untold)  # of who has a room
    desks: int = 0
    conflicts: int = 0
    certificates: int = 0
    calls: int = 0
    called: int = 0
    has_report: bool = False
    tests: list[tuple[HallTest, int]] = field(default_factory=list)


def of(workshop: Workshop, now: datetime) -> Standing:
    held = [one for one in workshop.sessions.all() if not one.cancelled_at]
    mine = Registration.objects.filter(workshop=workshop)
    counts = mine.aggregate(
        seated=Count("pk", filter=Q(state=RegistrationState.HELD)),
        expected=Count("pk", filter=Q(state__in=(*HOLDING, RegistrationState.WAITING))),
    )
    tests = HallTest.objects.filter(workshop=workshop).annotate(n=Count("sheets")).order_by("-moment")  # before, after
    calls = queries.calls_that_count().filter(registration__workshop=workshop)
    begins_at = min((one.starts_at for one in held), default=None)
    ended_at = max((one.ends_at for one in held), default=None)
    rooms = parallel.rooms(workshop, slots=parallel.slots(held))
    return Standing(
        has_rooms=bool(rooms.parallel),
        unassigned=len(parallel.unassigned(workshop, rooms)),
        untold=untold(workshop, rooms),
        phase=phase(workshop, held, counts["expected"], now),
        begins_at=begins_at,
        ended_at=ended_at,
        has_begun=rules.has_begun(begins_at, now),
        is_of_before=ended_at is not None and ended_at < workshop.created_at,
        sessions=len(held),
        closed=sum(one.closed_at is not None for one in held),
        present=queries.present_count(workshop),
        desks=sum(
            access.is_manned(one, now) and queries.opens_from(one, rooms.slots) <= now for one in workshop.desks.all()
        ),
        conflicts=queries.to_look_at(workshop).count() + len(queries.doubles(workshop)),
        certificates=_certificates(workshop),
        has_report=ReportText.objects.filter(workshop=workshop).exists(),
        tests=[(one, one.n) for one in tests],
        **counts,
        **_invited(workshop),
        **calls.aggregate(calls=Count("pk"), called=Count("pk", filter=~Q(outcome=CallOutcome.TO_CALL))),
    )


def phase(workshop: Workshop, held: list[Session], expected: int, now: datetime) -> Phase:
    """Whoever comes on the day without a list is taken in at the door, so that an empty class of today has begun all the same."""
    if workshop.cancelled_at:
        return Phase.CANCELLED
    if workshop.closed_at:
        return Phase.CLOSED
    first, last = min((one.starts_at for one in held), default=None), max((one.ends_at for one in held), default=None)
    is_of_today = (
        first is not None
        and last is not None
        and dates.local_day(first) <= dates.local_day(now)
        and now <= last + rules.AFTER
    )
    if is_of_today:
        return Phase.ON
    if not expected:
        return Phase.EMPTY
    return Phase.OVER if last and last < now else Phase.BEFORE


def _invited(workshop: Workshop) -> dict[str, int]:
    """Who was told by message, and who can only be told on paper."""
    told = Notice.objects.filter(registration=OuterRef("pk"), kind=NoticeKind.INVITATION, state__in=REACHED)
    rows = Registration.objects.filter(workshop=workshop, state=RegistrationState.HELD).annotate(is_told=Exists(told))
    without = Q(is_told=False) & (Q(person__contact_phone="") | Q(is_muted=True))
    return rows.aggregate(invited=Count("pk", filter=Q(is_told=True)), on_paper=Count("pk", filter=without))


def _certificates(workshop: Workshop) -> int:
    """Valid ones of the course, of those who were delegates."""
    people = Registration.objects.filter(workshop=workshop).values("person")
    found = Credential.objects.filter(enrolment__course=workshop.activity.course_id, person__in=people)
    return found.filter(status=CredentialStatus.VALID).count()
