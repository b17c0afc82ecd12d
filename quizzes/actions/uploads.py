"""Question files that wait between looking and pressing the button: a few, for an hour, in a folder beside the database.

They hold the answers, so nobody else on the machine reads them, and a job deletes what nobody came back for.
"""

import json
import os
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.crypto import get_random_string

from accounts.models import User

KEPT = timedelta(hours=1)  # from looking to pressing the button
MOST = 5  # of one person: who looks at another file needs none of those before for long
_TOKEN = re.compile(r"(\d{20})\w{32}", re.ASCII)  # begins with the moment, so that names stand in the order of time


def keep_upload(*, by: User, data: bytes, about: dict[str, Any], at: datetime) -> str:
    """Returns the token under which this user, and nobody else, finds it again."""
    token = f"{_stamp(at)}{get_random_string(32)}"
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(_path(by, token), "xb", opener=_private) as file:
        file.write(json.dumps(about).encode() + b"\n" + data)
    for older in sorted(_folder().glob(f"{by.pk}-*"))[:-MOST]:
        older.unlink(missing_ok=True)
    return token


def find_upload(user: User, token: str, *, at: datetime) -> tuple[bytes, dict[str, Any]] | None:
    try:
        path = _path(user, token)
        about, _line, data = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return None if _is_over(path, at) else (data, json.loads(about))


def drop_upload(*, by: User, token: str) -> None:
    with suppress(FileNotFoundError):
        _path(by, token).unlink()


def forget_uploads(*, at: datetime) -> int:
    """Deletes files that nobody pressed the button for."""
    over = [path for path in _folder().glob("*-*") if _is_over(path, at)]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "waiting-imports"


def _path(user: User, token: str) -> Path:
    """Raises FileNotFoundError for what is no token: as a part of a path it could lead anywhere."""
    if not _TOKEN.fullmatch(token):
        raise FileNotFoundError(token[:60])
    return _folder() / f"{user.pk}-{token}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _is_over(path: Path, at: datetime) -> bool:
    """By the moment in its name: the clock of a disk may be another."""
    found = _TOKEN.fullmatch(path.name.partition("-")[2])
    return found is not None and found[1] < _stamp(at - KEPT)


def _stamp(at: datetime) -> str:
    return f"{int(at.timestamp() * 10**9):020d}"
