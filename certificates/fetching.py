"""Asking other issuers for their keys and status lists: by the command alone, and only when it is told to.

The addresses come from a stranger's file: https only, no host inside our own network, no redirect, little time and size.
"""

import ipaddress
import socket
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from .proofs import checking, keys, status, strict
from .proofs.findings import Finding, Refused

if TYPE_CHECKING:
    from .proofs.keys import PublicKey

SECONDS = 5


def get(address: str) -> bytes:
    import requests

    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or not _is_public(parts.hostname):
        raise Refused(Finding.UNKNOWN_ISSUER, "not a public https address")
    try:
        with requests.get(address, timeout=SECONDS, allow_redirects=False, stream=True) as response:
            data: bytes = response.raw.read(strict.LONGEST + 1, decode_content=True)
            is_answered = response.status_code == requests.codes.ok
    except (requests.RequestException, OSError) as problem:
        raise Refused(Finding.UNKNOWN_ISSUER, "no answer") from problem
    if not is_answered or len(data) > strict.LONGEST:
        raise Refused(Finding.UNKNOWN_ISSUER, "no fitting answer")
    return data


def _is_public(host: str) -> bool:
    try:
        found = {one[4][0] for one in socket.getaddrinfo(host, None)}
        return all(ipaddress.ip_address(one).is_global for one in found)
    except (OSError, ValueError):
        return False


def lookup(method: str) -> "PublicKey":
    """The key with this name: of a did:web, or at an https address as JWK, JWK Set, or document of methods."""
    did, _, fragment = method.partition("#")
    if did.startswith("did:web:"):
        return keys.of_did_document(strict.parse(get(address_of(did))), method)
    if not did.startswith("https://"):
        raise Refused(Finding.UNKNOWN_ISSUER, "another kind of name")
    found = strict.parse(get(did))
    listed = found.get("keys")
    if isinstance(listed, list):
        found = next((one for one in listed if isinstance(one, dict) and one.get("kid") in (method, fragment)), {})
    if "kty" in found:
        return keys.from_jwk(found)
    return keys.of_did_document(found, method)


def address_of(did: str) -> str:
    """ "did:web:hoc.example%3A8000:c:1" → its document's address."""
    host, *path = [unquote(part) for part in did.removeprefix("did:web:").split(":")]
    if any("/" in part for part in [host, *path]):
        raise Refused(Finding.UNKNOWN_ISSUER, "name of the issuer")
    return "/".join([f"https://{host}", *(path or [".well-known"]), "did.json"])


def is_withdrawn(credential: dict[str, Any], now: datetime) -> bool | None:
    """Whether its issuer took it back. False when it cannot be taken back; None when it says so in a way that we cannot read."""
    listed = credential.get("credentialStatus") or []
    entries = [one for one in (listed if isinstance(listed, list) else [listed]) if isinstance(one, dict)]
    answers = [_answer(credential, entry, now) for entry in entries]
    return True if True in answers else None if None in answers else False


def _answer(credential: dict[str, Any], entry: dict[str, Any], now: datetime) -> bool | None:
    if entry.get("type") != "BitstringStatusListEntry":
        return None
    text = get(str(entry.get("statusListCredential"))).decode("utf-8", "replace").strip()
    listing = checking.check(text, lookup=lookup, now=now)
    if listing.finding != Finding.VALID:
        raise Refused(listing.finding, "its list")
    return status.is_withdrawn(credential, entry, listing.credential)
