"""What a person gets: the office's own signed copy, else the file sealed here, else the file as it is."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates import keys
from certificates.models import Credential, CredentialStatus, SignedCopy
from lib import apart
from lib.refusals import Refusal

from . import badges, kept, papers
from .given import noted

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """A file on its way: what is still being `drawn` in another process, and what gives the file."""

    finish: Callable[[], bytes]
    drawn: apart.Running[bytes] | None = None


def delivered(credential: Credential) -> bytes:
    """Raises Refusal for a certificate that holds no more: its paper, which looks valid, is not given out."""
    return begin(credential).finish()


def begin(credential: Credential) -> Delivery:
    """`delivered`, for whoever has others drawn meanwhile. Both halves raise Refusal."""
    delivery = _begin(credential)
    return Delivery(lambda: noted(credential, delivery.finish()), delivery.drawn)


def _begin(credential: Credential) -> Delivery:
    if credential.status != CredentialStatus.VALID:
        raise Refusal(_("Giấy này không còn hiệu lực nên không tải về được nữa."))
    return _as_it_is(_signed_copy(credential)) or _to_seal(credential) or _plain(credential)


def to_sign(credential: Credential) -> bytes:
    """For the office: unsigned, as it may be checked before it comes back."""
    return noted(credential, papers.pdf(credential))


def given_badge(credential: Credential, kind: badges.Kind) -> bytes | None:
    """As `badge`; each is drawn anew, and looks otherwise once a course's badge is designed anew."""
    data = badges.badge(credential, kind)
    return data and noted(credential, data)


def picture(credential: Credential) -> bytes:
    """Raises Refusal as `delivered` does."""
    return papers.picture_of(_begin(credential).finish())


def _as_it_is(data: bytes | None) -> Delivery | None:
    return Delivery(lambda: data) if data else None


def _signed_copy(credential: Credential) -> bytes | None:
    for copy in SignedCopy.objects.given_out().filter(credential=credential):
        try:
            return copy.content()
        except OSError:
            logger.error("signed copy %s: its file is missing; the certificate goes out unsigned", copy.pk)
    return None


def _plain(credential: Credential) -> Delivery:
    drawn = papers.begun(credential)
    return Delivery(partial(papers.result_of, drawn), drawn)


def _to_seal(credential: Credential) -> Delivery | None:
    """Sealed once and kept: everybody has the same file, and the seal the time of its making. None where nothing can be sealed.

    What is kept is only a copy that can be made again.
    """
    from certificates import sealing

    if not sealing.is_configured():
        return None
    if ready := _as_it_is(kept.read(credential)):
        return ready
    try:
        begun = sealing.begin(credential, timezone.now())
    except sealing.KeyProblemError as problem:
        sealing.signing.complain(problem.code, "key")
        return None

    def finish() -> bytes:
        try:
            data, is_whole = sealing.finish(begun)
        except sealing.KeyProblemError as problem:
            sealing.signing.complain(problem.code, "key")
            return papers.pdf(credential)
        return kept.keep(credential, data) if is_whole and _has_credential(credential) else data

    return Delivery(finish, begun.drawn)


def _has_credential(credential: Credential) -> bool:
    """Or needs none. While the key that stated it is out of reach, the file goes out without, and a later one has it."""
    return not credential.statement or keys.signer_of(credential) is not None
