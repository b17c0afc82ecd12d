"""W3C's Bitstring Status List: one bit for each credential of an issuer; machines learn from it what no longer counts."""

import gzip
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from . import contexts, keys
from .findings import Finding, Refused

ENTRIES = 131_072  # at least so many, so that a list tells nothing of one; 16 kB, which gzip makes small
MOST_BYTES = 8 * 1024 * 1024  # of a stranger's list, unpacked


def encode(withdrawn: Iterable[int]) -> str:
    """Multibase base64url of the gzipped bits; the first bit is the highest of the first byte."""
    bits = bytearray(ENTRIES // 8)
    for index in withdrawn:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + keys.base64url(gzip.compress(bytes(bits), mtime=0))


def build(*, address: str, issuer: str, withdrawn: Iterable[int], now: datetime, until: datetime) -> dict[str, Any]:
    """The list as a credential, unsigned."""
    return {
        "@context": [contexts.CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": {"id": issuer},
        "validFrom": now.isoformat(timespec="seconds"),
        "validUntil": until.isoformat(timespec="seconds"),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode(withdrawn),
        },
    }


def is_withdrawn(credential: dict[str, Any], entry: dict[str, Any], listing: dict[str, Any]) -> bool:
    """Whether the bit of a credential's entry is set in a list whose proof was checked before. Raises Refused for a list of another
    issuer or purpose, and for one that says nothing of this entry."""
    subject = listing.get("credentialSubject")
    subject = subject if isinstance(subject, dict) else {}
    if _issuer(listing) != _issuer(credential) or listing.get("id") != entry.get("statusListCredential"):
        raise Refused(Finding.UNKNOWN_ISSUER, "a list of somebody else")
    if entry.get("statusPurpose") not in ("revocation", "suspension"):
        raise Refused(Finding.WRONG_PROOF, "purpose of the status")
    if subject.get("statusPurpose") != entry["statusPurpose"]:
        raise Refused(Finding.WRONG_PROOF, "purpose of the list")
    return _bit(str(subject.get("encodedList", "")), str(entry.get("statusListIndex", "")))


def _issuer(credential: dict[str, Any]) -> object:
    issuer = credential.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def _bit(encoded: str, position: str) -> bool:
    try:
        packed = keys.from_base64url(encoded[1:]) if encoded.startswith("u") else b""
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, MOST_BYTES)
    except (ValueError, zlib.error) as problem:
        raise Refused(Finding.DAMAGED, "list") from problem
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise Refused(Finding.TOO_LARGE, "list")
    if not (position.isascii() and position.isdigit()) or len(position) > 9 or int(position) >= len(bits) * 8:
        raise Refused(Finding.DAMAGED, "position in the list")
    return bool(bits[int(position) // 8] & 0x80 >> int(position) % 8)
