"""Requests about personal data: asked, answered, extended, done, taken back; and the job that erases on the day that was told."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.actions.consents import withdraw_consent
from accounts.models import DataRequest, Person, User
from accounts.queries import number_of, told_to_staff
from accounts.rules import OWN_ONLY
from lib import text
from lib.dates import local_day
from lib.refusals import Refusal
from messaging.actions import enqueue

from . import rules
from .erasing import erase_person, hold
from .records import tell_of_deletion

RECEIVED, REPLIED = "accounts.data_request_received", "accounts.data_request_replied"
EXTENDED, SETTLED, TAKEN_BACK = (
    "accounts.data_request_extended",
    "accounts.data_request_settled",
    "accounts.data_request_taken_back",
)
CALLED_AGAIN = "accounts.calls_allowed_again"
Kind, State, Way = DataRequest.Kind, DataRequest.State, DataRequest.Way
UNREFUSED = (Kind.DELETE, Kind.WITHDRAW)  # need no reason, so that none can be weighed
STOPPING = (Kind.WITHDRAW, Kind.RESTRICT, Kind.OBJECT)  # done by closing agreements
AT_ONCE = 50
logger = logging.getLogger("jobs")


def ask(*, person: Person, kind: str, at: datetime, note: str = "", by: User | None = None) -> DataRequest:
    """By the person (`by` None), or written down by an officer to whom they came. Asked again while it waits, it is the same one.

    A deletion is answered by what is told with it: it has its day, and the number of log-in is told of it.
    """
    try:
        with transaction.atomic():
            return _ask(person, kind, at, text.nfc(note)[:500], by)
    except IntegrityError:  # the other press was quicker
        return _waiting(person, kind)


def _waiting(person: Person, kind: str) -> DataRequest:
    return DataRequest.objects.get(person=person, kind=kind, state__in=DataRequest.UNSETTLED)


def _ask(person: Person, kind: str, at: datetime, note: str, by: User | None) -> DataRequest:
    day, is_deletion = local_day(at), kind == Kind.DELETE
    made = DataRequest.objects.create(
        person=person,
        kind=kind,
        way=Way.OFFICER if by else Way.SELF,
        note=note,
        received_at=at,
        reply_by=rules.reply_by(day, settings.PUBLIC_HOLIDAYS),
        replied_at=at if is_deletion else None,
        done_by=rules.done_by(kind, day),
        erase_on=rules.erase_on(day, settings.ERASE_WAIT_DAYS) if is_deletion else None,
        state=State.RUNNING if is_deletion else State.OPEN,
        recorded_by=by,
    )
    if by:
        _log(made, RECEIVED, by, at)
    tell_of_deletion(made, at)
    return made


def note_done(*, person: Person, kind: str, at: datetime) -> DataRequest:
    """What people did at once by themselves, as evidence that the right was given; nobody has to do anything."""
    day = local_day(at)
    return DataRequest.objects.create(
        person=person, kind=kind, way=Way.SELF, received_at=at, reply_by=day, replied_at=at, done_by=day,
        state=State.DONE, settled_at=at,
    )  # fmt: skip


@transaction.atomic
def take_back(*, request: DataRequest, at: datetime, by: User | None = None) -> bool:
    """By the person, or by an officer whom they told (`by`). False where it was settled already."""
    held = DataRequest.objects.select_for_update().get(pk=request.pk)
    if not held.is_unsettled:
        return False
    held.state, held.settled_at, held.decided_by = State.TAKEN_BACK, at, by
    held.save(update_fields=["state", "settled_at", "decided_by"])
    if by:
        _log(held, TAKEN_BACK, by, at)
    return True


@transaction.atomic
def reply(*, request: DataRequest, answer: str, by: User, at: datetime) -> DataRequest:
    """The first answer: that it came, and what happens now. Pressed again it is the same one. Raises Refusal without words, for one's own,
    once it is settled, and where another officer answered meanwhile."""
    held, said = _held(request, by), _said(answer, 500)
    if held.replied_at and held.answer == said:
        return held
    if held.replied_at:
        raise Refusal(
            _("Chưa gửi, vì yêu cầu này đã được trả lời trước đó. Hãy mở lại trang yêu cầu để xem đã trả lời gì.")
        )
    held.answer = said
    held.replied_at, held.state, held.decided_by = held.replied_at or at, State.RUNNING, by
    held.save(update_fields=["answer", "replied_at", "state", "decided_by"])
    _log(held, REPLIED, by, at)
    _tell_of_the_answer(held, at)
    return held


@transaction.atomic
def extend(*, request: DataRequest, days: int, reason: str, by: User, at: datetime) -> DataRequest:
    """Once, by 15 days at most, with a reason that the person reads. Raises Refusal."""
    held = _held(request, by)
    if held.extended_at or held.erase_on:
        raise Refusal(
            _("Chưa gia hạn: yêu cầu này đã gia hạn một lần, hoặc là yêu cầu xóa, đã có ngày xóa. Hạn vẫn như cũ.")
        )
    later = rules.extended(held.done_by, days)
    if later is None:
        raise Refusal(_("Chưa gia hạn: luật cho gia hạn từ 1 đến %(most)s ngày.") % {"most": rules.MOST_EXTENSION_DAYS})
    held.extension_reason, held.done_by, held.extended_at = _said(reason, 200), later, at
    held.replied_at, held.state, held.decided_by = held.replied_at or at, State.RUNNING, by
    held.save()
    _log(held, EXTENDED, by, at)
    _tell_of_the_answer(held, at)
    return held


@transaction.atomic
def settle(
    *,
    request: DataRequest,
    is_done: bool,
    answer: str,
    by: User,
    at: datetime,
    consents: Iterable[int] = (),
    own_only: bool = False,
    keeps_calls: bool = False,
) -> DataRequest:
    """Done, or refused with a reason; `consents` are the rows of the ledger that are taken back with it, `own_only` takes back as well what
    officers are not told of, whether there is such a thing or not. An objection or restriction that is done ends calls and reminders,
    unless it was about something else (`keeps_calls`).

    Raises Refusal for a deletion, which is done by itself on its day; where what cannot be refused is; where a withdrawal names nothing.
    """
    held = _held(request, by)
    if held.kind == Kind.DELETE:
        raise Refusal(_("Hệ thống tự xóa vào ngày đã báo. Người ấy đổi ý thì bấm “Người ấy rút lại yêu cầu”."))
    if not is_done and held.kind in UNREFUSED:
        raise Refusal(
            _(
                "Chưa ghi: ai cũng rút lại sự đồng ý được mà không cần lý do, nên không từ chối được. Hãy bấm “Đã làm xong”."
            )
        )
    answer = _said(answer, 500)
    if is_done and held.kind in STOPPING:
        _close_agreements(held, list(consents), own_only, at)
        held.stops_calls = held.kind != Kind.WITHDRAW and not keeps_calls
    held.answer, held.decided_by = answer, by
    held.replied_at, held.settled_at = held.replied_at or at, at
    held.state = State.DONE if is_done else State.REFUSED
    held.save()
    _log(held, SETTLED, by, at)
    _tell_of_the_answer(held, at)
    return held


def _close_agreements(held: DataRequest, consents: list[int], own_only: bool, at: datetime) -> None:
    """Where nothing is left that an officer could choose, a withdrawal means what they are not told of."""
    everything = held.person.consents.filter(withdrawn_at=None)
    told = told_to_staff(everything)
    if held.kind == Kind.WITHDRAW and told.exists() and not (own_only or told.filter(pk__in=consents).exists()):
        raise Refusal(_("Chưa ghi: hãy chọn điều người ấy rút lại, rồi bấm lại."))
    if own_only or (held.kind == Kind.WITHDRAW and not told.exists()):
        consents = [*consents, *everything.filter(text__purpose__in=OWN_ONLY).values_list("pk", flat=True)]
    for pk in consents:
        withdraw_consent(person=held.person, consent_id=pk, at=at)


@transaction.atomic
def call_again(*, request: DataRequest, reason: str, by: User, at: datetime) -> DataRequest:
    """The person said that they may be called and reminded again, or it was written down by mistake. Raises Refusal without a reason, for
    one's own, and where nothing stands."""
    held = _locked(request, by)
    if not held.stops_calls:
        raise Refusal(_("Chưa ghi gì, vì người này hiện không xin thôi gọi, thôi nhắn theo yêu cầu này."))
    held.stops_calls = False
    held.save(update_fields=["stops_calls"])
    _log(held, CALLED_AGAIN, by, at, reason=_said(reason, 200))
    return held


def erase_due(*, at: datetime) -> int:
    """A job: deletions whose day has come. One that fails is logged, and does not keep the others waiting."""
    due = DataRequest.objects.filter(kind=Kind.DELETE, state__in=DataRequest.UNSETTLED, erase_on__lte=local_day(at))
    count = 0
    for pk in due.order_by("erase_on", "pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            count += _erase_asked(pk, at)
        except Exception:
            logger.exception("request %s was not done", pk)
    return count


@transaction.atomic
def _erase_asked(pk: int, at: datetime) -> bool:
    """What is asked is looked at again behind the locks: it may have been taken back, or have gone to another row, a moment ago."""
    person = Person.objects.get(data_requests=pk)
    hold(person)
    waiting = DataRequest.objects.filter(person=person, state__in=DataRequest.UNSETTLED)
    if not waiting.filter(pk=pk).exists():
        return False
    erase_person(person=person, by=None, at=at)
    waiting.filter(replied_at=None).update(replied_at=at)  # nobody is left to be answered: it was, by being done
    waiting.update(state=State.DONE, settled_at=at)
    return True


def _held(request: DataRequest, by: User) -> DataRequest:
    held = _locked(request, by)
    if not held.is_unsettled:
        raise Refusal(_("Yêu cầu này đã xong trước đó, nên lần này không ghi thêm gì."))
    return held


def _locked(request: DataRequest, by: User) -> DataRequest:
    held = DataRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    if held.person_id == by.person_id:
        raise Refusal(_("Chưa ghi gì, vì đây là yêu cầu của chính anh/chị. Hãy nhờ một cán bộ khác giải quyết."))
    return held


def _said(words: str, longest: int) -> str:
    said = text.nfc(words)[:longest]
    if not text.is_seen(said):
        raise Refusal(
            _("Chưa ghi, vì chưa có lời nào cho người yêu cầu đọc. Hãy viết câu trả lời hoặc lý do, rồi bấm lại.")
        )
    return said


def _log(request: DataRequest, action: str, by: User, at: datetime, **more: str) -> None:
    """Words are in the row, from which an erasure takes them; a reason in the log goes with it too."""
    log(
        instance=request, title=request.log_title, action=action, user=by, timestamp=at,
        data={"kind": request.kind, "state": request.state} | more,
    )  # fmt: skip


def _tell_of_the_answer(request: DataRequest, at: datetime) -> None:
    body = "Hoc OCOP: da co tra loi cho yeu cau ve du lieu ca nhan cua anh/chi. Vao Tai khoan, Du lieu cua toi de xem."
    _tell(request.person, body, at)


def _tell(person: Person, body: str, at: datetime) -> None:
    """Without diacritics: 160 letters fit one message. Whoever has no number reads it on the page."""
    if number := number_of(person):
        enqueue(to=number, body=body, purpose="data-request", at=at)
