"""Every write to the outbox."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from lib.dates import local_day
from lib.refusals import Refusal

from .channels import ChannelError, sms_channel
from .models import BulkBudget, CodeBudget, Message

MAX_ATTEMPTS = 6
SECRET_LIFE = timedelta(minutes=10)  # as long as a log-in code works
CALLED_OFF = "called off"
CLAIM = timedelta(minutes=5)  # longer than any channel waits for its provider

logger = logging.getLogger("messaging")


class BudgetSpent(Refusal):
    """As many codes have left today as the operator pays for."""


@transaction.atomic
def enqueue(
    *, to: str, body: str, purpose: str, at: datetime, is_secret: bool = False, dedupe_key: str | None = None
) -> Message:
    """Puts a text message into the outbox. The same `dedupe_key` gives the same message, sent once.

    A secret one (a code that somebody is waiting for) is tried at once when the transaction commits. It counts towards
    SMS_DAILY_BUDGET; raises BudgetSpent when that is used up.
    """
    fields = {"to": to, "body": body, "purpose": purpose, "is_secret": is_secret, "created_at": at, "due_at": at}
    if dedupe_key:
        message, is_new = Message.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)
    else:
        message, is_new = Message.objects.create(**fields), True
    if is_secret and is_new:
        _take_from_budget(at)
        transaction.on_commit(lambda: deliver(message_id=message.pk, at=at))
    return message


def _take_from_budget(at: datetime) -> None:
    today, _made = CodeBudget.objects.get_or_create(day=local_day(at))
    is_left = CodeBudget.objects.filter(pk=today.pk, taken__lt=settings.SMS_DAILY_BUDGET)
    if not is_left.update(taken=F("taken") + 1):
        raise BudgetSpent(
            _(
                "Hôm nay hệ thống đã gửi hết số tin nhắn mã, nên chưa gửi được mã. Anh/Chị dùng mã PIN hoặc phiếu mã, hoặc thử lại vào ngày mai."
            )
        )


def bulk_left(at: datetime) -> int:
    """How many messages of many may still leave today."""
    today = BulkBudget.objects.filter(day=local_day(at)).first()
    return max(settings.BULK_DAILY_BUDGET - (today.taken if today else 0), 0)


def hold_bulk(at: datetime) -> int:
    """As `bulk_left`, and nobody else takes of it until the transaction ends."""
    today, _made = BulkBudget.objects.get_or_create(day=local_day(at))
    BulkBudget.objects.select_for_update().get(pk=today.pk)
    return bulk_left(at)


def take_bulk(count: int, *, at: datetime) -> None:
    """Behind `hold_bulk`."""
    BulkBudget.objects.filter(day=local_day(at)).update(taken=F("taken") + count)


def call_off(keys: Collection[str], *, at: datetime) -> int:
    """Messages (by `dedupe_key`) that shall not leave any more; how many. One that a worker is sending at this moment leaves all the same,
    and says so by its `sent_at`."""
    waiting = Message.objects.filter(dedupe_key__in=keys, sent_at=None, failed_at=None)
    return waiting.update(failed_at=at, last_error=CALLED_OFF)


@transaction.atomic
def reword(bodies: Mapping[str, str], *, at: datetime) -> set[str]:
    """Messages (by `dedupe_key`) that still wait say something else now; which of them surely will. Of one that a worker may be sending at
    this moment nobody can tell: should it fail, the next try says the new words."""
    waiting = list(
        Message.objects.select_for_update().filter(dedupe_key__in=bodies, sent_at=None, failed_at=None, is_secret=False)
    )
    for message in waiting:
        message.body = bodies[message.dedupe_key or ""]
    Message.objects.bulk_update(waiting, ["body"], batch_size=500)
    return {message.dedupe_key or "" for message in waiting if not message.attempts or message.due_at <= at}


def deliver(*, message_id: int, at: datetime) -> bool:
    """Sends one waiting message; a failure is noted and tried again later, at most MAX_ATTEMPTS times.

    The row is claimed by a conditional update first, so that two workers never send it both; a worker that died while it
    was sending keeps it for CLAIM. A code that ran out is left to `deliver_due`.
    """
    waiting = Message.objects.filter(pk=message_id, sent_at=None, failed_at=None, due_at__lte=at)
    claimed = waiting.exclude(_ran_out(at)).update(attempts=F("attempts") + 1, due_at=at + CLAIM)
    if not claimed:
        return False
    message = Message.objects.get(pk=message_id)
    try:
        sms_channel().send(to=message.to, body=message.body)
    except Exception as error:  # whatever a provider's library raises must not reach the person who waits
        _note_failure(message, error, at)
        return False
    message.sent_at = at
    message.last_error = ""
    message.save(update_fields=["sent_at", "last_error", *_blanked(message)])
    return True


def _note_failure(message: Message, error: Exception, at: datetime) -> None:
    """Waits longer each time, then gives up; a code is not worth sending, nor keeping, once it has run out."""
    message.last_error = str(error)[:200] if isinstance(error, ChannelError) else type(error).__name__
    message.due_at = at + timedelta(minutes=2**message.attempts)
    is_too_late = message.is_secret and message.due_at >= message.created_at + SECRET_LIFE
    if message.attempts >= MAX_ATTEMPTS or is_too_late:
        message.failed_at = at
    blanked = _blanked(message) if message.failed_at else []
    message.save(update_fields=["last_error", "failed_at", "due_at", *blanked])
    logger.warning("message %s (%s) was not sent: %s", message.pk, message.purpose, type(error).__name__)


def _blanked(message: Message) -> list[str]:
    """A secret is not kept. What others are told stays as it is in the row: it may have been reworded meanwhile."""
    if not message.is_secret:
        return []
    message.body = ""
    return ["body"]


def _ran_out(at: datetime) -> Q:
    return Q(is_secret=True, created_at__lte=at - SECRET_LIFE)


def deliver_due(*, at: datetime) -> int:
    """Sends what waits; returns how many messages were sent. A code that ran out while it waited is not sent any more.

    A round may take long: each message is claimed at the moment when its turn comes, not at that of the round.
    """
    waiting = Message.objects.filter(sent_at=None, failed_at=None)
    waiting.filter(_ran_out(at)).update(failed_at=at, body="", last_error="expired")
    due = waiting.filter(due_at__lte=at).order_by("due_at")
    begun = monotonic()
    return sum(
        deliver(message_id=pk, at=at + timedelta(seconds=monotonic() - begun))
        for pk in due.values_list("pk", flat=True)[:500]
    )


def forget_old(*, at: datetime) -> int:
    """Deletes messages older than MESSAGE_LOG_DAYS, sent or not, and the counts of those days."""
    for budget in (CodeBudget, BulkBudget):
        budget.objects.filter(day__lt=local_day(_kept_since(at))).delete()
    return old(at).delete()[0]


def old(at: datetime) -> QuerySet[Message]:
    """What the outbox keeps no longer."""
    return Message.objects.filter(created_at__lt=_kept_since(at))


def _kept_since(at: datetime) -> datetime:
    return at - timedelta(days=settings.MESSAGE_LOG_DAYS)
