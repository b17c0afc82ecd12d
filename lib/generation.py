"""One number that all workers see: it changes whenever something published changes, and page caches carry it in their keys.

Kept as the modification time of a file (one `stat` a request, no query), because a cache in a worker's memory cannot be
emptied from another worker. Several servers share the file's folder, or set VAR_DIR to a shared one.
"""

import os
import time
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .dates import local_day

type Moment = tuple[int, date, int]


def _path() -> str:
    return os.path.join(settings.VAR_DIR, "generation")


def current() -> int:
    try:
        return os.stat(_path()).st_mtime_ns
    except FileNotFoundError:
        _touch()
        return os.stat(_path()).st_mtime_ns


class _Turns:
    """Of this worker: how often something turned stale by the clock alone, and when it will next."""

    count = 0
    until: datetime | None = None


def moment() -> Moment:
    """What a worker keeps in its memory holds as long as this stays the same: nothing was published, it is the same day, and no moment
    that `holds_until` was told of has come."""
    now = timezone.now()
    if _Turns.until and _Turns.until <= now:
        _Turns.count, _Turns.until = _Turns.count + 1, None
    return current(), local_day(now), _Turns.count


def holds_until(at: datetime) -> None:
    """Told by whoever puts something into a page that is wrong from then on, such as that registration is open."""
    _Turns.until = min(filter(None, (_Turns.until, at)))


def bump() -> None:
    """Makes every cached page stale once the running transaction commits."""
    transaction.on_commit(_touch)


def _touch() -> None:
    os.makedirs(settings.VAR_DIR, exist_ok=True)
    with open(_path(), "a"):
        now = time.time_ns()
        os.utime(_path(), ns=(now, now))
