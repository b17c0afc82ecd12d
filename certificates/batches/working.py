"""The work of a batch. It may be killed at any point: what is settled is not done again, and what was under way is done anew.

A certificate is issued (exactly once, whoever asks), drawn beside others in processes of their own, kept as a file, and only then
settled, in one transaction with the message to its holder. Whoever goes on after a crash finds settled entries with their files.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from certificates import actions, rendering
from certificates.models import Batch, BatchEntry, Credential, CredentialStatus, EntryState
from lib import apart
from lib.refusals import Refusal
from lib.registries import Unfinished

from . import files, sheets

logger = logging.getLogger(__name__)
WORKERS = min(4, os.cpu_count() or 1)
POLITE = 10  # niceness of drawing: who looks at a page goes first
A_ROUND = 20.0  # seconds after which the other jobs have their turn
ASSEMBLING, MEMORY = 600, 2000  # seconds and MB for the sheets; a thousand certificates take seven and 300

type UnderWay = tuple[BatchEntry, Credential, rendering.Delivery]


def work_on_batches(*, at: datetime) -> int:
    """Job: goes on with what is not finished, the oldest first, and comes back soon if there is more."""
    until, done = time.monotonic() + A_ROUND, 0
    for batch in Batch.objects.unfinished().order_by("made_at", "pk"):
        try:
            done += work(batch, until=until)
        except files.BusyError:
            continue
        except OSError:  # told on its page; the next may lie elsewhere, or there is room by then
            continue
        except Exception as problem:  # whatever it is, those behind it do not wait for it
            logger.error("batch %s: %s", batch.pk, actions.reason(problem))
            with override("vi"):
                what = _(
                    "Đợt in đang dừng vì lỗi của hệ thống; máy chủ sẽ tự thử lại. Lâu chưa xong thì anh/chị báo người quản trị."
                )
            actions.note_trouble(batch=batch, what=what)
        if time.monotonic() >= until:
            return Unfinished(done)
    return done


def forget_batches(*, at: datetime) -> int:
    """Job: files are kept for some days, and those of a batch that was stopped not at all."""
    done = 0
    for batch in Batch.objects.over(at - actions.KEPT):
        try:
            with files.worked_on(batch):
                done += _forget(batch, at)
        except files.BusyError:
            continue
        except OSError as problem:  # they name people: it is tried again until they are gone
            logger.error("files of batch %s stay: %s", batch.pk, os.strerror(problem.errno or 0))
    return done


@transaction.atomic
def _forget(batch: Batch, at: datetime) -> bool:
    is_over = actions.forget_batch(batch=batch, at=at)
    if is_over:
        files.forget(batch)
    return is_over


def retry(batch: Batch, *, by: User | None, may_begin_again: bool = True) -> int:
    """As `actions.retry_batch`. Its sheets stay until there are new ones, unless they show what holds no more: whoever stops keeps them."""
    with transaction.atomic():
        count = actions.retry_batch(batch=batch, by=by, may_begin_again=may_begin_again)
        again = batch.entries.filter(state=EntryState.WAITING, credential__isnull=False)
        if again.exclude(credential__status=CredentialStatus.VALID).exists():
            files.sheets(batch).unlink(missing_ok=True)
    return count


def work(
    batch: Batch,
    *,
    until: float = float("inf"),
    clock: Callable[[], datetime] = timezone.now,
    tell: Callable[[], None] = lambda: None,
) -> int:
    """Goes on until it is finished, or `until` (time.monotonic) has come. Returns how many entries it settled; `tell` is called after
    each.

    Raises BusyError where another process works on it.
    """
    with override("vi"):
        try:
            with files.worked_on(batch):
                return _work(batch, until, clock, tell)
        except OSError as problem:
            why = os.strerror(problem.errno or 0)
            logger.error("batch %s: %s", batch.pk, why)
            what = _("Máy chủ không ghi được tệp (%(why)s). Đợt in tự chạy tiếp khi máy chủ có chỗ.")
            actions.note_trouble(batch=batch, what=what % {"why": why})
            raise


def _work(batch: Batch, until: float, clock: Callable[[], datetime], tell: Callable[[], None]) -> int:
    done = 0
    while not _is_stopped(batch):
        done += _draw(batch, until, clock, tell)
        if batch.entries.filter(state=EntryState.WAITING).exists():
            if time.monotonic() >= until:
                break
            continue  # tried again meanwhile
        if (trouble := _assemble(batch)) is not None:
            actions.finish_batch(batch=batch, trouble=trouble, at=clock())
    return done


def _draw(batch: Batch, until: float, clock: Callable[[], datetime], tell: Callable[[], None]) -> int:
    waiting = batch.entries.filter(state=EntryState.WAITING).select_related("batch")
    under_way: deque[UnderWay] = deque()
    done = 0
    try:
        for entry in list(waiting.order_by("position")):
            if time.monotonic() >= until:
                break
            if not _waits(entry):
                continue
            if begun := _begin(entry, clock()):
                under_way.append(begun)
            else:
                done += 1
            if len(under_way) >= WORKERS:
                done += _settle(under_way.popleft(), clock())
            tell()
        while under_way:
            done += _settle(under_way.popleft(), clock())
            tell()
    finally:
        for _entry, _credential, delivery in under_way:
            if delivery.drawn:
                delivery.drawn.kill()
    return done


def _is_stopped(batch: Batch) -> bool:
    return not Batch.objects.unfinished().filter(pk=batch.pk).exists()


def _waits(entry: BatchEntry) -> bool:
    """Still: the batch may have been stopped since it was read."""
    return BatchEntry.objects.filter(
        pk=entry.pk, state=EntryState.WAITING, batch__in=Batch.objects.unfinished()
    ).exists()


def _begin(entry: BatchEntry, at: datetime) -> UnderWay | None:
    """None where there is nothing to draw, which is told then."""
    try:
        # One that is valid is drawn whatever became of its course since.
        held = Credential.objects.filter(enrolment=entry.enrolment_id, status=CredentialStatus.VALID).first()
        credential = held or actions.issue(enrolment_id=entry.enrolment_id, at=at)
        if credential is None:
            actions.fail_entry(
                entry=entry, why=_("Không có giấy còn hiệu lực: chưa hoàn thành khóa học, hoặc giấy đã bị thu hồi.")
            )
            return None
        delivery = rendering.begin(credential)
    except OSError:  # of the disk, not of this one
        raise
    except Exception as problem:  # what is wrong with one record keeps no other from being drawn
        actions.fail_entry(entry=entry, why=_why(problem))
        return None
    if delivery.drawn and delivery.drawn.pid:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, delivery.drawn.pid, POLITE)
    return entry, credential, delivery


def _settle(under_way: UnderWay, at: datetime) -> int:
    entry, credential, delivery = under_way
    try:
        data = delivery.finish()
    except OSError:
        raise
    except Exception as problem:
        actions.fail_entry(entry=entry, why=_why(problem))
        return 1
    files.keep(files.paper(entry.batch, credential), lambda file: file.write(data))
    actions.settle_entry(entry=entry, credential=credential, at=at)
    return 1


def _why(problem: Exception) -> str:
    if isinstance(problem, Refusal):
        return str(problem)
    logger.warning("a certificate of a batch could not be issued or drawn: %s", actions.reason(problem))
    return _("Chưa cấp được giấy: mẫu số của đơn vị cấp hoặc hồ sơ có lỗi. Hãy báo người quản trị.")


def _assemble(batch: Batch) -> str | None:
    """Puts what was drawn on sheets; "" or what kept it from that. None if it has to be tried again: some were taken out, or wait to be
    drawn anew."""
    drawn = batch.entries.filter(state=EntryState.DONE).select_related("credential")
    entries = {
        files.paper(batch, entry.credential): entry
        for entry in drawn.order_by("credential__issuer", "credential__year", "credential__sequence")
        if entry.credential
    }
    files.tidy(batch, {path.name for path in entries})
    if lost := [entry.pk for path, entry in entries.items() if not path.exists()]:
        files.sheets(batch).unlink(missing_ok=True)  # one of them may be replaced by now
        actions.draw_again(batch=batch, entries=lost)
        return None
    if not entries:
        files.sheets(batch).unlink(missing_ok=True)
        return ""

    def write(file: BinaryIO) -> None:
        put = partial(sheets.put, list(entries), batch.layout, file, title=f"{batch}: {batch.title}")
        if unreadable := apart.run(put, seconds=ASSEMBLING, megabytes=MEMORY):
            raise sheets.UnreadableError(files.folder(batch) / unreadable)

    try:
        files.keep(files.sheets(batch), write)
    except sheets.UnreadableError as problem:
        why = _("Tệp đã ký của giấy này không xếp được lên tờ in. Hãy tải giấy này ở trang riêng của nó.")
        actions.fail_entry(entry=entries[problem.path], why=why)
        return None
    except apart.ApartError as problem:
        logger.error("batch %s: no sheets: %s", batch.pk, getattr(problem, "kind", "it took too long"))
        files.sheets(batch).unlink(missing_ok=True)
        return _("Chưa ghép được tờ in. Hãy tải tệp ZIP, hoặc bấm “Thử lại”.")
    still = batch.entries.filter(pk__in=[entry.pk for entry in entries.values()], state=EntryState.DONE)
    return "" if still.count() == len(entries) else None  # tried again meanwhile
