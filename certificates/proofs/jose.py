"""A credential as a signed token (VC-JWT), as Open Badges 3.0 and VC-JOSE-COSE want it.

The payload is the credential itself with the registered claims beside it. Open Badges allows no other header than alg, kid and
typ "JWT". "EdDSA" is what its verifiers know, although RFC 9864 now prefers the name "Ed25519"; both are read.
"""

import json
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import keys, strict
from .findings import Finding, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from .keys import PublicKey

ALGORITHMS = ("EdDSA", "Ed25519", "ES256", "RS256", "PS256")
TYPES = (None, "JWT", "vc+jwt", "vc+ld+jwt", "vc+ld+json+jwt")
HEADERS = {"alg", "kid", "typ", "cty", "jwk", "iss"}  # jku and x5u name addresses to fetch a key from: never
CLAIMS = ("iss", "jti", "sub", "nbf", "exp", "iat", "aud", "vc")


def sign(credential: dict[str, Any], private: "Ed25519PrivateKey", method: str) -> str:
    """`method` is the full name of the key: did:web:…#kid."""
    payload = dict(credential) | _claims(credential)
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return _signed({"alg": "EdDSA", "kid": method, "typ": "JWT"}, text.encode(), private)


def _signed(header: dict[str, Any], payload: bytes, private: "Ed25519PrivateKey") -> str:
    from joserfc import jws
    from joserfc.errors import SecurityWarning
    from joserfc.jwk import OKPKey

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        return jws.serialize_compact(header, payload, OKPKey.import_key(private), registry=_registry())


def _registry() -> Any:
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    registry.max_header_length, registry.max_payload_length = 4_000, strict.LONGEST
    return registry


def _claims(credential: dict[str, Any]) -> dict[str, Any]:
    subject = credential["credentialSubject"]
    found = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": subject.get("id"),
        "nbf": _seconds(credential["validFrom"]),
        "exp": _seconds(credential.get("validUntil")),
    }
    return {name: value for name, value in found.items() if value is not None}


def _seconds(moment: str | None) -> int | None:
    return None if moment is None else int(strict.moment(moment).timestamp())


def header_of(token: str) -> dict[str, Any]:
    """Before the signature is checked: which algorithm and key a token names. Refuses "none", secrets as keys, and the like."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > 2 * strict.LONGEST:
        raise Refused(Finding.DAMAGED, "no token of three parts")
    try:
        decoded = [keys.from_base64url(part) for part in parts]
    except ValueError as problem:
        raise Refused(Finding.DAMAGED, "not base64url") from problem
    header = strict.parse(decoded[0])
    if header.get("alg") not in ALGORITHMS:
        raise Refused(Finding.WRONG_PROOF, "algorithm")
    if header.get("typ") not in TYPES or set(header) - HEADERS:
        raise Refused(Finding.WRONG_PROOF, "header")
    return header


def verify(token: str, key_of: Callable[[dict[str, Any]], "PublicKey"]) -> dict[str, Any]:
    """The credential in a token whose signature holds. `key_of` gets the header and may refuse as well.

    The kind of the key, not the header, says which algorithms may be; joserfc refuses the others.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from joserfc import jws
    from joserfc.errors import BadSignatureError, JoseError, SecurityWarning
    from joserfc.jwk import ECKey, OKPKey, RSAKey

    header = header_of(token)
    public = key_of(header)
    kind: dict[Any, Any] = {ed25519.Ed25519PublicKey: OKPKey, ec.EllipticCurvePublicKey: ECKey}
    wrapper: Any = next((wrapped for plain, wrapped in kind.items() if isinstance(public, plain)), RSAKey)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            found = jws.deserialize_compact(token, wrapper.import_key(public), registry=_registry())
    except BadSignatureError as problem:
        raise Refused(Finding.ALTERED, "signature of the token") from problem
    except (JoseError, ValueError) as problem:
        raise Refused(Finding.WRONG_PROOF, type(problem).__name__) from problem
    return credential_in(strict.parse(found.payload))


def unverified(token: str) -> dict[str, Any]:
    """The credential in a token as it stands, to tell who is named in it; not to be believed."""
    header_of(token)
    return credential_in(strict.parse(keys.from_base64url(token.split(".")[1])))


def credential_in(payload: dict[str, Any]) -> dict[str, Any]:
    """The credential without its claims, which must not contradict it (data model 1.1 has it in `vc`)."""
    inner = payload.get("vc")
    if isinstance(inner, dict):
        credential = dict(inner)
    else:
        credential = {name: value for name, value in payload.items() if name not in CLAIMS}
    subject = credential.get("credentialSubject")
    said = {
        "iss": issuer_id(credential),
        "jti": credential.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": credential.get("validFrom", credential.get("issuanceDate")),
        "exp": credential.get("validUntil", credential.get("expirationDate")),
    }
    for name, value in said.items():
        if name in payload and not _agrees(payload[name], value):
            raise Refused(Finding.WRONG_PROOF, f"claim {name} contradicts the credential")
    return credential


def _agrees(claim: Any, value: Any) -> bool:
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return bool(claim == value)
    return value is not None and int(claim) == int(strict.moment(value).timestamp())


def issuer_id(credential: dict[str, Any]) -> str:
    issuer = credential.get("issuer")
    found = issuer.get("id") if isinstance(issuer, dict) else issuer
    return found if isinstance(found, str) else ""
