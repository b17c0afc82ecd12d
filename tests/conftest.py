"""One migrated database for all tests: made once for a set of migrations, then copied for each worker.

Wagtail's migrations cost half a minute; a copy costs a tenth of a second. A test that commits (transaction=True) gets the
copy back afterwards instead of Django's flush, because the migrations' own rows (places, root page, consent texts) would
be gone with it.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from django.utils import translation
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parent.parent
RACE = "proves a race: needs PostgreSQL"


def fingerprint() -> str:
    """Changes with any migration of ours, the data and permissions that follow them, and everybody else's locked versions."""
    hashed = hashlib.sha256()
    patterns = (
        "*/migrations/*.py",
        "*/apps.py",
        "accounts/groups.py",
        "reports/triggers.py",
        "provinces/data/*.csv",
        "requirements/base.txt",
    )
    sources = [path for pattern in patterns for path in ROOT.glob(pattern)]
    for path in sorted(sources):
        hashed.update(path.name.encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


class SqliteTemplate:
    def __init__(self, worker: str) -> None:
        folder = ROOT / "var" / "tests"
        folder.mkdir(parents=True, exist_ok=True)
        self.template = folder / f"template-{fingerprint()}.sqlite3"
        self.copy = folder / f"{worker}.sqlite3"

    def make(self) -> None:
        if self.template.exists():
            return
        half_made = self.template.with_suffix(f".{os.getpid()}")
        self.point_at(half_made)
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        half_made.rename(self.template)
        for old in self.template.parent.glob("template-*"):
            if not old.name.startswith(self.template.stem):
                old.unlink()

    def clone(self) -> None:
        connections.close_all()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.copy}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.copy)
        self.point_at(self.copy)

    def drop(self) -> None:
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.copy}{suffix}").unlink(missing_ok=True)

    def point_at(self, path: Path) -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(path)


class PostgresTemplate:
    def __init__(self, worker: str) -> None:
        self.template = f"template_{fingerprint()}"
        self.copy = f"test_{worker}"

    def make(self) -> None:
        if self._admin("select 1 from pg_database where datname = %s", self.template):
            return
        self._admin(f'create database "{self.template}_making"')
        self.point_at(f"{self.template}_making")
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        connections.close_all()
        self._admin(f'alter database "{self.template}_making" rename to "{self.template}"')

    def clone(self) -> None:
        self.drop()
        self._admin(f'create database "{self.copy}" template "{self.template}"')
        self.point_at(self.copy)

    def drop(self) -> None:
        self._admin(f'drop database if exists "{self.copy}" with (force)')

    def point_at(self, name: str) -> None:
        connections.close_all()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name

    def _admin(self, sql: str, *parameters: str) -> bool:
        import psycopg

        connections.close_all()
        known = connection.settings_dict
        host = known["HOST"] or known["OPTIONS"].get("host")
        with psycopg.connect(dbname="postgres", host=host, user=known["USER"] or None, autocommit=True) as admin:
            cursor = admin.execute(sql, parameters or None)
            return bool(cursor.description and cursor.fetchone())


def template(worker: str) -> SqliteTemplate | PostgresTemplate:
    return PostgresTemplate(worker) if connection.vendor == "postgresql" else SqliteTemplate(worker)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The first worker makes the template; the others wait for it."""
    folder = ROOT / "var" / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """SQLite has one writer, so that a race cannot be lost there; looks, words and permissions are the same whatever stands behind them."""
    marker, why = ("once", "the same as on SQLite") if connection.vendor == "postgresql" else ("postgres", RACE)
    for item in items:
        if item.get_closest_marker(marker):
            item.add_marker(pytest.mark.skip(reason=why))


class BrowserTogether(LoadScopeScheduling):
    """One worker takes all browser tests, because they share a demo that takes a minute to make; it begins with them."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserTogether:
    return BrowserTogether(config, log)


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


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a worker keeps in memory would outlive the rows of the test that made it, and so would a request's language."""
    from courses.reading import shelf
    from elearning.anonymous import kept

    shelf.clear()
    kept.clear()
    translation.deactivate()
