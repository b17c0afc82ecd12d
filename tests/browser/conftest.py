"""A demo as newcomers get it, served by the production server on loopback, for headless Chromium.

The tests know nothing of the database: they see what a person sees. All of them run in one worker, on one server.
"""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import ROOT, one_at_a_time, template

STARTED_WITHIN = 60  # seconds
PATIENCE = 10_000  # milliseconds
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 800}


LISTENS = """
import contextlib, io, json, sys, traceback
import django
from django.core.management import call_command
django.setup()
for line in sys.stdin:
    said, fault = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            call_command(*json.loads(line))
    except SystemExit as end:
        fault = str(end.code or "")
    except Exception:
        fault = traceback.format_exc()
    print(json.dumps([said.getvalue(), fault]), flush=True)
"""


@dataclass
class Demo:
    address: str
    environment: dict[str, str] = field(repr=False)
    walked: tuple[list[Any], str] | None = None  # how `begin_quiz` gets to its quiz again: cookies and address

    @cached_property
    def manager(self) -> subprocess.Popen[str]:
        """Does what `manage.py` would: starting it anew costs more than most tests."""
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "elearning.settings"}
        command = [sys.executable, "-c", LISTENS]
        return subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def manage(self, *arguments: str) -> str:
        assert self.manager.stdin
        assert self.manager.stdout
        self.manager.stdin.write(json.dumps(arguments) + "\n")
        self.manager.stdin.flush()
        said, fault = json.loads(self.manager.stdout.readline())
        assert not fault, fault
        return said

    def end(self) -> None:
        if "manager" in self.__dict__:
            self.manager.communicate()

    @cached_property
    def logins(self) -> list[dict[str, str]]:
        """As they were when the demo was fresh."""
        return json.loads(self.manage("demo_logins", "--json"))

    def login(self, role: str) -> dict[str, str]:
        """The demo login whose role begins with these words."""
        return next(row for row in self.logins if row["role"].startswith(role))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def database(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """The environment of a database of its own: a copy of the migrated one."""
    folder = tmp_path_factory.mktemp("demo")
    copy = template(f"browser-{os.getpid()}", is_bare=True)
    with django_db_blocker.unblock(), one_at_a_time(), copy.beside():  # type: ignore[attr-defined]
        copy.make()
        copy.clone()
        name = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        url = urlsplit(os.environ["DATABASE_URL"])
        environment = {"DATABASE_URL": urlunsplit(url._replace(path=f"/{name}"))}
    else:
        shutil.move(name, folder / "db.sqlite3")
        environment = {}
    yield environment | {"VAR_DIR": str(folder)}
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        copy.drop()


def static_files(demo: Demo) -> Path:
    """Collected and compressed once for a state of their sources: that costs a quarter of a minute."""
    sources = sorted(
        [
            *(ROOT / "static").rglob("*.*"),
            *ROOT.glob("*/static/**/*.*"),
            ROOT / "elearning/static.py",
            ROOT / "requirements/base.txt",
        ]
    )
    state = hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in sources)).hexdigest()[:16]
    kept = ROOT / "var" / "tests" / f"static-{state}"
    with one_at_a_time():
        _collect_once(demo, kept)
    return kept


def _collect_once(demo: Demo, kept: Path) -> None:
    if not kept.exists():
        folder = kept.with_name(f"collecting-{os.getpid()}")
        collector = Demo(demo.address, demo.environment | {"VAR_DIR": str(folder)})
        collector.manage("collectstatic", "--noinput", "-v", "0")
        collector.end()
        for old in kept.parent.glob("static-*"):
            shutil.rmtree(old)
        (folder / "static").rename(kept)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def demo(database: dict[str, str]) -> Iterator[Demo]:
    address = free_address()
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    demo = Demo(address, kept | database | {"DEMO": "1", "BASE_URL": address, "PYTHONWARNINGS": "ignore"})
    (Path(database["VAR_DIR"]) / "static").symlink_to(static_files(demo))
    demo.manage("load_courses")
    demo.manage("load_demo", "--trainees", "12")
    try:
        with served(demo):
            yield demo
    finally:
        demo.end()


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def served(demo: Demo) -> Iterator[None]:
    """The production server at the demo's address, in its environment."""
    port = str(urlsplit(demo.address).port)
    log = (Path(demo.environment["VAR_DIR"]) / f"server-{port}.log").open("w")
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "serve", "--port", port],
        cwd=ROOT, env=demo.environment, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        _wait_for(demo.address, process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5)  # noqa: S310 (our own server)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the demo's server did not answer")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {
        "executable_path": (ROOT / ".venv" / ".chromium").read_text().strip(),
        "args": [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--no-first-run",
        ],
    }  # fmt: skip


@dataclass
class Watch:
    """What went wrong in a browser while nobody looked."""

    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext, demo: Demo) -> None:
        context.on("console", lambda message: message.type == "error" and self._hear(message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", lambda request: self._see(request.url, demo.address))
        context.on("response", lambda response: response.status >= 500 and self.broken.append(response.url))

    def _hear(self, complaint: str) -> None:
        """A page that goes while its worker is being fetched says so; the next one fetches it."""
        if complaint != "An unknown error occurred when fetching the script.":
            self.complaints.append(complaint)

    def _see(self, url: str, own: str) -> None:
        if not url.startswith((own, "data:", "blob:", "about:")):
            self.foreign.append(url)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def phone(browser, demo: Demo, watch: Watch) -> Iterator[Page]:
    """A cheap phone's browser. Whatever a test does, the pages must not complain, break or call others."""
    context = browser.new_context(base_url=demo.address, viewport=PHONE, has_touch=True, locale="vi-VN")
    yield from _page(context, demo, watch)


@pytest.fixture
def desk(browser, demo: Demo, watch: Watch) -> Iterator[Page]:
    context = browser.new_context(base_url=demo.address, viewport=DESK, locale="vi-VN")
    yield from _page(context, demo, watch)


def _page(context: BrowserContext, demo: Demo, watch: Watch) -> Iterator[Page]:
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    watch.over(context, demo)
    yield context.new_page()
    context.close()
    assert (watch.complaints, watch.foreign, watch.broken) == ([], [], [])


def follow(page: Page, target: Locator) -> None:
    """Clicks what leads to another page, and goes on once that has come: what is counted before belongs to the old one."""
    with page.expect_navigation():
        target.click()


def log_in(page: Page, login: dict[str, str], there: str = "/hoc/") -> None:
    page.goto(f"/tai-khoan/dang-nhap/?next={there}")
    page.get_by_label("Số điện thoại").fill(login["phone"])
    page.get_by_label("PIN").fill(login["secret"])
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(f"**{there}**")
