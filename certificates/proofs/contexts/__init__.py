"""The vocabularies that credentials may use, byte for byte as published; nothing else is ever loaded.

What a word means is part of what is signed: a context from the network could change it afterwards.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from certificates.proofs.findings import Finding, Refused

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_1 = "https://www.w3.org/2018/credentials/v1"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_NAMES = {
    CREDENTIALS: "credentials-v2",
    CREDENTIALS_1: "credentials-v1",
    "https://www.w3.org/ns/credentials/undefined-terms/v2": "undefined-terms-v2",
    "https://www.w3.org/ns/credentials/status/v1": "bitstring-status-list-v1",
    "https://w3id.org/security/data-integrity/v1": "data-integrity-v1",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2",
    "https://w3id.org/security/multikey/v1": "multikey-v1",
    "https://w3id.org/security/suites/ed25519-2020/v1": "ed25519-2020-v1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "open-badges-3.0.0",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "open-badges-3.0.1",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "open-badges-3.0.2",
    OPEN_BADGES: "open-badges-3.0.3",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "open-badges-extensions",
}
FILES = {address: Path(__file__).parent / f"{name}.json" for address, name in _NAMES.items()}


@cache
def document(address: str) -> dict[str, Any]:
    """Raises KeyError for an address that is not bundled. For reading only: all callers share it."""
    return json.loads(FILES[address].read_bytes())  # type: ignore[no-any-return]


def check(credential: dict[str, Any]) -> None:
    """Raises Refused unless all vocabularies are bundled ones and stand at the top.

    The data model allows a context of one's own in the credential; a reader cannot know what such words mean, and we say so.
    """
    listed = credential.get("@context")
    listed = [listed] if isinstance(listed, str) else listed
    if not isinstance(listed, list) or not listed or listed[0] not in (CREDENTIALS, CREDENTIALS_1):
        raise Refused(Finding.WRONG_CONTEXT, "the first is not that of credentials")
    if not all(isinstance(one, str) and one in FILES for one in listed):
        raise Refused(Finding.WRONG_CONTEXT, "not one of the bundled")
    if any(_has_context(value) for name, value in credential.items() if name not in ("@context", "proof")):
        raise Refused(Finding.WRONG_CONTEXT, "one inside")


def _has_context(value: Any) -> bool:
    if isinstance(value, dict):
        return "@context" in value or any(_has_context(one) for one in value.values())
    return isinstance(value, list) and any(_has_context(one) for one in value)
