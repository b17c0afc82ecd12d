"""Workers are killed while phones save: what was acknowledged is in the database. KILLING=60 goes on for a minute.

It ends once enough was killed and enough was saved, however fast the machine is.
"""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import pytest
from django.db import connection

from courses.models import Activity
from quizzes import actions
from quizzes.models import Item, QuestionBank, Quiz
from tests import cast
from tests.conftest import ROOT

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers by Linux's /proc"),
]
PHONES = 40
SECONDS = float(os.environ.get("KILLING", "0"))
PATIENCE = 300.0  # seconds
EVERY = 0.2  # seconds between two kills
KILLS = 8
TOKEN = "b" * 32  # the same in cookie and form
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Connection": "close"}


@dataclass
class Phone:
    """Saves one answer after the other to one question, each again until it is acknowledged."""

    item: Item
    session: str
    port: int = 0
    acknowledged: int = 0  # the revision that the server named last
    lost: int = 0  # requests without an answer

    def run(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            try:
                self._save()
            except (OSError, http.client.HTTPException):
                self.lost += 1

    def _save(self) -> None:
        fields = {"answer": answer(self.acknowledged + 1), "revision": self.acknowledged, "csrfmiddlewaretoken": TOKEN}
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        path = f"/kiem-tra/luot/{self.item.attempt_id}/cau/1/luu/"
        link.request(
            "POST", path, urlencode(fields), HEADERS | {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"}
        )
        response = link.getresponse()
        said = response.read()
        link.close()
        assert response.status == 200, (response.status, said[:300])
        self.acknowledged = json.loads(said)["revision"]

    def is_kept(self) -> bool:
        """What was acknowledged, or the next, whose acknowledgement was lost with the worker."""
        self.item.refresh_from_db()
        reached = self.item.revision - self.acknowledged
        return reached in (0, 1) and self.item.answer == (answer(self.item.revision) if self.item.revision else None)


def answer(revision: int) -> str:
    return f"lần {revision}"


@pytest.fixture
def phones() -> list[Phone]:
    course = cast.course(lessons=0, with_quiz=True)
    bank = QuestionBank.objects.create(name="Viết")
    question = cast.question(bank, "viet", kind="short", data={"answers": ["muối"]})
    slots = [actions.SlotSpec(question=question)]
    activity = Activity.objects.get(kind="quiz")
    actions.configure_quiz(activity=activity, pass_percent=70, attempts_allowed=3, slots=slots, at=cast.NOW)
    return [_phone(number, course) for number in range(PHONES)]


def _phone(number: int, course) -> Phone:
    user = cast.trainee(f"Người {number}", f"09123{number:05}")
    enrolment = cast.enrolment(user.person, course)
    attempt = actions.start_attempt(enrolment=enrolment, quiz=Quiz.objects.get(), language="vi", at=cast.NOW)
    return Phone(attempt.items.get(), cast.client_of(user).cookies["sessionid"].value)


def _environment(folder: Path) -> dict[str, str]:
    """The database of this test for another process."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DEBUG")}
    kept |= {"VAR_DIR": str(folder), "SECRET_KEY": "only-for-tests", "DEMO": "1", "PYTHONWARNINGS": "ignore"}
    name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        return kept | {"DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))}
    (folder / "db.sqlite3").symlink_to(name)
    return kept


@contextmanager
def serving(application: str, folder: Path) -> Iterator[tuple[int, int]]:
    """The port and the number of the process whose two children work."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--workers", "2", "--preload", "--bind", f"127.0.0.1:{port}", "--log-level", "critical"]
    command = [sys.executable, "-m", "gunicorn", *options, application]
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(folder), stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not answer")


def _kill_one(parent: int) -> bool:
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    if found:
        os.kill(int(random.choice(found)), signal.SIGKILL)  # noqa: S311
    return bool(found)


def killed_while_saving(phones: list[Phone], application: str, folder: Path) -> int:
    """How many workers were killed: each after something was saved since the last one, or a slow machine would never come so far."""
    is_over, begun = threading.Event(), time.monotonic()
    with serving(application, folder) as (port, parent):
        threads = [threading.Thread(target=phone.run, args=[is_over]) for phone in phones]
        for phone, thread in zip(phones, threads, strict=True):
            phone.port = port
            thread.start()
        kills, before = 0, 0
        while not _is_enough(phones, kills, time.monotonic() - begun):
            is_over.wait(EVERY)
            if (now := _saved(phones)) > before and _kill_one(parent):
                kills, before = kills + 1, now
        is_over.set()
        for thread in threads:
            thread.join(30)
    return kills


def _saved(phones: list[Phone]) -> int:
    return sum(phone.acknowledged for phone in phones)


def _is_enough(phones: list[Phone], kills: int, seconds: float) -> bool:
    lost, saved = sum(phone.lost for phone in phones), _saved(phones)
    return seconds >= SECONDS and (seconds > PATIENCE or (kills >= KILLS and lost > 0 and saved > PHONES / 2))


def test_every_acknowledged_answer_is_in_the_database(phones: list[Phone], tmp_path: Path):
    kills = killed_while_saving(phones, "tests.quizzes.saving:application", tmp_path)
    assert kills >= KILLS
    assert sum(phone.lost for phone in phones) > 0, "no worker was killed while it had something to do"
    assert _saved(phones) > PHONES / 2
    assert [phone for phone in phones if not phone.is_kept()] == []


@pytest.mark.once
def test_a_site_that_says_saved_too_early_is_found_out(phones: list[Phone], tmp_path: Path):
    """The control."""
    killed_while_saving(phones, "tests.quizzes.hasty:application", tmp_path)
    assert [phone for phone in phones if not phone.is_kept()]
