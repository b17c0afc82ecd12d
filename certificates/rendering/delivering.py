"""What a person gets: the office's own signed copy, else the file sealed here, else the file as it is."""

import logging

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates import keys
from certificates.models import CopyKind, Credential, CredentialStatus, SignedCopy
from lib import apart
from lib.refusals import Refusal

from . import kept, papers

logger = logging.getLogger(__name__)


def delivered(credential: Credential) -> bytes:
    """Raises Refusal for a certificate that holds no more: its paper, which looks valid, is not given out."""
    if credential.status != CredentialStatus.VALID:
        raise Refusal(_("Giấy này không còn hiệu lực nên không tải về được nữa."))
    copy = SignedCopy.objects.filter(credential=credential, kind=CopyKind.SIGNED).first()
    if copy is not None:
        try:
            return copy.content()
        except OSError:
            logger.error("signed copy %s: its file is missing; the certificate goes out unsigned", copy.pk)
    return _sealed(credential) or papers.pdf(credential)


def begun(credential: Credential) -> apart.Running[bytes] | None:
    """The drawing of what `delivered` would give, for whoever has others drawn meanwhile; None where it has more to do."""
    from certificates import sealing

    if sealing.is_configured() or SignedCopy.objects.filter(credential=credential, kind=CopyKind.SIGNED).exists():
        return None
    return papers.begun(credential)


def picture(credential: Credential) -> bytes:
    return papers.picture_of(delivered(credential))


def _sealed(credential: Credential) -> bytes | None:
    """Sealed once and kept: everybody has the same file, and the seal the time of its making. None where nothing can be sealed.

    What is kept is only a copy that can be made again, so that a look at it writes nothing that counts.
    """
    from certificates import sealing

    if not sealing.is_configured():
        return None
    if before := kept.read(credential):
        return before
    try:
        data, is_whole = sealing.sealed(credential, timezone.now())
    except sealing.KeyProblemError as problem:
        sealing.signing.complain(problem.code, "key")
        return None
    return kept.keep(credential, data) if is_whole and _has_credential(credential) else data


def _has_credential(credential: Credential) -> bool:
    """Or needs none. While the key that stated it is out of reach, the file goes out without, and a later one has it."""
    return not credential.statement or keys.signer_of(credential) is not None
