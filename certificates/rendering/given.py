"""What went out is known for good, whatever draws papers later: by another version, with another key, or sealed by another certificate."""

import hashlib

from django.utils import timezone

from certificates.models import Credential, GivenFile


def noted(credential: Credential, data: bytes) -> bytes:
    """The same file, now known. Most go out more than once: only the first time writes."""
    digest = _digest(data)
    if not _known(credential, digest):
        row = GivenFile(credential=credential, sha256=digest, given_at=timezone.now())
        GivenFile.objects.bulk_create([row], ignore_conflicts=True)
    return data


def was_given(credential: Credential, data: bytes) -> bool:
    return _known(credential, _digest(data))


def _known(credential: Credential, digest: str) -> bool:
    return GivenFile.objects.filter(credential=credential, sha256=digest).exists()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
