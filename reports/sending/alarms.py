"""What should have gone out and did not: asked of the plan, not of the jobs, so that jobs that stand still are noticed too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import AnyUser
from accounts.models import User
from messaging.actions import enqueue
from messaging.models import Message
from reports.reminding.models import Reminder, ReminderState

from . import content, periods
from .access import subscriptions_visible_to
from .models import NO_ADDRESS, NO_NUMBER, Sending, SendingState, Subscription

GRACE = timedelta(hours=1)  # until what is due counts as late
A_DAY = timedelta(days=1)
GIVEN_UP = (SendingState.FAILED, SendingState.UNSURE, SendingState.SKIPPED)


@dataclass(frozen=True)
class Trouble:
    """`error` is a provider's word; `sending` is None where not even that was written down."""

    subscription: Subscription
    due_at: datetime
    words: str
    error: str
    sending: Sending | None

    @property
    def why(self) -> str:
        return self.sending.why if self.sending else ""

    @property
    def is_for_operators(self) -> bool:
        """Else it is the reader's to put right, or whoever ordered it is to end it."""
        is_skipped = self.sending is not None and self.sending.state == SendingState.SKIPPED
        return not is_skipped and self.error not in (NO_ADDRESS, NO_NUMBER)

    @property
    def title(self) -> str:
        place = self.subscription.place
        return f"{capfirst(self.subscription.get_what_display())}, {place.full_name if place else _('cả nước')}"


def troubles(subscriptions: QuerySet[Subscription], *, at: datetime) -> list[Trouble]:
    """Of what runs, the last period that was due, where it is not settled well; the oldest first."""
    running = list(
        subscriptions.filter(ended_at=None).select_related("user__person", "place__parent", "by__person").order_by("pk")
    )
    due = {one.pk: periods.latest(one.every, at) for one in running}
    rows = Sending.objects.filter(subscription__in=due, due_at__in=set(due.values())) if due else []
    known = {(row.subscription_id, row.due_at): row for row in rows}
    expected = [one for one in running if one.at < due[one.pk]]
    found = (_trouble(one, due[one.pk], known.get((one.pk, due[one.pk])), at) for one in expected)
    return sorted((one for one in found if one), key=lambda one: (one.due_at, one.subscription.pk))


def _trouble(one: Subscription, due_at: datetime, sending: Sending | None, at: datetime) -> Trouble | None:
    is_late = at - due_at > GRACE
    if sending is None:
        said = _("quá giờ mà chưa gửi: phần gửi tự động trên máy chủ có thể đã dừng")
        return Trouble(one, due_at, said, "", None) if is_late else None
    if sending.state == SendingState.SENT:
        return None
    if sending.state in GIVEN_UP:
        return Trouble(one, due_at, sending.get_state_display(), sending.error, sending)
    if sending.error:
        return Trouble(one, due_at, _("chưa gửi được, hệ thống đang thử lại"), sending.error, sending)
    return Trouble(one, due_at, _("quá giờ mà chưa gửi xong"), "", sending) if is_late else None


def troubles_of(user: AnyUser, *, at: datetime) -> list[Trouble]:
    """Of one's own, and for administrators what is the server's."""
    found = troubles(subscriptions_visible_to(user), at=at)
    return [
        one for one in found if one.is_for_operators or user.pk in (one.subscription.user_id, one.subscription.by_id)
    ]


def _operators(at: datetime) -> list[Trouble]:
    return [one for one in troubles(Subscription.objects.all(), at=at) if one.is_for_operators]


def for_operators(*, at: datetime) -> list[str]:
    """Sentences without names, numbers and addresses, one a trouble; of the outbox and of reminders too."""
    said = [
        f"report #{one.subscription.pk} ({one.subscription.what}, {one.subscription.way}) due {one.due_at:%Y-%m-%d %H:%M %Z}: {_plain(one)}"
        for one in _operators(at)
    ]
    waiting = Message.objects.filter(sent_at=None, failed_at=None, created_at__lt=at - GRACE).count()
    if waiting:
        said.append(f"outbox: {waiting} messages have been waiting for more than an hour")
    failed = Reminder.objects.filter(state=ReminderState.FAILED, settled_at__gt=at - A_DAY).count()
    if failed:
        said.append(f"reminders: {failed} could not be sent within a day")
    return said


def _plain(one: Trouble) -> str:
    return ": ".join(filter(None, (one.sending.state if one.sending else "not begun", one.error)))


def tell(*, at: datetime) -> int:
    """A job: administrators are told by message, at once and then after 1, 2, 4, 8 … days while it lasts. How many messages."""
    found = _operators(at)
    if not found:
        return 0
    first = found[0]
    turn = ((at - first.due_at) // A_DAY).bit_length()
    if not _is_new(first, turn):
        return 0
    body = f"Hoc OCOP: {len(found)} bao cao dinh ky chua gui duoc. Dang nhap de xem: {content.list_link()}"
    return _tell(User.objects.filter(is_superuser=True, is_active=True, phone__isnull=False), body, first, turn, at)


def _key(first: Trouble, turn: int) -> str:
    return f"report-alarm-{first.subscription.pk}-{first.due_at:%Y%m%d}-{turn}-"


def _is_new(first: Trouble, turn: int) -> bool:
    return not Message.objects.filter(dedupe_key__startswith=_key(first, turn)).exists()


def _tell(administrators: Iterable[User], body: str, first: Trouble, turn: int, at: datetime) -> int:
    count = 0
    for one in administrators:
        enqueue(to=one.phone or "", body=body, purpose="alarm", at=at, dedupe_key=f"{_key(first, turn)}{one.pk}")
        count += 1
    return count
