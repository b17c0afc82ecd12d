"""Public keys in the forms in which credentials name them: Multikey (z6Mk…), JWK, did:key, and the document of a did:web."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .findings import Finding, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    PublicKey = Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519, P256 = b"\xed\x01", b"\x80\x24"  # multicodec prefixes
LONGEST = 200  # characters of base58; a signature has 88
RSA_BITS = 2048  # at least


def base58(data: bytes) -> str:
    number, text = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """Raises ValueError; the time of decoding grows with the square of the length, which is bounded."""
    if len(text) > LONGEST:
        raise ValueError("too long")
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    return b"\0" * (len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8)


def base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Raises ValueError also for a second spelling of the same bytes, which would go unnoticed as a change."""
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(data) != text:
        raise ValueError("not the canonical spelling")
    return data


def raw(public: "Ed25519PublicKey") -> bytes:
    return public.public_bytes_raw()


def multikey(public: "Ed25519PublicKey") -> str:
    return "z" + base58(ED25519 + raw(public))


def from_multikey(text: str) -> "PublicKey":
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        data = from_base58(text[1:]) if text.startswith("z") else b""
        if data.startswith(ED25519):
            return Ed25519PublicKey.from_public_bytes(data[2:])
        if data.startswith(P256):
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), data[2:])
    except ValueError as problem:
        raise Refused(Finding.WRONG_PROOF, "no key") from problem
    raise Refused(Finding.WRONG_PROOF, "unknown kind of key")


def jwk(public: "Ed25519PublicKey", kid: str) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw(public)), "kid": kid, "use": "sig", "alg": "EdDSA"}


def from_jwk(found: Mapping[str, Any]) -> "PublicKey":
    """A public key; a private or symmetric one is refused, because whoever publishes that signs nothing."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if "d" in found or "k" in found:
        raise Refused(Finding.WRONG_PROOF, "a secret key is shown")
    try:
        part = {name: from_base64url(str(found[name])) for name in ("x", "y", "n", "e") if name in found}
        if found.get("kty") == "OKP" and found.get("crv") == "Ed25519":
            return ed25519.Ed25519PublicKey.from_public_bytes(part["x"])
        if found.get("kty") == "EC" and found.get("crv") == "P-256":
            point = b"\x04" + part["x"].rjust(32, b"\0") + part["y"].rjust(32, b"\0")
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        if found.get("kty") == "RSA" and RSA_BITS <= len(part["n"]) * 8 <= 4 * RSA_BITS:
            return rsa.RSAPublicNumbers(int.from_bytes(part["e"]), int.from_bytes(part["n"])).public_key()
    except (ValueError, KeyError) as problem:
        raise Refused(Finding.WRONG_PROOF, "no key") from problem
    raise Refused(Finding.WRONG_PROOF, "unknown kind of key")


def did_key(public: "Ed25519PublicKey") -> str:
    return f"did:key:{multikey(public)}"


def of_did_key(method: str) -> "PublicKey":
    """The key of `did:key:z…#z…`: it is written in its own name, so that nothing has to be looked up."""
    did, _, fragment = method.partition("#")
    text = did.removeprefix("did:key:")
    if fragment not in ("", text):
        raise Refused(Finding.WRONG_PROOF, "the key's two names differ")
    return from_multikey(text)


def of_did_jwk(did: str) -> "PublicKey":
    from . import strict

    try:
        return from_jwk(strict.parse(from_base64url(did.removeprefix("did:jwk:"))))
    except ValueError as problem:
        raise Refused(Finding.WRONG_PROOF, "no key") from problem


def did_web(base: str, *path: str) -> str:
    """ "https://hoc.example:8000" with a path → "did:web:hoc.example%3A8000:c:don-vi:1"."""
    host = base.partition("://")[2].partition("/")[0].replace(":", "%3A")
    return ":".join(["did:web", host, *path])


def did_document(did: str, keys: Mapping[str, "Ed25519PublicKey"]) -> dict[str, Any]:
    """What `did:web` answers: every key with which something was signed that still counts, by its kid."""
    methods = [
        {"id": f"{did}#{kid}", "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(public)}
        for kid, public in keys.items()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def of_did_document(document: Mapping[str, Any], method: str) -> "PublicKey":
    """The key of a method that the document allows for assertions and that its own subject controls."""
    did = method.partition("#")[0]
    asserted = document.get("assertionMethod")
    listed = document.get("verificationMethod")
    allowed = asserted if isinstance(asserted, list) else []
    found = [one for one in [*(listed if isinstance(listed, list) else []), *allowed] if isinstance(one, dict)]
    mine = [one for one in found if one.get("id") in (method, "#" + method.partition("#")[2])]
    names = {one.get("id") if isinstance(one, dict) else one for one in allowed}
    if document.get("id") != did or len(mine) != 1 or mine[0].get("id") not in names:
        raise Refused(Finding.UNKNOWN_ISSUER, "its document does not name the key")
    one = mine[0]
    if one.get("controller") != did or one.get("revoked"):
        raise Refused(Finding.UNKNOWN_ISSUER, "somebody else's key, or a revoked one")
    if isinstance(one.get("publicKeyJwk"), dict):
        return from_jwk(one["publicKeyJwk"])
    return from_multikey(str(one.get("publicKeyMultibase", "")))
