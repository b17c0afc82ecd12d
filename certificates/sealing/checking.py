"""What the signatures of a file say: who signed and when, whether the file is what was signed, and whether that is all of it.

Whether a certificate's issuer is to be trusted is not said: the roots of Vietnam's public services are not shipped with us. A
seal of our own is told by its certificate.

It is looked at in a process of its own: whatever a file holds, it keeps nobody waiting for longer than PATIENCE.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lib import apart

from . import keys

LARGEST = 20_000_000  # bytes of a file that is looked at
MOST = 10  # signatures
PATIENCE, MEGABYTES = 4, 400


class Finding(StrEnum):
    UNREADABLE = "unreadable"  # no PDF, or one that breaks the reader
    TOO_MUCH = "too much"  # it takes too long, too much memory or has too many signatures to look at
    UNSEALED = "unsealed"
    INTACT = "intact"  # the signed bytes are those that were signed
    ALTERED = "altered"  # they are not, or the signature itself is broken
    WHOLE = "whole"  # nothing in the file is outside of the signature
    PARTIAL = "partial"  # something is, and the signature does not even cover the state that was signed
    ADDED_TO = "added to"  # something was added afterwards that the signer allowed: a further signature
    CHANGED_AFTER = "changed after"  # something else was
    OURS = "ours"  # by the certificate that this installation seals with


@dataclass(frozen=True)
class Seal:
    by: str
    fingerprint: str
    at: datetime | None  # as the signer says
    stamped_at: datetime | None  # as a time-stamp service says
    findings: frozenset[Finding]

    @property
    def holds(self) -> bool:
        return Finding.INTACT in self.findings and not self.findings & {Finding.PARTIAL, Finding.CHANGED_AFTER}


@dataclass(frozen=True)
class Report:
    seals: tuple[Seal, ...]
    findings: frozenset[Finding]

    @property
    def holds(self) -> bool:
        """Signed at least once, every signature good, and the last of them covers the file to its end."""
        return bool(self.seals) and all(one.holds for one in self.seals) and Finding.WHOLE in self.findings


def check(data: bytes) -> Report:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import status  # noqa: F401 (here, so that no process has to import it for itself)

    if len(data) > LARGEST or b"%PDF-" not in data[:1024]:
        return Report((), frozenset({Finding.UNREADABLE}))
    ours = _own_fingerprint()  # here: a token's session is not shared by two processes
    try:
        return apart.run(lambda: _report(data, PdfFileReader, ours), seconds=PATIENCE, megabytes=MEGABYTES)
    except apart.ApartError:
        return Report((), frozenset({Finding.UNREADABLE, Finding.TOO_MUCH}))


def _report(data: bytes, reader_of: Any, ours: str) -> Report:
    try:
        reader = reader_of(io.BytesIO(data), strict=False)
        if reader.encrypted:
            return Report((), frozenset({Finding.UNREADABLE}))
        signatures = list(reader.embedded_regular_signatures)
        if len(signatures) > MOST:
            return Report((), frozenset({Finding.UNREADABLE, Finding.TOO_MUCH}))
        seals = tuple(_read(signatures, ours))
    except MemoryError:
        raise
    except Exception:  # a hostile file may break a reader in any way
        return Report(
            (), frozenset({Finding.UNREADABLE, Finding.ALTERED} if b"/ByteRange" in data else {Finding.UNREADABLE})
        )
    if not seals:
        return Report((), frozenset({Finding.UNSEALED}))
    return Report(seals, frozenset().union(*(one.findings for one in seals)))


def _read(signatures: list[Any], ours: str) -> Iterator[Seal]:
    for signature in signatures:
        print_ = signature.signer_cert.sha256.hex()
        findings = {_integrity(signature), *_coverage(signature)} | ({Finding.OURS} if print_ == ours else set())
        known = signature.signer_cert.subject.native
        name = str(known.get("common_name") or signature.signer_cert.subject.human_friendly)
        yield Seal(name, print_, signature.self_reported_timestamp, _stamped(signature), frozenset(findings))


def _own_fingerprint() -> str:
    try:
        return keys.sealer().fingerprint if keys.is_configured() else ""
    except keys.KeyProblemError:
        return ""


def _integrity(signature: Any) -> Finding:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        digest = signature.compute_digest()
        whole, valid = validate_sig_integrity(
            signature.signer_info, signature.signer_cert, expected_content_type="data", actual_digest=digest
        )
    except Exception:  # a signature that cannot be computed is none
        return Finding.ALTERED
    return Finding.INTACT if whole and valid and _names_its_certificate(signature) else Finding.ALTERED


def _names_its_certificate(signature: Any) -> bool:
    """Who signed is read from a certificate that lies beside what is signed: PAdES signs its hash as well."""
    from pyhanko.sign.general import check_ess_certid
    from pyhanko.sign.validation.generic_cms import get_signing_cert_attr

    named = get_signing_cert_attr(signature.signer_info["signed_attrs"])
    return named is None or bool(check_ess_certid(signature.signer_cert, named["certs"][0]))


def _coverage(signature: Any) -> set[Finding]:
    from pyhanko.sign.diff_analysis import DiffResult
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    signature.compute_integrity_info()
    if signature.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return {Finding.WHOLE}
    if signature.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        return {Finding.PARTIAL}
    is_allowed = isinstance(signature.diff_result, DiffResult) and signature.summarise_integrity_info()["docmdp_ok"]
    return {Finding.ADDED_TO if is_allowed else Finding.CHANGED_AFTER}


def _stamped(signature: Any) -> datetime | None:
    """Only a stamp of this very signature counts."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity

    try:
        token = next(extract_tst_data_iter(signature.signer_info, signed=False))
    except Exception:  # none, or unreadable
        return None
    return _moment(token, signature, validate_sig_integrity)


def _moment(token: Any, signature: Any, integrity: Any) -> datetime | None:
    import hashlib

    from pyhanko.sign.general import extract_certificate_info, extract_signer_info

    try:
        content = token["encap_content_info"]["content"]
        imprint = content.parsed["message_imprint"]
        hashed = hashlib.new(imprint["hash_algorithm"]["algorithm"].native, signature.signer_info["signature"].native)
        signer = extract_signer_info(token)
        raw = hashlib.new(signer["digest_algorithm"]["algorithm"].native, bytes(content.contents)).digest()
        good = integrity(signer, extract_certificate_info(token).signer_cert, "tst_info", raw)
        is_ours = hashed.digest() == imprint["hashed_message"].native and good == (True, True)
        return content.parsed["gen_time"].native if is_ours else None
    except Exception:  # a stamp that cannot be read is none
        return None
