"""Threat C3: whoever draws a batch is killed at twenty random points. `make kills` tries it with 500.

Points are statements to the database and whatever touches the disk; the process is killed right before or right after one.
"""

import io
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import connection

from certificates import actions
from certificates.batches import files, working
from certificates.models import Batch, BatchEntry, Counter, Credential
from messaging.models import Message
from tests import cast
from tests.forking import where_processes_fork

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    where_processes_fork,
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),  # the test's own forks
]
PEOPLE = int(os.environ.get("BATCH", "6"))
KILLS = 20
REACH = 3 * PEOPLE + 30  # steps of the longest life; a paper takes about twenty, two are drawn side by side
LEFT_BEHIND: list[Any] = []


class Fate:
    """Kills its process at its nth step."""

    def __init__(self, steps: int, *, is_before: bool) -> None:
        self.left, self.is_before = steps, is_before

    def around(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == 0 and self.is_before:
                os.kill(os.getpid(), signal.SIGKILL)
            done = step(*arguments, **named)
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return stepped

    def begin(self) -> None:
        connection.execute_wrappers.append(lambda execute, *rest: self.around(execute)(*rest))
        connection.commit = self.around(connection.commit)  # type: ignore[method-assign]
        for owner, name in ((os, "fsync"), (Path, "replace"), (Path, "unlink"), (Path, "chmod")):
            setattr(owner, name, self.around(getattr(owner, name)))


def in_a_process(work: Callable[[], object], fate: Fate | None = None) -> bool:
    """Whether it came to its own end; one that only fails is no death."""
    pid = os.fork()
    if pid == 0:
        try:
            LEFT_BEHIND.append(connection.connection)  # the parent's; closed here it would be closed there
            connection.connection = None
            if fate:
                fate.begin()
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(3)
    _pid, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return not os.WIFSIGNALED(status)


@pytest.fixture
def batch() -> Batch:
    award = cast.award(cast.course())
    enrolments = []
    for number in range(PEOPLE):
        who = cast.trainee(f"Người {number}", f"09123{number:05}").person
        enrolment = cast.enrolment(who, award.course)
        cast.finish(enrolment)
        enrolments.append(enrolment.pk)
    working.rendering.read_in()  # as the server does: each process begins with it
    Credential.objects.all().delete()  # nobody was quicker than the batch
    Counter.objects.update(last=0)
    return actions.make_batch(
        token="t",
        enrolments=enrolments,
        title="",
        layout="a4x2",
        is_told=True,
        by=None,
        at=cast.NOW,  # type: ignore[arg-type]
    )


def killed_again_and_again(batch: Batch) -> int:
    """Twenty processes, each killed somewhere; how many of them were."""
    chance = random.Random(7)  # noqa: S311
    fates = [Fate(chance.randint(1, REACH), is_before=chance.random() < 0.5) for _kill in range(KILLS)]
    deaths = sum(not in_a_process(lambda: working.work(batch), fate) for fate in fates)
    in_a_process(lambda: working.work(batch))
    return deaths


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def faults(batch: Batch) -> list[str]:
    """What C3 forbids."""
    batch.refresh_from_db()
    entries, held = list(batch.entries.all()), list(Credential.objects.all())
    codes = {one.code for one in held}
    told = list(Message.objects.values_list("to", flat=True))
    drawn = {path.stem for path in files.folder(batch).glob("*.pdf")} - {"sheets"}
    found = {
        "somebody has no paper": {entry.state for entry in entries} != {"done"},
        "not finished": batch.finished_at is None,
        "somebody has two": len(held) != PEOPLE or len({one.enrolment_id for one in held}) != PEOPLE,
        "numbers have a gap": sorted(one.sequence for one in held) != list(range(1, PEOPLE + 1)),
        "orphans or missing files": drawn != codes,
        "half files": bool(list(files.folder(batch).glob("*.new")))
        or not all(map(_is_whole, files.folder(batch).glob("*.pdf"))),
        "told twice or not at all": sorted(told) != sorted({*told}) or len(told) != PEOPLE,
        "sheets": not files.sheets(batch).exists() or len(pikepdf.open(files.sheets(batch)).pages) != -(-PEOPLE // 2),
    }
    return [what for what, is_so in found.items() if is_so]


def _is_whole(path: Path) -> bool:
    data = path.read_bytes()
    return data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF")


def test_whoever_is_killed_leaves_nothing_twice_and_nothing_undone(batch):
    assert killed_again_and_again(batch) >= KILLS // 2, "the fates were too far away"
    assert faults(batch) == []
    assert in_a_process(lambda: working.work(batch))
    assert faults(batch) == [], "whoever comes late finds all done"


def settled_before_it_is_kept(between: Callable[[], None]) -> None:
    """As if the row said that a file is there before it is whole, and it grew where it is read."""
    settle, kept = actions.settle_entry, files.keep

    def keep(path: Path, write: Any) -> None:
        if path.name == files.SHEETS:
            return kept(path, write)
        entry = BatchEntry.objects.filter(batch=Batch.objects.get(), state="waiting").order_by("position").first()
        if entry:
            settle(entry=entry, credential=Credential.objects.get(code=path.stem), at=cast.NOW)
        whole = io.BytesIO()
        write(whole)
        with path.open("wb") as file:
            file.write(whole.getvalue()[:1000])
            file.flush()
            between()
            file.write(whole.getvalue()[1000:])

    files.keep = keep


def told_in_another_transaction(between: Callable[[], None]) -> None:
    """As if the message were sent first and its keys were forgotten."""
    from messaging.actions import enqueue

    def settle(*, entry: BatchEntry, credential: Credential, at: Any) -> bool:
        phone = credential.person.user.phone
        enqueue(to=phone, body="Giay da co", purpose="certificate-ready", at=at)
        between()
        entry.batch.is_told = False
        return settle_alone(entry=entry, credential=credential, at=at)

    settle_alone, working.actions.settle_entry = actions.settle_entry, settle


@pytest.mark.once
@pytest.mark.parametrize(
    ("control", "seen"),
    [
        (settled_before_it_is_kept, {"half files", "somebody has no paper"}),
        (told_in_another_transaction, {"told twice or not at all"}),
    ],
)
def test_a_worker_with_a_fault_is_found_out(batch, control, seen):
    """Random points would seldom hit the few steps that are wrong: this one dies there, and the next has to live with it."""

    def work(between: Callable[[], None]) -> None:
        control(between)
        working.work(batch)

    assert not in_a_process(lambda: work(die))
    in_a_process(lambda: work(lambda: None))
    assert seen & set(faults(batch))
