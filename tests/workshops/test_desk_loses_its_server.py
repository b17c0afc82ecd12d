"""A worker is killed under the queue of a desk: what a phone was told is recorded as it was told. KILLING=60 goes on for a minute."""

import http.client
import json
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from tests import cast
from tests.quizzes.test_killed_workers import KILLS, killed_while_saving
from workshops import access, actions, personal
from workshops.models import Attendance, Scan

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers by Linux's /proc"),
]
DESKS, DELEGATES, AT_ONCE = 10, 20, 5
ADDRESS = "/diem-danh/gui.json"


@dataclass
class Phone:
    """Gives in a few reports at a time, each again until it is acknowledged."""

    token: str
    session: str
    port: int = 0
    lost: int = 0  # requests without an answer
    told: dict[str, str] = field(default_factory=dict)  # outcomes by nonce
    queue: list[dict[str, object]] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return len(self.told)

    def run(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            try:
                self.give_in()
            except (OSError, http.client.HTTPException):
                self.lost += 1

    def give_in(self) -> None:
        while len(self.queue) < AT_ONCE:
            number = 1 + (len(self.told) + len(self.queue)) % DELEGATES
            self.queue.append(
                {"nonce": str(uuid4()), "kind": "scan", "session": self.session, "number": number, "age": 0}
            )
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Content-Type": "application/json", "Connection": "close", "X-Desk": self.token}
        link.request("POST", ADDRESS, json.dumps({"items": self.queue}), headers)
        response = link.getresponse()
        said = response.read()
        link.close()
        assert response.status == 200, (response.status, said[:300])
        found = {one["nonce"]: one["outcome"] for one in json.loads(said)["outcomes"] if one["outcome"] != "later"}
        self.told |= found
        self.queue = [one for one in self.queue if one["nonce"] not in found]


@pytest.fixture(autouse=True)
def _on_the_day():
    """Today: the server that is killed asks what time it really is."""


@pytest.fixture
def phones() -> list[Phone]:
    now, workshop = timezone.now(), cast.workshop()
    workshop.sessions.update(starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=3))
    for number in range(DELEGATES):
        cast.delegate(workshop, f"Đại biểu {number}")
    session = str(workshop.sessions.get().pk)
    desks = [actions.make_desk(workshop=workshop, name="", hours=4, by=None, at=now)[0] for _one in range(DESKS)]
    return [Phone(access.token_of(one), session) for one in desks]


def kept(phones: list[Phone]) -> tuple[dict[str, str], dict[str, str]]:
    """(outcomes that phones were told, those of the records), of the reports of which phones were told."""
    told = {nonce: outcome for phone in phones for nonce, outcome in phone.told.items()}
    rows = {str(nonce): outcome for nonce, outcome in Scan.objects.values_list("nonce", "outcome")}
    return told, {nonce: outcome for nonce, outcome in rows.items() if nonce in told}


def test_every_report_that_was_acknowledged_is_recorded_as_it_was_told(phones: list[Phone], tmp_path: Path):
    kills = killed_while_saving(phones, "tests.quizzes.saving:application", tmp_path)
    assert kills >= KILLS
    assert sum(phone.lost for phone in phones) > 0, "no worker was killed while it had something to do"
    told, recorded = kept(phones)
    assert len(told) > DELEGATES
    assert recorded == told
    assert set(told.values()) <= {"present", "again"}
    assert Attendance.objects.count() <= DELEGATES
    assert personal.violations() == []


@pytest.mark.once
def test_a_site_that_says_recorded_too_early_is_found_out(phones: list[Phone], tmp_path: Path):
    """The control."""
    killed_while_saving(phones, "tests.workshops.hasty:application", tmp_path)
    told, recorded = kept(phones)
    assert recorded != told
