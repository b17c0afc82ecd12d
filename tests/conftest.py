"""One migrated database for all tests: made once for a set of migrations, then furnished and copied for each worker.

Wagtail's migrations cost half a minute; a copy costs a tenth of a second. A test that commits (transaction=True) gets the
copy back afterwards instead of Django's flush, because the migrations' own rows (places, root page, consent texts) would
be gone with it.
"""

import asyncio
import fcntl
import gc
import hashlib
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import TransactionTestCase
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent
hypothesis.settings.register_profile("ours", deadline=None)  # how long an example takes says how busy the machine is
hypothesis.settings.load_profile("ours")
BROWSERS = "tests/browser/"
MANY = 1_000_000  # tests: more than any file has
MADE = "made_"  # begins the name of each fixture that is made for a file
RACE = "proves a race: needs PostgreSQL"


def fingerprint() -> str:
    """Changes with any migration of ours, what migrations use, the data and permissions that follow them, and everybody else's
    locked versions."""
    hashed = hashlib.sha256()
    patterns = (
        "*/migrations/*.py",
        "*/apps.py",
        "lib/text.py",
        "provinces/importing.py",
        "accounts/groups.py",
        "reports/triggers.py",
        "provinces/data/*.csv",
        "requirements/base.txt",
    )
    sources = [path for pattern in patterns for path in ROOT.glob(pattern)]
    for path in sorted(sources):
        hashed.update(path.name.encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


def stage() -> str:
    """Changes with any code of ours: the stage is made by it."""
    hashed = hashlib.sha256(fingerprint().encode())
    apps = [folder for folder in ROOT.iterdir() if (folder / "__init__.py").exists() and folder.name != "tests"]
    sources = [path for app in apps for path in app.rglob("*.py")]
    for path in sorted([*sources, ROOT / "tests" / "cast.py"]):
        hashed.update(path.name.encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


class Template:
    """A migrated database (bare, as a newcomer has it), and one with a site's front page and catalogue on it, which nearly
    every test would publish for itself. A copy of one of them is a worker's own."""

    def __init__(self, name: str, *, is_bare: bool) -> None:
        self.name, self.bare = name, f"template-{fingerprint()}"
        self.origin = self.bare if is_bare else f"stage-{stage()}"

    def make(self) -> None:
        self._make_once(self.bare, None, migrate)
        if self.origin != self.bare:
            self._make_once(self.origin, self.bare, furnish)

    def clone(self) -> None:
        self.drop()
        self._copy(self.origin, self.name)
        self.point_at(self.name)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """What is made meanwhile is for somebody else: this process stays with its own database."""
        before = connection.settings_dict["NAME"]
        try:
            yield
        finally:
            _connect_to(before)

    def point_at(self, name: str) -> None:
        _connect_to(self._address(name))

    def _make_once(self, name: str, origin: str | None, fill: Callable[[], None]) -> None:
        if self._exists(name):
            return
        half_made = f"{name}-{os.getpid()}"
        if origin:
            self._copy(origin, half_made)
        else:
            self._create(half_made)
        self.point_at(half_made)
        fill()
        connections.close_all()
        self._rename(half_made, name)


def _connect_to(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def migrate() -> None:
    gc.disable()  # looking for rubbish among the models of each migration takes a sixth of the time
    call_command("migrate", verbosity=0)
    gc.enable()
    call_command("createcachetable")


def furnish() -> None:
    from . import cast

    cast.catalogue()


class SqliteTemplate(Template):
    folder = ROOT / "var" / "tests"

    def drop(self) -> None:
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path(self.name)}{suffix}").unlink(missing_ok=True)

    def _address(self, name: str) -> str:
        return str(self._path(name))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def _exists(self, name: str) -> bool:
        return self._path(name).exists()

    def _create(self, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def _copy(self, origin: str, name: str) -> None:
        shutil.copyfile(self._path(origin), self._path(name))

    def _rename(self, half_made: str, name: str) -> None:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        self._path(half_made).rename(self._path(name))
        for old in self.folder.glob("*-*.sqlite3*"):  # of another state of the code, or of a run that was killed
            if old.stem not in (self.bare, self.origin) and old.stat().st_mtime < time.time() - 24 * 3600:
                old.unlink()


class PostgresTemplate(Template):
    def drop(self) -> None:
        self._admin(f'drop database if exists "{self.name}" with (force)')

    def _address(self, name: str) -> str:
        return name

    def _exists(self, name: str) -> bool:
        return self._admin("select 1 from pg_database where datname = %s", name)

    def _create(self, name: str) -> None:
        self._admin(f'create database "{name}"')

    def _copy(self, origin: str, name: str) -> None:
        # The other strategy writes every page twice, which costs three times as much while others are writing.
        self._admin(f'create database "{name}" template "{origin}" strategy file_copy')

    def _rename(self, half_made: str, name: str) -> None:
        self._admin(f'alter database "{half_made}" rename to "{name}"')

    def _admin(self, sql: str, *parameters: str) -> bool:
        import psycopg

        connections.close_all()
        known = connection.settings_dict
        host = known["HOST"] or known["OPTIONS"].get("host")
        with psycopg.connect(dbname="postgres", host=host, user=known["USER"] or None, autocommit=True) as admin:
            cursor = admin.execute(sql, parameters or None)
            return bool(cursor.description and cursor.fetchone())


def template(worker: str, *, is_bare: bool = False) -> Template:
    kind = PostgresTemplate if connection.vendor == "postgresql" else SqliteTemplate
    return kind(f"test-{worker}", is_bare=is_bare)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The first worker makes the template; the others wait for it."""
    folder = ROOT / "var" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """SQLite has one writer, so that a race cannot be lost there; looks, words and permissions are the same whatever stands behind them, and
    tried on PostgreSQL with ALL=1."""
    marker, why = ("once", "the same as on SQLite") if connection.vendor == "postgresql" else ("postgres", RACE)
    is_all = marker == "once" and os.environ.get("ALL") == "1"
    for item in items:
        if item.get_closest_marker(marker) and not is_all:
            item.add_marker(pytest.mark.skip(reason=why))
    items.sort(key=place_among(items))


def place_among(items: list[pytest.Item]) -> Callable[[pytest.Item], tuple[bool, int, int, bool]]:
    """Those of the browser come first, then what takes long, then files by how many of their tests will run, so that the last are short. In
    each file the tests that begin with nothing come first: they must not find what is made for the others."""
    order = {path: number for number, path in enumerate({item.path: None for item in items})}
    run = Counter(item.path for item in items if not item.get_closest_marker("skip"))
    is_long = {item.path for item in items if item.get_closest_marker("long")}

    def place(item: pytest.Item) -> tuple[bool, int, int, bool]:
        weight = MANY if item.path in is_long else run[item.path]
        is_made = any(name.startswith(MADE) for name in getattr(item, "fixturenames", ()))
        return (not item.nodeid.startswith(BROWSERS), -weight, order[item.path], is_made)

    return place


BROWSERS_LOOP: list[asyncio.AbstractEventLoop] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Between two tests of the browser Playwright's loop only waits, and yet Python takes it for running. Then pyHanko could not begin
    its own, and Django would give out a connection of another store than before (asgiref tells a thread with a loop from one without),
    which nobody closes when the database is put back. A fixture may be called “browser” without being Playwright's."""
    loop = asyncio._get_running_loop()
    if loop is not None:
        BROWSERS_LOOP[:] = [loop]
    is_the_browser_s = item.get_closest_marker("browser") or "playwright" in getattr(item, "fixturenames", ())
    _run(BROWSERS_LOOP if is_the_browser_s else [])


@pytest.fixture(scope="session")
def browser(browser: Any) -> Iterator[Any]:
    """Closed by its own loop, after whatever belongs to the last test alone."""
    yield browser
    _run(BROWSERS_LOOP)


def _run(loops: list[asyncio.AbstractEventLoop]) -> None:
    asyncio._set_running_loop(loops[0] if loops else None)


def pytest_collection_finish() -> None:
    """What was imported by now stays to the end: a worker need not look through it for rubbish again and again, which took a
    sixth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class FilesTogether(LoadScopeScheduling):
    """One worker takes all tests of a file, because they share what is made for it, in the order of `place_among`. All browser tests are
    together: they share a demo that takes a minute to make. The matrix would keep one worker busy when the others have done."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(BROWSERS):
            return "browser"
        file = nodeid.partition("::")[0]
        return nodeid if file == "tests/access/test_matrix.py" else file


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two more than there are processors: the worker of the browser waits for it half of the time, others for servers and locks.
    PostgreSQL's own processes have a part of that."""
    return (os.cpu_count() or 1) + (1 if connection.vendor == "postgresql" else 2)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesTogether:
    return FilesTogether(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, request: pytest.FixtureRequest) -> Iterator[None]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    database = template(f"{worker}-{os.getpid()}")
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with one_at_a_time():
            database.make()
        database.clone()

    def restore(self: TransactionTestCase) -> None:
        database.clone()

    TransactionTestCase._fixture_teardown = restore  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database.drop()


def made_for_a_file(make: Callable[[], Any]) -> Any:
    """A fixture: what every test of a file begins with is made once; each goes back to it alone, and works on a copy of the
    objects.

    Not for tests that commit. What it makes goes with the file's last test.
    """

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            found = make()
            with django_db_blocker.block():
                yield found
            transaction.set_rollback(True)

    return made


def _course() -> Any:
    from . import cast  # its models want Django set up

    return cast.course()


made_course = made_for_a_file(_course)


@pytest.fixture
def on_a_day() -> Iterator[None]:
    """The clock stands at the day of the cast."""
    from tests import cast

    with cast.on(cast.NOW):
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a worker keeps in memory would outlive the rows of the test that made it, and so would a request's language."""
    from courses import river
    from courses.reading import shelf
    from elearning.anonymous import kept
    from provinces.queries import remembered

    shelf.clear()
    river.drawn.cache_clear()
    kept.clear()
    remembered.forget()
    translation.deactivate()
