"""Files that were sealed here, kept so that everybody has the same one. Each is only a copy that can be made again: losing them loses
nothing, and where they cannot be written the certificate goes out all the same.

What a file is called tells what its issuer stated of the certificate, so that one with another statement is never given out for it.
"""

import hashlib
import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from certificates.models import Credential
from certificates.models.copies import private

logger = logging.getLogger(__name__)


def read(credential: Credential) -> bytes | None:
    try:
        return _path(credential).read_bytes()
    except OSError:
        return None


def keep(credential: Credential, data: bytes) -> bytes:
    """What was kept of it before under another name goes."""
    path = _path(credential)
    data = first_of(path, data)
    _try_to_drop({credential.code}, but=path)
    return data


def first_of(path: Path, data: bytes) -> bytes:
    """Of two that keep a file at once the first one's is kept, and both get it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, suffix=".new") as new:
            new.write(data)
            new.flush()
            with suppress(FileExistsError):
                os.link(new.name, path)
        return path.read_bytes()
    except OSError as fault:  # a full disk, or one without hard links
        logger.error("a file of a certificate could not be kept: %s", fault.strerror)
        return data


def forget_sealed(codes: Iterable[str]) -> None:
    """Of certificates that hold no more, or whose issuer's key others may have."""
    _try_to_drop(set(codes))


def _folder() -> Path:
    return Path(private().path("sealed"))


def _path(credential: Credential) -> Path:
    stated = hashlib.sha256(credential.statement.encode()).hexdigest()[:12]
    return _folder() / f"{credential.code}-{stated}.pdf"


def _try_to_drop(codes: set[str], but: Path | None = None) -> None:
    try:
        for path in _folder().glob("*.pdf"):
            if path.stem.partition("-")[0] in codes and path != but:
                path.unlink(missing_ok=True)
    except OSError as fault:
        logger.error("sealed files that count no more could not be removed: %s", fault.strerror)
