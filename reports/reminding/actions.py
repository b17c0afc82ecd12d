"""Reminding many at once, noting how it went, and leaving in peace whoever wants no more of it."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import actions as accounts
from accounts.models import Consent, ConsentText, Person, User
from lib.refusals import Refusal
from messaging import actions as messaging
from messaging.models import Message
from provinces.models import Level, Place
from reports.calling import actions as calling
from reports.models import CallList, Contact

from . import choosing, codes
from .access import is_on, may_remind
from .models import Reminder, ReminderState

FROM_HOUR, UNTIL_HOUR = 8, 20  # of the day: nobody is woken by a reminder
A_ROUND = 500


def lists_of(place: Place, *, at: datetime) -> QuerySet[CallList]:
    """This week's of a commune, or those that the communes of a province have so far."""
    if place.level == Level.COMMUNE:
        return CallList.objects.filter(pk=calling.drawn(place=place, at=at).pk)
    return CallList.objects.filter(week=calling.week_of(at), place__parent=place)


def refuse(by: User, place: Place, at: datetime) -> None:
    """Raises Refusal where nobody may send, where this user may not, and at night."""
    if not is_on():
        raise Refusal(_("Nhắn tin cho nhiều người đang tắt: người vận hành chưa bật."))
    if not may_remind(by, place):
        raise Refusal(_("Chưa gửi, vì nơi này ngoài địa bàn của anh/chị."))
    if not FROM_HOUR <= timezone.localtime(at).hour < UNTIL_HOUR:
        said = _(
            "Chưa gửi: chỉ nhắn tin từ %(first)s giờ đến %(last)s giờ, để không làm phiền người nhận. Hãy gửi trong giờ ấy."
        )
        raise Refusal(said % {"first": FROM_HOUR, "last": UNTIL_HOUR})


@transaction.atomic
def remind(*, place: Place, by: User, at: datetime, seen: str | None = None) -> choosing.Sorted:
    """Everybody on this week's lists of a place who may be reminded now. A second press, or another officer's, finds nobody left.

    `seen` is what `choosing.Sorted` said of those who were looked at. Raises Refusal where it would be others by now, or in other
    words: further lists are drawn, and people go on learning, while somebody reads.

    The persons are locked first, in the order of their keys, as joining and erasing do; then the budget of the day.
    """
    refuse(by, place, at)
    lists = lists_of(place, at=at)
    people = Contact.objects.filter(list__in=lists, person__isnull=False).order_by().values("person")
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
    found = choosing.sort_out(lists, left=messaging.hold_bulk(at), at=at)
    if found.to_tell and seen not in (None, found.seen):
        raise Refusal(
            _(
                "Chưa gửi: từ lúc anh/chị mở trang này, người sẽ nhận hoặc lời nhắn đã đổi. Hãy xem lại danh sách mới dưới đây rồi bấm gửi."
            )
        )
    for one in found.to_tell:
        _post(one, by, at)
    messaging.take_bulk(found.parts, at=at)
    for called, count in Counter(one.contact.list for one in found.to_tell).items():
        log(instance=called, action="reports.reminded", user=by, timestamp=at, data={"count": count})
    return found


def _post(one: choosing.ToTell, by: User, at: datetime) -> None:
    """What reached nobody before is tried once more, under the address that its message says now: two rows may have been joined since."""
    contact = one.contact
    said = {
        "course": contact.course, "reason": contact.reason, "parts": one.parts, "state": ReminderState.WAITING,
        "error": "", "by": by, "at": at, "settled_at": None, "code": codes.of(contact),
    }  # fmt: skip
    known = Reminder.objects.filter(list=contact.list, person=contact.person).first()
    made = known or Reminder(list=contact.list, person=contact.person, tries=0)
    for name, value in said.items():
        setattr(made, name, value)
    made.tries += 1
    made.save()
    messaging.enqueue(to=one.number, body=one.body, purpose="reminder", at=at, dedupe_key=made.message_key)


def note_outcomes(*, at: datetime) -> int:
    """A job: how messages went is noted before the outbox forgets them; and those of people who agree no more do not leave. How many."""
    agreed = Consent.objects.filter(
        person=OuterRef("person"), text__purpose=ConsentText.Purpose.MESSAGES, withdrawn_at=None
    )
    waiting = Reminder.objects.filter(state=ReminderState.WAITING).order_by("pk")
    stopped = [one.message_key for one in waiting.filter(~Exists(agreed))[:A_ROUND]]
    if stopped:
        messaging.call_off(stopped, at=at)
    rows = list(waiting[:A_ROUND])
    known = {one.dedupe_key: one for one in Message.objects.filter(dedupe_key__in=[row.message_key for row in rows])}
    return sum(_note(row, known.get(row.message_key), at) for row in rows)


def _note(row: Reminder, message: Message | None, at: datetime) -> int:
    """One that is gone unsent failed."""
    if message and not message.sent_at and not message.failed_at:
        return 0
    state, error, settled_at = ReminderState.FAILED, "gone", at
    if message and message.sent_at:
        state, error, settled_at = ReminderState.SENT, "", message.sent_at
    elif message and message.failed_at:
        state, error, settled_at = ReminderState.FAILED, message.last_error, message.failed_at
        state = ReminderState.STOPPED if error == messaging.CALLED_OFF else state
    same_try = Reminder.objects.filter(pk=row.pk, tries=row.tries)
    return same_try.update(state=state, error=error, settled_at=settled_at)


@transaction.atomic
def stop(*, reminder: Reminder | Contact, at: datetime) -> bool:
    """Whoever has the message wants no more of them: the agreement to messages ends, and what waits does not leave. Whether it ran."""
    running = (
        Consent.objects.filter(person=reminder.person_id, text__purpose=ConsentText.Purpose.MESSAGES, withdrawn_at=None)
        .select_related("person")
        .first()
    )
    is_ended = running is not None and accounts.withdraw_consent(person=running.person, consent_id=running.pk, at=at)
    waiting = Reminder.objects.filter(person=reminder.person_id, state=ReminderState.WAITING)
    messaging.call_off([one.message_key for one in waiting], at=at)
    return is_ended
