"""Work in a process of its own: what comes back, and what becomes of work that takes too long or too much."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from accounts.models import Person
from lib import apart
from tests.forking import where_processes_fork

pytestmark = [
    where_processes_fork,
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),  # the test's own forks
]


def forever() -> None:
    while True:
        pass


def is_there(pid: int) -> bool:
    """A process that ended and that nobody has asked for yet is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_it_returns_comes_back_from_another_process() -> None:
    pid, many = apart.run(lambda: (os.getpid(), b"x" * 5_000_000))

    assert pid != os.getpid()
    assert len(many) == 5_000_000
    assert not is_there(pid), "nothing of it stays"


def test_what_was_read_in_here_is_known_there() -> None:
    read_in = {"fonts": 3}

    assert apart.run(lambda: read_in["fonts"]) == 3


def test_what_it_changes_stays_there() -> None:
    here: list[int] = []

    apart.run(lambda: here.append(1))

    assert here == []


def test_what_it_raises_is_told_by_kind_and_words() -> None:
    def fail() -> None:
        raise ValueError("không phải của ta")

    with pytest.raises(apart.FailedError, match="ValueError: không phải của ta"):
        apart.run(fail)


def test_what_a_library_raises_beside_the_usual_faults_is_told_as_well() -> None:
    class Fatal(BaseException):  # as WeasyPrint's, of a picture that it may not fetch
        pass

    def refuse() -> None:
        raise Fatal("no such picture")

    with pytest.raises(apart.FailedError) as told:
        apart.run(refuse)
    assert told.value.kind == "Fatal"


def test_work_without_end_is_ended() -> None:
    running = apart.Running(forever, seconds=0.2)

    with pytest.raises(apart.TooLongError):
        running.result()
    assert not is_there(running.pid)


def test_work_that_wants_too_much_memory_gets_none_and_leaves_this_process_whole() -> None:
    with pytest.raises(apart.FailedError, match="MemoryError"):
        apart.run(lambda: len(bytearray(400_000_000)), megabytes=100)

    assert len(bytearray(400_000_000)) == 400_000_000, "here there is no such bound"


def test_a_process_that_dies_is_told_from_one_that_returns_nothing() -> None:
    assert apart.run(lambda: None) is None
    with pytest.raises(apart.FailedError, match="died"):
        apart.run(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_half_an_answer_is_none() -> None:
    def half() -> bytes:
        signal.setitimer(signal.ITIMER_REAL, 0.01)  # the alarm of its own end, in the middle of a long answer
        return b"x" * 300_000_000

    with pytest.raises(apart.FailedError, match="died"):
        apart.run(half, megabytes=2000)


def test_several_run_side_by_side() -> None:
    begun = [apart.Running(lambda n=n: (os.getpid(), n)) for n in range(4)]  # type: ignore[misc]

    answers = [one.result() for one in begun]

    assert [n for _pid, n in answers] == [0, 1, 2, 3]
    assert len({pid for pid, _n in answers}) == 4


def test_no_descriptor_is_left_open() -> None:
    before = os.listdir("/proc/self/fd")
    for work in (os.getpid, forever):
        with suppress(apart.TooLongError):
            apart.run(work, seconds=0.1)

    assert len(os.listdir("/proc/self/fd")) == len(before)


@pytest.mark.django_db
def test_the_database_is_not_asked_there_and_works_here_as_before() -> None:
    with pytest.raises(apart.FailedError, match="no database here"):
        apart.run(Person.objects.count)

    assert Person.objects.count() == 0


def test_it_ends_with_the_process_that_began_it() -> None:
    """As when the server, or the batch, is killed."""
    reading, writing = os.pipe()
    asker = os.fork()
    if asker == 0:
        running = apart.Running(forever, seconds=60)
        os.write(writing, str(running.pid).encode())
        signal.pause()
    pid = int(os.read(reading, 20))
    assert is_there(pid)

    os.kill(asker, signal.SIGKILL)
    os.waitpid(asker, 0)

    until = time.monotonic() + 10
    while is_there(pid) and time.monotonic() < until:
        os.sched_yield()
    assert not is_there(pid)
    os.close(reading)
    os.close(writing)
