"""Ordering reports, and sending what is due: each period once, whoever sends it, and what fails is tried again and seen."""

import logging
from datetime import datetime, timedelta
from itertools import batched
from time import monotonic

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from accounts.models import MailAddress, User
from lib.refusals import Refusal
from messaging import mailing
from messaging.actions import call_off, enqueue
from messaging.models import Message
from provinces.models import Place

from . import content, periods
from .access import may_get, subscriptions_visible_to
from .models import (
    KILLED,
    NO_ADDRESS,
    NO_NUMBER,
    NO_SERVER,
    OPEN,
    Every,
    Sending,
    SendingState,
    Subscription,
    Way,
    What,
)

MOST = 20  # that one colleague gets
TRIES = 8  # after 5, 10, 20 … minutes: half a day
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=4)
CLAIM = timedelta(minutes=15)  # longer than any server is waited for
A_ROUND = 100
A_PORTION = 500  # of messages that are looked up at once
KEPT = timedelta(days=400)

logger = logging.getLogger("reports.sending")


def subscribe(
    *, user: User, place: Place | None, what: str, every: str, way: str, by: User, at: datetime
) -> Subscription:
    """The same one twice is one. Raises Refusal for what giver or reader may not see, and for a way that does not reach the reader."""
    if what not in What.values or every not in Every.values or way not in Way.values:
        raise Refusal(_("Hãy chọn báo cáo, lúc gửi và cách gửi."))
    for one in (by, user):
        if not may_get(one, what, place):
            raise Refusal(_("Chưa đặt được: báo cáo này ngoài địa bàn của người nhận hoặc của anh/chị."))
    if why := _unreachable(user, way):
        raise Refusal(_UNREACHABLE[why])
    running = Subscription.objects.filter(user=user, ended_at=None)
    fields = {"user": user, "place": place, "what": what, "every": every, "way": way}
    if known := running.filter(**fields).first():
        return known
    if running.count() >= MOST:
        raise Refusal(_("Người này đã nhận %(n)s báo cáo: hãy thôi gửi bớt một báo cáo trước.") % {"n": MOST})
    try:
        with transaction.atomic():
            made = Subscription.objects.create(**fields, by=by, at=at)
            log(instance=made, action="reports.subscribed", user=by, timestamp=at)
    except IntegrityError:  # pressed twice
        return running.get(**fields)
    return made


_UNREACHABLE = {
    NO_ADDRESS: gettext_lazy(
        "Chưa đặt được: người nhận chưa có địa chỉ thư điện tử đã xác nhận. Người nhận tự ghi ở mục Tài khoản của tôi."
    ),
    NO_NUMBER: gettext_lazy("Chưa đặt được: người nhận không có số điện thoại."),
    NO_SERVER: gettext_lazy(
        "Hệ thống chưa gửi được thư, vì người vận hành chưa khai báo máy chủ thư. Hãy nhờ quản trị hệ thống."
    ),
}


def _unreachable(user: User, way: str) -> str:
    """Why no such report reaches somebody; "" if it does."""
    if way == Way.MESSAGE:
        return "" if user.phone else NO_NUMBER
    if not settings.MAIL_IS_ON:
        return NO_SERVER
    return "" if _address(user) else NO_ADDRESS


def _address(user: User) -> str:
    return MailAddress.objects.filter(user=user).values_list("address", flat=True).first() or ""


@transaction.atomic
def unsubscribe(*, subscription: Subscription, by: User, at: datetime) -> bool:
    """By who gets it, who ordered it, or an administrator. Whether it ran; what waits is not sent."""
    mine = subscriptions_visible_to(by).filter(pk=subscription.pk, ended_at=None)
    if not mine.update(ended_at=at):
        return False
    Sending.objects.filter(subscription=subscription, state=SendingState.WAITING).delete()
    messages = Sending.objects.filter(subscription=subscription, state=SendingState.OUTBOX)
    call_off([one.message_key for one in messages], at=at)
    log(instance=subscription, action="reports.unsubscribed", user=by, timestamp=at)
    return True


def send_again(*, sending: Sending, by: User, at: datetime) -> bool:
    """What failed, or may have failed, is sent once more because somebody asks for it; whether it is."""
    mine = Sending.objects.filter(pk=sending.pk, subscription__in=subscriptions_visible_to(by).filter(ended_at=None))
    given_up = mine.filter(state__in=(SendingState.FAILED, SendingState.UNSURE, SendingState.SKIPPED))
    return bool(given_up.update(state=SendingState.WAITING, tries=0, next_try_at=at, settled_at=None, error=""))


def send_due(*, at: datetime) -> int:
    """A job: what is due is written down once, and what waits is sent. How many were."""
    _write_down(at)
    _note_killed(at)
    _note_messages(at)
    begun, count = monotonic(), 0
    waiting = Sending.objects.filter(state=SendingState.WAITING, next_try_at__lte=at, subscription__ended_at=None)
    for pk in waiting.order_by("next_try_at", "pk").values_list("pk", flat=True)[:A_ROUND]:
        now = at + timedelta(seconds=monotonic() - begun)
        try:
            count += send(pk, at=now)
        except (
            mailing.MailDown
        ):  # the others would wait for the same server, one after another, and all other jobs with them
            others = waiting.filter(subscription__way=Way.MAIL)
            others.update(next_try_at=now + FIRST_WAIT)
    return count


def _write_down(at: datetime) -> None:
    """The period that is due, of everything that was ordered before; the database lets each be written once."""
    for every in Every.values:
        due_at = periods.latest(every, at)
        running = Subscription.objects.filter(every=every, ended_at=None, at__lt=due_at)
        missing = running.exclude(sendings__due_at=due_at)
        Sending.objects.bulk_create(
            [Sending(subscription=one, due_at=due_at, next_try_at=at) for one in missing], ignore_conflicts=True
        )
        stale = Sending.objects.filter(
            subscription__every=every, due_at__lt=due_at, state=SendingState.WAITING
        )  # its successor tells more
        stale.update(state=SendingState.FAILED, settled_at=at)


def send(pk: int, *, at: datetime) -> bool:
    """One that waits: made first, then claimed, then sent, so that a failure before the claim can be tried again without doubt. One that was
    ended, or put off, since the round began is not made at all.

    Raises MailDown if no server answered, once that is noted."""
    waiting = Sending.objects.filter(pk=pk, state=SendingState.WAITING, next_try_at__lte=at)
    sending = waiting.select_related("subscription__user__person", "subscription__place__parent").first()
    if sending is None:
        return False
    one = sending.subscription
    if not may_get(one.user, one.what, one.place):
        _settle(sending, SendingState.SKIPPED, at, before=SendingState.WAITING)
    elif why := _unreachable(one.user, one.way):
        _settle(sending, SendingState.FAILED, at, why, before=SendingState.WAITING)
    elif one.way == Way.MESSAGE:
        _hand_over(sending, at)
    else:
        return _send_mail(sending, at)
    return False


def _send_mail(sending: Sending, at: datetime) -> bool:
    try:
        with translation.override(settings.LANGUAGE_CODE):
            subject, body, attachments = content.mail(sending.subscription, at)
    except Exception as error:
        logger.exception("report %s could not be made", sending.pk)
        if _claim(sending, at):
            _fail(sending, type(error).__name__, at)
        return False
    if not _claim(sending, at):
        return False
    to, key = _address(sending.subscription.user), f"report-{sending.pk}"
    try:
        mailing.send(to=to, subject=subject, body=body, key=key, attachments=attachments)
    except mailing.MailError as error:
        _fail(sending, str(error), at)
        if isinstance(error, mailing.MailDown):
            raise
        return False
    except mailing.MailUnsure as error:
        _settle(sending, SendingState.UNSURE, at, str(error))
        return False
    _settle(sending, SendingState.SENT, at)
    return True


def _claim(sending: Sending, at: datetime) -> bool:
    waiting = Sending.objects.filter(pk=sending.pk, state=SendingState.WAITING, next_try_at__lte=at)
    return bool(waiting.update(state=SendingState.UNDERWAY, tries=F("tries") + 1, next_try_at=at + CLAIM))


@transaction.atomic
def _hand_over(sending: Sending, at: datetime) -> None:
    """To the outbox, in the same transaction: no message without its row, and no second one."""
    if not _claim(sending, at):
        return
    sending.refresh_from_db(fields=["tries"])
    body, number = content.message(sending.subscription), sending.subscription.user.phone or ""
    enqueue(to=number, body=body, purpose="report", at=at, dedupe_key=sending.message_key)
    Sending.objects.filter(pk=sending.pk).update(state=SendingState.OUTBOX)


def _settle(
    sending: Sending, state: str, at: datetime, error: str = "", *, before: str = SendingState.UNDERWAY
) -> None:
    if state != SendingState.SENT:
        logger.warning("report %s was not sent: %s %s", sending.pk, state, error)
    rows = Sending.objects.filter(pk=sending.pk, state=before)
    rows.update(state=state, settled_at=at, error=error[:200])


def _fail(sending: Sending, error: str, at: datetime) -> None:
    """Waits longer each time, then gives up."""
    sending.refresh_from_db(fields=["tries"])
    if sending.tries >= TRIES:
        _settle(sending, SendingState.FAILED, at, error)
        return
    logger.warning("report %s was not sent: %s", sending.pk, error)
    wait = min(FIRST_WAIT * 2 ** (sending.tries - 1), LONGEST_WAIT)
    rows = Sending.objects.filter(pk=sending.pk, state=SendingState.UNDERWAY)
    rows.update(state=SendingState.WAITING, next_try_at=at + wait, error=error[:200])


def _note_killed(at: datetime) -> None:
    """A worker that died between: the mail may have arrived, and is not sent once more by itself."""
    dead = Sending.objects.filter(state=SendingState.UNDERWAY, next_try_at__lte=at)
    dead.update(state=SendingState.UNSURE, settled_at=at, error=KILLED)


def _note_messages(at: datetime) -> None:
    """How those went that the outbox took; one that is gone unsent failed."""
    for rows in batched(Sending.objects.filter(state=SendingState.OUTBOX), A_PORTION):
        keys = [row.message_key for row in rows]
        known = {one.dedupe_key: one for one in Message.objects.filter(dedupe_key__in=keys)}
        for row in rows:
            _note_message(row, known.get(row.message_key), at)


def _note_message(row: Sending, message: Message | None, at: datetime) -> None:
    if message and message.sent_at:
        _settle(row, SendingState.SENT, message.sent_at, before=SendingState.OUTBOX)
    elif message is None or message.failed_at:
        error = message.last_error if message else "gone"
        _settle(row, SendingState.FAILED, at, error, before=SendingState.OUTBOX)
    elif message.last_error != row.error:
        Sending.objects.filter(pk=row.pk, state=SendingState.OUTBOX).update(error=message.last_error)


def forget_old(*, at: datetime) -> int:
    """A job: sendings of long ago, and what ended then."""
    count = Sending.objects.filter(due_at__lt=at - KEPT).exclude(state__in=OPEN).delete()[0]
    return count + Subscription.objects.filter(ended_at__lt=at - KEPT).delete()[0]
