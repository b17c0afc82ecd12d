"""Sealing: the last step of a file, because whatever is written after it breaks it.

A certificate is never lost to its seal. If the time-stamp service does not answer, the file is sealed without a time of others'
(B-B instead of B-T) and not kept, so that a later download tries again; if the key cannot be used, the file goes out unsealed.
Either is logged and shown to staff for an hour (`trouble`). Decision: docs/decisions/0018-seals-and-signed-copies.md.
"""

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from certificates.models import Credential
from certificates.rendering import archival, papers, structure
from lib import apart

from . import keys

logger = logging.getLogger(__name__)
ROOM, ROOM_WITH_STAMP = 16_384, 40_960  # hex digits kept free for a signature with its certificates
PATIENCE = 5  # seconds for the time-stamp service
REST = 600  # seconds in which a service that failed is not asked again
SHOWN = 3600
TROUBLE, RESTING = "certificates.seal.trouble", "certificates.seal.resting"


@dataclass(frozen=True)
class Begun:
    """A page with an empty field, being drawn, and whose key will fill it."""

    drawn: apart.Running[bytes]
    sealer: keys.Sealer


def begin(credential: Credential, at: datetime) -> Begun:
    """Raises KeyProblemError if there is no key to be used."""
    sealer = keys.sealer(at)
    line = f"{sealer.name} ký số lúc {timezone.localtime(at):%H:%M ngày %d/%m/%Y}"
    context = papers.values(credential) | {"seal_line": line}
    finisher = archival.finisher(credential, with_field=True)
    return Begun(papers.begin(papers.paper_of(credential), context, finisher), sealer)


def finish(begun: Begun) -> tuple[bytes, bool]:
    """The file with its seal, and whether it is all that the installation asks for (else it should not be kept).

    Raises KeyProblemError if the key cannot be used, Refusal if the page could not be drawn.
    """
    page, sealer = papers.result_of(begun.drawn), begun.sealer
    stamper = _stamper()
    if stamper is None:
        return _signed_by_key(page, sealer), not settings.SEAL["timestamp"]
    try:
        return sign(page, sealer, stamper), True
    except Exception as error:  # whatever a foreign service answers, the certificate must go out
        data = _signed_by_key(page, sealer)  # if this fails too, the service is not to blame
        cache.set(RESTING, True, REST)
        complain("timestamp", type(error).__name__)
        return data, False


def _signed_by_key(page: bytes, sealer: keys.Sealer) -> bytes:
    """Whatever fails here is the key's fault: a token that was pulled out, a session that has ended."""
    try:
        return sign(page, sealer)
    except Exception as error:
        keys.forget()
        said = f"Khóa của con dấu không ký được ({type(error).__name__}). / The sealing key cannot sign."
        raise keys.KeyProblemError("signing", said) from error


def sign(page: bytes, sealer: keys.Sealer, stamper: Any = None) -> bytes:
    """`page` with the field that `archival.finisher` made filled. No change is allowed after it (DocMDP 1)."""
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp.noop import NoOpStampStyle

    meta = PdfSignatureMetadata(
        field_name=structure.FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = PdfSigner(meta, sealer.signer, timestamper=stamper, stamp_style=NoOpStampStyle())
    room = ROOM_WITH_STAMP if stamper else ROOM
    done = signer.sign_pdf(_further(page), existing_fields_only=True, bytes_reserved=room)
    return bytes(done.getvalue())


def _further(page: bytes) -> Any:
    """pyHanko would write the XMP anew, and lose what PDF/A wants explained; nothing of it changes by a seal."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class SameMetadata(IncrementalPdfFileWriter):  # type: ignore[misc]
        def _update_meta(self) -> None:
            pass

    return SameMetadata(io.BytesIO(page))


def _stamper() -> Any:
    """None without a service, and while one rests that failed."""
    if not settings.SEAL["timestamp"] or cache.get(RESTING):
        return None
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return HTTPTimeStamper(settings.SEAL["timestamp"], timeout=PATIENCE)


def complain(code: str, detail: str) -> None:
    logger.error("certificates go out without a whole seal: %s (%s)", code, detail)
    cache.set(TROUBLE, code, SHOWN)


def trouble() -> str:
    """What went wrong in the last hour, for staff: "", "timestamp" or the code of a KeyProblemError."""
    return str(cache.get(TROUBLE, ""))
