"""One number that all workers see: it changes whenever something published changes, and page caches carry it in their keys.

Kept as the modification time of a file (one `stat` a request, no query), because a cache in a worker's memory cannot be
emptied from another worker. Several servers share the file's folder, or set VAR_DIR to a shared one.
"""

import os
import time

from django.conf import settings
from django.db import transaction


def _path() -> str:
    return os.path.join(settings.VAR_DIR, "generation")


def current() -> int:
    try:
        return os.stat(_path()).st_mtime_ns
    except FileNotFoundError:
        _touch()
        return os.stat(_path()).st_mtime_ns


def bump() -> None:
    """Makes every cached page stale once the running transaction commits."""
    transaction.on_commit(_touch)


def _touch() -> None:
    os.makedirs(settings.VAR_DIR, exist_ok=True)
    with open(_path(), "a"):
        now = time.time_ns()
        os.utime(_path(), ns=(now, now))
