"""Where the files of a batch lie: one a certificate, and the sheets. No address leads there."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certificates.models import Batch, BatchEntry, Credential, CredentialStatus, EntryState
from certificates.models.copies import private
from certificates.office.packing import packed
from lib.refusals import Refusal

ENDING = ".new"  # of what is being written
LOCK, SHEETS = "lock", "sheets.pdf"


class BusyError(Exception):
    """Another process works on it."""


def folder(batch: Batch) -> Path:
    return Path(private().path(f"batches/{batch.pk}"))


def paper(batch: Batch, credential: Credential) -> Path:
    return folder(batch) / f"{credential.code}.pdf"


def sheets(batch: Batch) -> Path:
    return folder(batch) / SHEETS


@contextmanager
def worked_on(batch: Batch) -> Iterator[None]:
    """By one process at a time; a lock of POSIX, which ends with whoever holds it and which those that draw for it do not inherit.

    It spares work. That nothing is done twice is kept by the rows. Raises BusyError.
    """
    folder(batch).mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder(batch) / LOCK).open("w") as held:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError) as busy:
            raise BusyError from busy
        yield


def keep(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Whole or not at all, and on the disk before anything says that it is there."""
    new = path.with_name(path.name + ENDING)
    try:
        with new.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(0o600)
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def zipped(batch: Batch, entries: QuerySet[BatchEntry]) -> Iterator[bytes]:
    """Each certificate of these as a file; whatever ended since it was drawn is not given out."""
    drawn = entries.filter(state=EntryState.DONE, credential__status=CredentialStatus.VALID)
    held = [entry.credential for entry in drawn.select_related("credential").order_by("position") if entry.credential]

    def content(credential: Credential) -> bytes:
        try:
            return paper(batch, credential).read_bytes()
        except OSError as problem:
            raise Refusal(_("Tệp của giấy này không còn.")) from problem

    return packed(held, content)


def tidy(batch: Batch, wanted: set[str]) -> None:
    """Takes away what a killed process left half done, and papers that nothing stands for any more."""
    for path in folder(batch).iterdir():
        if path.name not in wanted | {LOCK, SHEETS}:
            path.unlink(missing_ok=True)


def forget(batch: Batch) -> None:
    """Raises OSError where anything stays, but for what somebody else took away."""

    def unless_gone(_function: object, _path: str, problem: BaseException) -> None:
        if not isinstance(problem, FileNotFoundError):
            raise problem

    shutil.rmtree(folder(batch), onexc=unless_gone)
