"""Files that wait between looking and pressing the button: some, for an hour, in a folder beside the database.

They hold answers, names and numbers, so nobody else on the machine reads them, and a job deletes what nobody came back for.
`owner` is the key of whoever sent one.
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

KEPT = timedelta(hours=1)  # from looking to pressing the button
MOST = 20  # of one person, each look at a list being one: there may be lists of several kinds in several tabs
_TOKEN = re.compile(r"(\d{20})\w{32}", re.ASCII)  # begins with the moment, so that names stand in the order of time


def keep(*, owner: int, data: bytes, about: dict[str, Any], at: datetime) -> str:
    """Returns the token under which its owner, and nobody else, finds it again."""
    token = f"{_stamp(at)}{get_random_string(32)}"
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(_path(owner, token), "xb", opener=_private) as file:
        file.write(json.dumps(about).encode() + b"\n" + data)
    for older in sorted(_folder().glob(f"{owner}-*"))[:-MOST]:
        older.unlink(missing_ok=True)
    return token


def find(owner: int, token: str, *, at: datetime) -> tuple[bytes, dict[str, Any]] | None:
    try:
        path = _path(owner, token)
        about, _line, data = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return None if _is_over(path, at) else (data, json.loads(about))


def drop(*, owner: int, token: str) -> None:
    with suppress(FileNotFoundError):
        _path(owner, token).unlink()


def forget(*, at: datetime) -> int:
    """Deletes files that nobody pressed the button for."""
    over = [path for path in _folder().glob("*-*") if _is_over(path, at)]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "waiting-imports"


def _path(owner: int, token: str) -> Path:
    """Raises FileNotFoundError for what is no token: as a part of a path it could lead anywhere."""
    if not _TOKEN.fullmatch(token):
        raise FileNotFoundError(token[:60])
    return _folder() / f"{owner}-{token}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _is_over(path: Path, at: datetime) -> bool:
    """By the moment in its name: the clock of a disk may be another."""
    found = _TOKEN.fullmatch(path.name.partition("-")[2])
    return found is not None and found[1] < _stamp(at - KEPT)


def _stamp(at: datetime) -> str:
    return f"{int(at.timestamp() * 10**9):020d}"
