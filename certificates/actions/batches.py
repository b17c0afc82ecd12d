"""Every write of a batch. What is drawn is settled one by one, so that whoever goes on after a crash finds what is done."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from accounts.models import User
from certificates import queries
from certificates.models import Batch, BatchEntry, Credential, EntryState, Layout
from courses.models import Enrolment
from lib import text
from lib.refusals import Refusal
from messaging.actions import enqueue

MOST = 2000  # certificates a batch
KEPT = timedelta(days=14)  # files of a batch, which name people; the certificates themselves stay


@transaction.atomic
def make_batch(
    *,
    token: str,
    enrolments: Iterable[int],
    title: str,
    layout: Layout,
    is_told: bool,
    by: User | None,
    at: datetime,
    is_again: bool = True,
) -> Batch:
    """For these enrolments, in this order. The same token gives the same batch. Raises Refusal for none and for too many, and
    unless `is_again` for those that came into another batch since they were looked up.

    Whoever makes one holds its enrolments, so that of two for the same people one finds what the other wrote.
    """
    if known := Batch.objects.filter(token=token).first():
        return known
    members = list(dict.fromkeys(enrolments))
    if not members:
        raise Refusal(_("Chưa lập đợt in, vì không có giấy nào theo điều kiện đã chọn."))
    if len(members) > MOST:
        raise Refusal(
            _(
                "Chưa lập đợt in: mỗi đợt nhiều nhất %(most)s giấy. Hãy chọn hẹp hơn, chẳng hạn theo nhóm học, năm hay số thứ tự."
            )
            % {"most": MOST}
        )
    _hold(members)
    if known := Batch.objects.filter(token=token).first():  # a second click waited for the first
        return known
    if not is_again:
        _refuse_those_of_others(members)
    fields = {"title": text.nfc(title)[:250], "layout": layout, "is_told": is_told, "made_by": by, "made_at": at}
    batch, is_new = Batch.objects.get_or_create(token=token, defaults=fields)
    if is_new:
        BatchEntry.objects.bulk_create(
            BatchEntry(batch=batch, enrolment_id=pk, position=place) for place, pk in enumerate(members, start=1)
        )
        log(instance=batch, action="certificates.batch_made", user=by, data={"entries": len(members)})
    return batch


def _hold(enrolments: Iterable[int]) -> None:
    list(Enrolment.objects.select_for_update(no_key=True).filter(pk__in=enrolments).order_by("pk").values_list("pk"))


def _refuse_those_of_others(members: list[int]) -> None:
    if count := Enrolment.objects.filter(queries.in_a_batch(OuterRef("pk")), pk__in=members).count():
        said = _("Chưa lập đợt in: %(count)s giấy vừa được đưa vào một đợt in khác. Xem lại rồi bấm lần nữa.")
        raise Refusal(said % {"count": count})


@transaction.atomic
def settle_entry(*, entry: BatchEntry, credential: Credential, at: datetime) -> bool:
    """Its file is there. Whoever comes second, or after the batch was stopped, changes nothing and tells nobody."""
    waiting = BatchEntry.objects.filter(pk=entry.pk, state=EntryState.WAITING, batch__cancelled_at=None)
    if not waiting.update(state=EntryState.DONE, credential=credential, failure=""):
        return False
    if entry.batch.is_told:
        _tell(credential, at)
    return True


def draw_again(*, batch: Batch, entries: list[int]) -> None:
    """Their files are gone from the disk."""
    batch.entries.filter(pk__in=entries, state=EntryState.DONE).update(state=EntryState.WAITING)


def draw_anew(credentials: QuerySet[Credential]) -> None:
    """Where their files are still there: the job draws them once more, and the sheets. Nobody is told again."""
    entries = BatchEntry.objects.filter(
        credential__in=credentials, state=EntryState.DONE, batch__cancelled_at=None, batch__forgotten_at=None
    )
    Batch.objects.filter(pk__in=entries.values("batch"), finished_at__isnull=False).update(is_retried=True)
    entries.update(state=EntryState.WAITING)


def fail_entry(*, entry: BatchEntry, why: str) -> None:
    standing = BatchEntry.objects.filter(pk=entry.pk, batch__cancelled_at=None)
    standing.update(state=EntryState.FAILED, failure=why[:300])


def _tell(credential: Credential, at: datetime) -> None:
    """Once a certificate, in however many batches it is; whoever agreed to messages and proved the number to be theirs."""
    phone = queries.reachable().filter(pk=credential.pk).values_list("person__user__phone", flat=True).first()
    if phone is None or not Credential.objects.filter(pk=credential.pk, told_at=None).update(told_at=at):
        return
    with override("vi"):
        address = settings.BASE_URL + reverse("certificates:mine")
    number = text.without_marks(credential.number)
    body = f"Hoc OCOP: anh/chi da duoc cap giay chung nhan so {number}. Xem va tai ve tai {address}"
    key = f"certificate-ready-{credential.pk}"
    enqueue(to=phone, body=body, purpose="certificate-ready", at=at, dedupe_key=key)


def finish_batch(*, batch: Batch, at: datetime, trouble: str = "") -> bool:
    """False while somebody waits, and for a batch that was stopped. `trouble`: why it has no sheets."""
    nobody_waits = ~queries.batch_entries_waiting()
    ready = Batch.objects.unfinished().filter(nobody_waits, pk=batch.pk)
    return bool(ready.update(finished_at=at, is_retried=False, trouble=trouble[:200]))


def note_trouble(*, batch: Batch, what: str) -> None:
    """What keeps all of it from going on, said on its page; it is tried again."""
    Batch.objects.filter(pk=batch.pk).update(trouble=what[:200])


@transaction.atomic
def retry_batch(*, batch: Batch, by: User | None, may_begin_again: bool = True) -> int:
    """What failed waits anew, and so does whoever's certificate ended since: another may have taken its place. The sheets are put
    together again. Where there is none of these and no trouble, nothing changes. One that was stopped begins again, as `_take_up` says.
    Raises Refusal once its files are gone, and for one that was stopped where whoever asks only goes on with what was begun (`may_begin_again`)."""
    known = Batch.objects.select_for_update().get(pk=batch.pk)
    if known.cancelled_at and not may_begin_again:
        raise Refusal(_("Đợt in này đã bị dừng."))
    if known.cancelled_at:
        return _take_up(known, by)
    if known.forgotten_at:
        raise Refusal(_("Tệp của đợt in này không còn nữa. Hãy lập đợt in mới."))
    known.ended().filter(state=EntryState.DONE).update(state=EntryState.FAILED, failure="")
    # Why it failed stays with it: whoever stops before its turn comes finds it as it was.
    count = known.entries.filter(state=EntryState.FAILED).update(state=EntryState.WAITING)
    if not count and not known.trouble:
        return 0
    Batch.objects.filter(pk=known.pk).update(is_retried=known.finished_at is not None, trouble="")
    log(instance=known, action="certificates.batch_retried", user=by, data={"entries": count})
    return count


def _take_up(batch: Batch, by: User | None) -> int:
    """All of it waits anew, since no files were kept; whoever was told is not told again. Raises Refusal for those who came into another
    batch: they would be printed twice."""
    members = list(batch.entries.values_list("enrolment", flat=True))
    _hold(members)
    later = BatchEntry.objects.filter(enrolment__in=members, batch__pk__gt=batch.pk, batch__cancelled_at=None)
    if other := later.order_by("batch").first():
        said = _("Chưa chạy lại, vì có giấy nay nằm trong %(batch)s. Hãy dùng đợt in ấy.")
        raise Refusal(said % {"batch": other.batch})
    Batch.objects.filter(pk=batch.pk).update(cancelled_at=None, forgotten_at=None, trouble="")
    count = batch.entries.update(state=EntryState.WAITING, failure="")
    log(instance=batch, action="certificates.batch_retried", user=by, data={"entries": count})
    return count


def forget_batch(*, batch: Batch, at: datetime) -> bool:
    """Whoever deletes its files does so in this transaction: who tries it again meanwhile waits, and is refused then. False where
    its files are needed, since it was tried again before."""
    return bool(Batch.objects.over(at - KEPT).filter(pk=batch.pk).update(forgotten_at=at))


@transaction.atomic
def cancel_batch(*, batch: Batch, by: User | None, at: datetime) -> bool:
    """What is not drawn yet is not drawn any more; certificates that were issued stay issued.

    One that was finished before gives up what waits, and keeps all that was drawn: its sheets are put together of that.
    """
    known = Batch.objects.unfinished().select_for_update().filter(pk=batch.pk).first()
    if known is None or (known.is_retried and not _give_up(known)):
        return False
    if not known.is_retried:
        Batch.objects.filter(pk=known.pk).update(cancelled_at=at)
    log(instance=batch, action="certificates.batch_stopped", user=by)
    return True


def _give_up(batch: Batch) -> int:
    waiting = batch.entries.filter(state=EntryState.WAITING)
    with override("vi"):
        waiting.filter(failure="").update(failure=_("Đã dừng trước khi vẽ lại giấy này."))
    return waiting.update(state=EntryState.FAILED)
