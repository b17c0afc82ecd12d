"""Question files that wait between looking and pressing the button: a few, for an hour, in a folder beside the database."""

import json
import re
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.crypto import get_random_string

from accounts.models import User

KEPT = 3600  # seconds from looking to pressing the button
MOST = 5  # of one person: who looks at another file needs none of those before for long
_TOKEN = re.compile(r"\w{20,60}", re.ASCII)


def keep_upload(*, by: User, data: bytes, about: dict[str, Any]) -> str:
    """Returns the token under which this user, and nobody else, finds it again."""
    token = f"{time.time_ns():020d}{get_random_string(32)}"
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    _path(by, token).write_bytes(json.dumps(about).encode() + b"\n" + data)
    for older in sorted(_folder().glob(f"{by.pk}-*"))[:-MOST]:
        older.unlink(missing_ok=True)
    return token


def find_upload(user: User, token: str, *, at: datetime) -> tuple[bytes, dict[str, Any]] | None:
    if not _TOKEN.fullmatch(token):
        return None
    try:
        path = _path(user, token)
        if _is_over(path, at):
            return None
        about, _line, data = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    return data, json.loads(about)


def drop_upload(*, by: User, token: str) -> None:
    _path(by, token).unlink(missing_ok=True)


def forget_uploads(*, at: datetime) -> int:
    """Deletes files that nobody pressed the button for."""
    over = [path for path in _folder().glob("*-*") if _is_over(path, at)]
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "waiting-imports"


def _path(user: User, token: str) -> Path:
    return _folder() / f"{user.pk}-{token}"


def _is_over(path: Path, at: datetime) -> bool:
    """A file that is gone was used or forgotten by somebody else in this moment."""
    try:
        return path.stat().st_mtime < at.timestamp() - KEPT
    except FileNotFoundError:
        return False
