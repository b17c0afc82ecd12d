"""The worker processes of `manage.py serve`: real forks on loopback, with a small application in place of the site's.

Everything is waited for on the pipe that they all write to: it ends when the last of them has ended.
"""

import os
import select
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from lib import crew

ROOT = Path(crew.__file__).parents[1]
LONGEST = 30  # seconds

pytestmark = pytest.mark.once  # no database
CREW = """
import os, signal, sys, waitress
from lib import crew
from lib.crew import HANDED_OVER, Crew

if HANDED_OVER in os.environ and sys.argv[1:] == ["once"]:
    print("refused", flush=True)
    sys.exit(1)

def application(environ, start_response):
    start_response("200 OK", [])
    return [b"here"]

class Deaf:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _while in range(1000):  # Python hears of a signal between two steps
            pass

def work(listener):
    if sys.argv[1:] == ["deaf"]:
        crew.PATIENCE = 1
        Deaf()
    host, port = listener.getsockname()
    os.write(1, f"{os.getpid()} {host} {port}\\n".encode())  # at once: another worker writes into the same pipe
    waitress.serve(application, sockets=[listener], threads=1, asyncore_use_poll=True, _quiet=True)

Crew.of(2, ("127.0.0.1", 0)).run(work)
"""


class Running:
    def __init__(self, *arguments: str) -> None:
        self.address = ""
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", CREW, *arguments],
            cwd=ROOT,
            env=os.environ,
            stdout=subprocess.PIPE,
            bufsize=0,  # what waits to be read is in the pipe
            start_new_session=True,
        )

    def says(self) -> bytes:
        """The next line of any of the processes."""
        assert self.process.stdout
        assert select.select([self.process.stdout], [], [], LONGEST)[0], "nothing more is said"
        return self.process.stdout.readline()

    def worker(self) -> int:
        """The next one that begins."""
        pid, host, port = self.says().decode().split()
        self.address = f"http://{host}:{port}/"
        return int(pid)

    def answers(self) -> bytes:
        with urllib.request.urlopen(self.address, timeout=LONGEST) as answer:  # noqa: S310 (our own server)
            return bytes(answer.read())

    def all_end(self) -> bool:
        """Whether the pipe ended, which every living process keeps open; raises when that takes too long."""
        self.process.communicate(timeout=LONGEST)
        return True


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    begun = Running(*getattr(request, "param", ()))
    yield begun
    with suppress(ProcessLookupError):
        os.killpg(begun.process.pid, signal.SIGKILL)
    begun.process.communicate(timeout=LONGEST)


def test_workers_end_when_their_parent_is_killed_and_the_port_is_free_again(running: Running) -> None:
    assert running.worker() != running.worker()
    assert running.answers() == b"here"
    running.process.kill()
    assert running.all_end()
    with pytest.raises(urllib.error.URLError, match="refused"):
        running.answers()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_being_told_to_end_ends_all_of_them_without_a_fault(running: Running, name: signal.Signals) -> None:
    running.worker(), running.worker()
    running.process.send_signal(name)
    assert running.all_end()
    assert running.process.returncode == 0


def test_being_told_to_end_before_a_worker_is_there_ends_as_well(running: Running) -> None:
    running.worker()
    running.process.send_signal(signal.SIGTERM)
    assert running.all_end()
    assert running.process.returncode == 0


@pytest.mark.parametrize("name", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_dies_is_replaced(running: Running, name: signal.Signals) -> None:
    first, second = running.worker(), running.worker()
    os.kill(first, name)
    assert running.worker() not in (first, second)
    assert running.answers() == b"here"
    running.process.terminate()
    assert running.all_end()
    assert running.process.returncode == 0


@pytest.mark.parametrize("running", [["deaf"]], indirect=True)
def test_a_worker_that_is_told_to_end_where_python_ignores_what_is_raised_ends_as_well(running: Running) -> None:
    first, second = running.worker(), running.worker()
    assert running.worker() not in (first, second), "one has ended, and another stands in its place"


@pytest.mark.parametrize("running", [["once"]], indirect=True)
def test_where_none_can_be_put_in_its_place_the_others_go_on(running: Running) -> None:
    """Half a deployment, or a database that is down for a minute."""
    first, _second = running.worker(), running.worker()
    os.kill(first, signal.SIGKILL)
    assert [running.says() for _try in range(2)] == [b"refused\n"] * 2
    assert running.answers() == b"here"
    running.process.terminate()
    assert running.all_end()
    assert running.process.returncode == 0
