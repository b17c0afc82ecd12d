"""What is asked of workshops by several rooms."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from accounts.queries import numbers_of
from certificates.models import Credential, CredentialStatus
from courses.models import Completion, Source
from lib.dates import local_day
from lib.registries import Taught

from . import parallel, rules
from .models import (
    HOLDING,
    AgendaItem,
    Attendance,
    CallOutcome,
    Desk,
    FollowUp,
    FormQuestion,
    HallTest,
    Quota,
    Registration,
    RegistrationSource,
    RegistrationState,
    Scan,
    ScanOutcome,
    Session,
    Speaker,
    Stage,
    Workshop,
)

INVENTED = "(mẫu)"


def left_of(held: Registration, rows: QuerySet[Registration] | None = None) -> Registration:
    """The row that counts: a badge may bear the number, and a link the code, of one that was given up when its record was joined to
    another's of the list. Of most delegates no question. `rows`: as which it is read."""
    into = held.person.merged_into_id
    if into is None:
        return held
    theirs = Registration.objects.all() if rows is None else rows
    return theirs.filter(workshop=held.workshop_id, person=into).first() or held


def pool(workshop: Workshop, quota: Quota | None) -> rules.Pool:
    """The seats from which a registration takes one: its quota's, or those that no quota sets apart."""
    taken = seats_taken(workshop, quota)
    if quota is not None:
        return rules.Pool(quota.seats, taken)
    return rules.Pool(rules.open_seats(workshop.capacity, workshop.quotas.values_list("seats", flat=True)), taken)


def pools(workshop: Workshop, *, as_promised: bool = False) -> dict[int | None, rules.Pool]:
    """Of all quotas by key, and under None the seats that no quota sets apart: two queries for any number of them."""
    quotas: dict[int | None, int] = {one.pk: one.seats for one in workshop.quotas.all()}
    held = _held(workshop, as_promised=as_promised).order_by()
    taken: dict[int | None, int] = dict(held.values("quota").annotate(n=Count("pk")).values_list("quota", "n"))
    found = {key: rules.Pool(seats, taken.get(key, 0)) for key, seats in quotas.items()}
    return found | {None: rules.Pool(rules.open_seats(workshop.capacity, quotas.values()), taken.get(None, 0))}


def open_pools(workshops: Collection[Workshop]) -> dict[int, rules.Pool]:
    """By workshop: the seats that no quota sets apart; two queries for any number of them."""
    held = Registration.objects.filter(workshop__in=workshops, state__in=HOLDING, quota=None).order_by()
    taken = dict(held.values("workshop").annotate(n=Count("pk")).values_list("workshop", "n"))
    quotas = Quota.objects.filter(workshop__in=workshops).order_by()
    apart = dict(quotas.values("workshop").annotate(n=Sum("seats")).values_list("workshop", "n"))
    return {
        one.pk: rules.Pool(rules.open_seats(one.capacity, [apart.get(one.pk, 0)]), taken.get(one.pk, 0))
        for one in workshops
    }


def seats_taken(workshop: Workshop, quota: Quota | None) -> int:
    """Of a quota, or of those that no quota sets apart."""
    return _held(workshop).filter(quota=quota).count()


def _held(workshop: Workshop, *, as_promised: bool = False) -> QuerySet[Registration]:
    """`as_promised`: without who came unannounced, for whom there may be no seat."""
    held = Registration.objects.filter(workshop=workshop, state__in=HOLDING)
    return held.exclude(source=RegistrationSource.WALK_IN) if as_promised else held


def turns(workshop: Workshop) -> dict[int, int]:
    """By registration: the place in the waiting list, which is one for all quotas (`rules.seat_from`)."""
    waiting = Registration.objects.filter(workshop=workshop, state=RegistrationState.WAITING)
    return {pk: turn for turn, pk in enumerate(waiting.order_by("waiting_since", "pk").values_list("pk", flat=True), 1)}


def turn(waiting: Registration) -> int:
    """As `turns`, of one."""
    before = Q(waiting_since__lt=waiting.waiting_since) | Q(waiting_since=waiting.waiting_since, pk__lte=waiting.pk)
    rows = Registration.objects.filter(before, workshop=waiting.workshop_id, state=RegistrationState.WAITING)
    return rows.count()


def begins_at(workshop: Workshop) -> datetime | None:
    first: datetime | None = workshop.sessions.filter(cancelled_at=None).aggregate(first=Min("starts_at"))["first"]
    return first


def day_of(workshop: Workshop) -> date | None:
    """The first of its days."""
    first = begins_at(workshop)
    return local_day(first) if first else None


def day_of_before(workshop: Workshop, today: date) -> date | None:
    """The first of its days, where that is over: places and offices are named as they were then."""
    day = day_of(workshop)
    return day if day and day < today else None


def ends_at(workshop: Workshop) -> datetime | None:
    last: datetime | None = workshop.sessions.filter(cancelled_at=None).aggregate(last=Max("ends_at"))["last"]
    return last


def _turn_of(made_at: datetime, slots: list[parallel.Slot]) -> parallel.Slot | None:
    """For which sessions a desk is that was made then: the first that were not over."""
    return next((one for one in slots if made_at < one.ends_at + rules.AFTER), None)


def desk_ends(workshop: Workshop, hours: int, at: datetime) -> datetime:
    """Until when a desk works that is made now."""
    slots = parallel.of(workshop)
    turn = _turn_of(at, slots)
    hours_of = (turn.begins_at, turn.ends_at) if turn else None
    return rules.desk_ends(at, hours, hours_of, max((one.ends_at for one in slots), default=None))


def works_from(desk: Desk, slots: list[parallel.Slot]) -> datetime:
    """From when people are checked in at a desk."""
    turn = _turn_of(desk.made_at, slots)
    return max(desk.made_at, turn.begins_at - rules.BEFORE) if turn else desk.made_at


def opens_from(desk: Desk, slots: list[parallel.Slot]) -> datetime:
    """From when its code opens a desk on a phone, which may take the list along."""
    turn = _turn_of(desk.made_at, slots)
    return max(desk.made_at, turn.begins_at - rules.A_DAY_AHEAD) if turn else desk.made_at


def present_and_expected(session: Session) -> tuple[int, int]:
    """How many were there, and how many have a seat or came without one any more; of a parallel session those who go there."""
    present = Attendance.objects.filter(session=session, taken_back_at=None)
    seated = Registration.objects.filter(workshop=session.workshop_id, state__in=HOLDING)
    if parallel.beside(session):
        seated = seated.filter(assignments__session=session)
    others = present.exclude(registration__state__in=HOLDING).count()
    return present.count(), seated.count() + others


def to_look_at(workshop: Workshop) -> QuerySet[Scan]:
    """What desks reported and nobody has looked at yet: what made nobody present, and who is known from another province."""
    return Scan.objects.filter(session__workshop=workshop, looked_at=None).exclude(
        outcome=ScanOutcome.PRESENT, newcomer={}
    )


def doubles(workshop: Workshop) -> list[tuple[Scan, Registration]]:
    """Whom a desk wrote down and who has the name and commune of somebody else of the workshop, as long as nobody has said that these are
    two: the report, and that other one, who may be the same person. Two who are known by different numbers are two."""
    there = Attendance.objects.filter(session__workshop=workshop, taken_back_at=None)
    every = Registration.objects.filter(workshop=workshop).select_related("person__user", "place__parent")
    came = every.filter(
        Q(source=RegistrationSource.WALK_IN) | Q(replaces__isnull=False), pk__in=there.values("registration")
    )
    new = {one.pk: one for one in came}
    if not new:
        return []
    alike = defaultdict(list)
    others = every.filter(person__search__in={one.person.search for one in new.values()})
    for one in others.exclude(state=RegistrationState.REPLACED):
        alike[one.person.search, one.place_id].append(one)
    rows = Scan.objects.filter(registration__in=new, outcome=ScanOutcome.PRESENT).order_by("-occurred_at", "-pk")
    rows = rows.select_related("session", "desk", "registration__person", "registration__place__parent")
    scans = {one.registration_id: one for one in rows if one.registration_id}
    apart = {(one.registration_id, other) for one in rows for other in one.told_apart}
    return [
        (scan, other)
        for key, scan in scans.items()
        for other in alike[new[key].person.search, new[key].place_id]
        if (key, other.pk) not in apart
        if _may_be_one(new[key], other) and (other.pk not in new or other.number < new[key].number)
    ]


def _may_be_one(one: Registration, other: Registration) -> bool:
    first, second = numbers_of(one.person), numbers_of(other.person)
    return one.pk != other.pk and (not first or not second or bool(first & second))


def slots(workshop: Workshop) -> list[datetime]:
    """When its sessions begin, in order; parallel ones are one slot, what was cancelled is none."""
    return [slot.begins_at for slot in parallel.of(workshop)]


def taught(enrolment_id: int) -> Taught | None:
    """The days of the workshop by which an enrolment's activity was completed: from its first session to its last."""
    done = Completion.objects.filter(enrolment=enrolment_id, source=Source.WORKSHOP, activity__workshop__isnull=False)
    held = Session.objects.filter(workshop__activity__in=done.values("activity"), cancelled_at=None)
    days = held.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    return Taught(local_day(days["first"]), local_day(days["last"])) if days["first"] else None


def present_count(workshop: Workshop) -> int:
    """How many delegates were at one session at least."""
    rows = Attendance.objects.filter(session__workshop=workshop, session__cancelled_at=None, taken_back_at=None)
    return rows.values("registration").distinct().count()


def last_recorded(workshop: Workshop) -> datetime | None:
    """When somebody was last recorded to have been there."""
    rows = Attendance.objects.filter(session__workshop=workshop, session__cancelled_at=None, taken_back_at=None)
    last: datetime | None = rows.aggregate(last=Max("recorded_at"))["last"]
    return last


def can_be_called() -> QuerySet[Registration]:
    """Of all workshops: who was there, agreed to be recorded, and can be called."""
    there = Attendance.objects.filter(registration=OuterRef("pk"), session__cancelled_at=None, taken_back_at=None)
    rows = Registration.objects.filter(Exists(there), workshop__cancelled_at=None, person__has_consented=True)
    return rows.filter(person__merged_into=None, person__erased_at=None).exclude(person__contact_phone="")


def calls_that_count() -> QuerySet[FollowUp]:
    """Those to whoever answered or did not want to, and of the others those that can still be made: who took the agreement back, was erased,
    or was not there after all is no longer among those to call."""
    is_settled = Q(outcome__in=(CallOutcome.ANSWERED, CallOutcome.DECLINED))
    return FollowUp.objects.filter(is_settled | Q(registration__in=can_be_called()))


def is_absent(workshop: Workshop, badge: int) -> bool:
    """Whether nobody recorded the delegate with this number, though others were recorded."""
    rows = Attendance.objects.filter(session__workshop=workshop, session__cancelled_at=None, taken_back_at=None)
    counts = rows.aggregate(own=Count("pk", filter=Q(registration__number=badge)), every=Count("pk"))
    return bool(counts["every"]) and not counts["own"]


def certificates_of(workshop: Workshop, people: Collection[int]) -> dict[int, Credential]:
    """By person: the latest valid one of its course."""
    found = Credential.objects.filter(enrolment__course=workshop.activity.course_id, enrolment__person__in=people)
    valid = found.filter(status=CredentialStatus.VALID).select_related("enrolment")
    return {one.enrolment.person_id: one for one in valid.order_by("issued_at")}


def agenda(workshop: Workshop) -> list[AgendaItem]:
    """Of all sessions that are held, in the order of time, with who speaks."""
    items = AgendaItem.objects.filter(session__workshop=workshop, session__cancelled_at=None)
    return list(
        items.order_by("session__starts_at", "starts_at", "pk").prefetch_related("speakers").select_related("session")
    )


def items_outside(workshop: Workshop) -> list[AgendaItem]:
    """Of the programme: what is said to begin at an hour at which its session is not held."""
    return [one for one in agenda(workshop) if not _is_within(one)]


def _is_within(item: AgendaItem) -> bool:
    """Who comes is welcomed before a session begins."""
    held = item.session
    begins_at = timezone.make_aware(datetime.combine(local_day(held.starts_at), item.starts_at))
    return held.starts_at - rules.WELCOMED_FROM <= begins_at < held.ends_at


def payable_speakers(workshop: Workshop) -> list[Speaker]:
    """To whom fees are paid. A specimen tells of people who were there, of whom no sheet of money is made: only those who are said to be
    invented have one."""
    speakers = list(workshop.speakers.all())
    if not workshop.is_specimen:
        return speakers
    return [one for one in speakers if INVENTED in f"{one.name} {one.post} {one.unit}".casefold()]


def feedback_questions(workshop: Workshop) -> list[FormQuestion]:
    return list(FormQuestion.objects.filter(workshop=workshop, stage=Stage.FEEDBACK, retired_at=None))


def tests_of(workshop: Workshop) -> dict[str, HallTest]:
    return {
        test.moment: test for test in HallTest.objects.filter(workshop=workshop).select_related("workshop__activity")
    }
