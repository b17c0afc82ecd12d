"""What went out is known for good, whatever draws papers later: by another version, with another key, or sealed by another certificate."""

import hashlib
import logging

from django.db import DatabaseError
from django.utils import timezone

from certificates.models import CopyKind, Credential, GivenFile, SignedCopy

from . import kept, papers

logger = logging.getLogger(__name__)


def noted(credential: Credential, data: bytes) -> bytes:
    """The same file, now known. Most go out more than once: only the first time writes. Where nothing can be written it goes out all the
    same, and is known the next time."""
    row = GivenFile(credential=credential, sha256=_digest(data), given_at=timezone.now())
    try:
        if not GivenFile.objects.filter(sha256=row.sha256).exists():
            GivenFile.objects.bulk_create([row], ignore_conflicts=True)
    except DatabaseError as fault:
        logger.error("a file that goes out could not be noted: %s", type(fault).__name__)
    return data


def given_of(data: bytes) -> Credential | None:
    """Whose file went out with these bytes; what an office brought signed may have been given out by the office itself."""
    digest = _digest(data)
    for known in (
        GivenFile.objects.filter(sha256=digest),
        SignedCopy.objects.filter(kind=CopyKind.SIGNED, sha256=digest),
    ):
        if found := known.select_related("credential__issuer").first():
            return found.credential
    return None


def would_go_out(credential: Credential, data: bytes) -> bool:
    """A register that was restored has not heard of the last files."""
    return data == kept.read(credential) or data == papers.pdf(credential)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
