"""Calls that really run at the same time, each on its own connection."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models import QuerySet


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Runs calls in threads that start together; returns what each gave or raised."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        barrier.wait(10)
        results[index] = _outcome(call)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def overlapping(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """What two calls gave, the second begun while the first had written and not committed.

    The first commits as soon as the second is done or waits for it, so that the outcome does not hang on who is quicker.
    """
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(_outcome(second)))
    with transaction.atomic():
        done = first()
        thread.start()
        while thread.is_alive() and not _is_waited_for():
            pass
    thread.join(30)
    return done, results[0]


def crossing(hold: Callable[[], Any], second: Callable[[], Any], want: Callable[[], Any]) -> tuple[Any, Any]:
    """What two calls gave where one holds something and wants more as soon as the second waits for what it holds."""
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(_outcome(second)))
    with transaction.atomic():
        hold()
        thread.start()
        while thread.is_alive() and not _is_waited_for():
            pass
        try:
            with transaction.atomic():
                wanted = want()
        except OperationalError as error:
            wanted = error
    thread.join(30)
    return wanted, results[0]


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For controls: rows are read as if nobody else could be writing them."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as error:
        return error
    finally:
        connections.close_all()


def _is_waited_for() -> bool:
    """Whether another connection waits for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
