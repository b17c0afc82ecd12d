"""Delegates are told: invited, reminded, told of a change or that nothing takes place. Everything goes out through the outbox."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import dates, text
from lib.refusals import Refusal
from messaging.actions import enqueue
from messaging.models import Message
from workshops import queries, rules
from workshops.inviting import receiving, wording
from workshops.models import (
    LONGEST_EXTRA,
    NAMING_ROOMS,
    REACHED,
    Notice,
    NoticeKind,
    NoticeState,
    Registration,
    Reminder,
    Workshop,
)

from .registering import locked
from .telling import body_of, is_current, know

FROM_HOUR, UNTIL_HOUR = 8, 20  # when people are reminded without anybody pressing a button
A_ROUND = 500


@transaction.atomic
def tell(
    *,
    workshop: Workshop,
    kind: str,
    at: datetime,
    by: User | None,
    only: Collection[int] | None = None,
    extra: str = "",
) -> receiving.Receivers:
    """Whoever was told the same already is left in peace; whom no message reached is tried again. Raises Refusal for a workshop that
    has begun, and for one that is cancelled where it is not that which is told."""
    workshop = locked(workshop)
    _refuse_late(workshop, kind, at)
    facts = wording.facts_of(workshop)
    found = receiving.sort_out(workshop, kind, facts, at, only)
    said = {"kind": kind, "extra": text.nfc(extra)[:LONGEST_EXTRA], "asked_by": by, "at": at}
    for state, rows in (
        (NoticeState.WAITING, found.to_tell), (NoticeState.NO_PHONE, found.no_phone), (NoticeState.MUTED, found.muted),
    ):  # fmt: skip
        for one in rows:
            about = receiving.about(kind, one, workshop, facts, at)
            notice = found.notices.get(one.pk) or Notice(registration=one, about=about, tries=0)
            _note(notice, state, said)
            if state == NoticeState.WAITING:
                _post(notice, one, wording.body(kind, one, facts, notice.extra), at)
    _know(kind, found.to_tell, facts)
    if found.to_tell and by:
        log(
            instance=workshop,
            action="workshops.told",
            user=by,
            timestamp=at,
            data={"kind": kind, "count": len(found.to_tell)},
        )
    return found


def _know(kind: str, people: Iterable[Registration], facts: wording.Facts) -> None:
    """What names the own room tells it, whatever else it is about."""
    if kind in NAMING_ROOMS and facts.rooms:
        know(people, facts.rooms)


def _note(notice: Notice, state: str, said: Mapping[str, object]) -> None:
    for name, value in said.items():
        setattr(notice, name, value)
    notice.state, notice.settled_at = state, None
    notice.tries += 1
    notice.save()


def _post(notice: Notice, registration: Registration, body: str, at: datetime) -> None:
    enqueue(to=registration.person.contact_phone, body=body, purpose="workshop", at=at, dedupe_key=notice.message_key)


@transaction.atomic
def tell_again(*, workshop: Workshop, by: User, at: datetime) -> int:
    """What a provider did not take is sent once more, to the number of today and with what is true today. How many."""
    workshop = locked(workshop)
    facts, count = wording.facts_of(workshop), 0
    failed = Notice.objects.filter(registration__workshop=workshop, state=NoticeState.FAILED)
    for notice in failed.select_related("registration__person"):
        one, kind = notice.registration, notice.kind
        is_expected = one.state in receiving.RECEIVING[NoticeKind(kind)]
        is_muted = one.is_muted and kind not in (NoticeKind.CANCELLATION, NoticeKind.REPLY)
        room = facts.room_of(one)
        is_known = kind == NoticeKind.ROOM and (not room or room == one.told_rooms)
        if (
            is_expected
            and is_current(notice, one, at)
            and not is_muted
            and not is_known
            and one.person.contact_phone
            and not _is_late(workshop, kind, at)
        ):
            _note(notice, NoticeState.WAITING, {"asked_by": by, "at": at})
            _post(notice, one, body_of(notice, one, facts), at)
            _know(kind, [one], facts)
            count += 1
    return count


@transaction.atomic
def mute(*, registration: Registration, is_muted: bool) -> None:
    """For all workshops of this person, those to come included; the ticket of any of them switches it."""
    Registration.objects.filter(person=registration.person_id).update(is_muted=is_muted)


@transaction.atomic
def plan_reminder(*, workshop: Workshop, due_at: datetime, by: User, at: datetime, extra: str = "") -> Reminder:
    """Raises Refusal for a moment that is over, or at which the workshop has begun. The same moment twice is one."""
    workshop = locked(workshop)
    begins_at = queries.begins_at(workshop)
    if due_at <= at or (begins_at and due_at >= begins_at):
        raise Refusal(_("Hãy chọn giờ nhắc từ bây giờ đến trước lúc lớp bắt đầu."))
    said = {"extra": text.nfc(extra)[:LONGEST_EXTRA], "asked_by": by}
    return Reminder.objects.update_or_create(workshop=workshop, due_at=due_at, defaults=said)[0]


def drop_reminder(*, reminder: Reminder) -> bool:
    """Whether it was still to come."""
    return bool(Reminder.objects.filter(pk=reminder.pk, done_at=None).delete()[0])


def remind(*, at: datetime) -> int:
    """A job: the day before, by daylight, and at the moments that were chosen. Each day once, whatever asks for it."""
    count = 0
    for reminder in Reminder.objects.filter(done_at=None, due_at__lte=at).select_related("workshop"):
        with transaction.atomic():
            mine = Reminder.objects.filter(pk=reminder.pk, done_at=None).update(done_at=at)
            if (
                mine
                and reminder.due_at > at - timedelta(hours=12)
                and not _is_late(reminder.workshop, NoticeKind.REMINDER, at)
            ):
                told = tell(
                    workshop=reminder.workshop, kind=NoticeKind.REMINDER, at=at, by=reminder.asked_by, extra=reminder.extra
                )  # fmt: skip
                count += len(told.to_tell)
    if FROM_HOUR <= timezone.localtime(at).hour < UNTIL_HOUR:
        count += sum(_remind(one, at) for one in _of_tomorrow(at))
    return count


def _of_tomorrow(at: datetime) -> list[Workshop]:
    """That begin tomorrow, with somebody who was not reminded today, and for which nobody chose a moment of today: its words are to go out."""
    today = dates.local_day(at)
    chosen = Reminder.objects.filter(
        workshop=OuterRef("pk"), done_at=None, due_at__lt=dates.start_of_day(today + timedelta(days=1))
    )
    begin, end = (dates.start_of_day(today + timedelta(days=days)) for days in (1, 2))
    reminded = Notice.objects.filter(registration=OuterRef("pk"), kind=NoticeKind.REMINDER, about=today.isoformat())
    waiting = Registration.objects.filter(
        ~Exists(reminded), workshop=OuterRef("pk"), state__in=receiving.RECEIVING[NoticeKind.REMINDER]
    )
    planned = Workshop.objects.filter(
        Exists(waiting), ~Exists(chosen), cancelled_at=None, closed_at=None, sessions__cancelled_at=None, sessions__starts_at__range=(begin, end)
    )  # fmt: skip
    found = [(one, queries.begins_at(one)) for one in planned.distinct()]
    return [one for one, begins_at in found if begins_at and begin <= begins_at < end]


def _remind(workshop: Workshop, at: datetime) -> int:
    return len(tell(workshop=workshop, kind=NoticeKind.REMINDER, at=at, by=None).to_tell)


def note_outcomes(*, at: datetime) -> int:
    """A job: how messages went is noted before the outbox forgets them. One that is gone unsent failed."""
    waiting = Notice.objects.filter(state=NoticeState.WAITING, at__lte=at).order_by("pk")
    return sum(_note_outcomes(some, at) for some in batched(waiting, A_ROUND))


def _note_outcomes(waiting: Sequence[Notice], at: datetime) -> int:
    known = {one.dedupe_key: one for one in Message.objects.filter(dedupe_key__in=[one.message_key for one in waiting])}
    count = 0
    for notice in waiting:
        message = known.get(notice.message_key)
        if message and not message.sent_at and not message.failed_at:
            continue
        notice.state = NoticeState.SENT if message and message.sent_at else NoticeState.FAILED
        notice.settled_at = (message.sent_at or message.failed_at) if message else at
        is_noted = Notice.objects.filter(pk=notice.pk, tries=notice.tries).update(
            state=notice.state, settled_at=notice.settled_at
        )
        if is_noted and notice.state == NoticeState.FAILED and notice.kind in NAMING_ROOMS:
            _forget_rooms(notice)
        count += is_noted
    return count


def _forget_rooms(failed: Notice) -> None:
    """Whom a message did not reach does not know the room that it named, unless a later one did, or they chose it themselves."""
    later = Notice.objects.filter(
        registration=OuterRef("pk"), at__gte=failed.at, state__in=REACHED, kind__in=NAMING_ROOMS
    )
    Registration.objects.filter(~Exists(later), pk=failed.registration_id).update(told_rooms=F("own_rooms"))


def _is_late(workshop: Workshop, kind: str, at: datetime) -> bool:
    begins_at = queries.begins_at(workshop)
    is_over = bool(workshop.closed_at) or rules.has_begun(begins_at, at)
    return is_over or (workshop.cancelled_at is not None) != (kind == NoticeKind.CANCELLATION)


def _refuse_late(workshop: Workshop, kind: str, at: datetime) -> None:
    if _is_late(workshop, kind, at):
        raise Refusal(_("Lớp đã bắt đầu hoặc đã hủy, nên không nhắn nữa."))


def tell_cancelled(workshop: Workshop, *, by: User, at: datetime) -> int:
    """Everybody who was expected; nobody of a workshop whose day is over."""
    if _is_late(workshop, NoticeKind.CANCELLATION, at):
        return 0
    return len(tell(workshop=workshop, kind=NoticeKind.CANCELLATION, at=at, by=by).to_tell)
