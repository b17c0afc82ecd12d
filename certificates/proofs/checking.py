"""One credential → its finding. Who is asked for keys, and what time it is, says the caller."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from . import contexts, integrity, jose, keys, strict
from .findings import Finding, Refused

if TYPE_CHECKING:
    from .keys import PublicKey

# The full name of a key (did:web:…#…) → the key. Raises Refused when it is not known.
type Lookup = Callable[[str], PublicKey]


@dataclass(frozen=True)
class Checked:
    """What a credential says of itself; unless `is_signed`, anybody may have written it."""

    finding: Finding
    detail: str = ""
    credential: dict[str, Any] = field(default_factory=dict)
    proof: str = ""  # the token's algorithm or the suite
    is_signed: bool = False

    @property
    def issuer(self) -> str:
        return jose.issuer_id(self.credential)


def unknown(_method: str) -> "PublicKey":
    raise Refused(Finding.UNKNOWN_ISSUER, "key not known")


def check(text: str, *, lookup: Lookup, now: datetime) -> Checked:
    """Contexts, proof, key, signature, times, in this order; the first that fails is told."""
    credential: dict[str, Any] = {}
    proof = ""
    try:
        is_token, credential = _is_token(text), _unverified(text)
        _require_credential(credential)
        proof = _proof_of(text, credential, is_token=is_token)
        contexts.check(credential)
        signed = _verified(text, credential, lookup, is_token=is_token)
    except Refused as problem:
        return Checked(problem.finding, problem.detail, credential, proof)
    try:
        finding = _in_time(signed, now)
    except Refused as problem:
        return Checked(problem.finding, problem.detail, signed, proof, is_signed=True)
    return Checked(finding, "", signed, proof, is_signed=True)


def id_of(text: str) -> str:
    """What a credential says it is, not to be believed; "" where it cannot be read."""
    try:
        return str(_unverified(text).get("id"))
    except Refused:
        return ""


def _is_token(text: str) -> bool:
    return not text.startswith("{")


def _unverified(text: str) -> dict[str, Any]:
    return jose.unverified(text) if _is_token(text) else strict.parse(text)


def _require_credential(credential: dict[str, Any]) -> None:
    types = credential.get("type")
    if "VerifiableCredential" not in (types if isinstance(types, list) else [types]):
        raise Refused(Finding.NO_CREDENTIAL, "another type")


def _proof_of(text: str, credential: dict[str, Any], *, is_token: bool) -> str:
    if is_token:
        return str(jose.header_of(text)["alg"])
    return ", ".join(str(one["cryptosuite"]) for one in integrity.proofs_of(credential))


def _verified(text: str, credential: dict[str, Any], lookup: Lookup, *, is_token: bool) -> dict[str, Any]:
    issuer = jose.issuer_id(credential)
    if is_token:
        return jose.verify(text, lambda header: _key_of_token(header, issuer, lookup))
    return integrity.verify(credential, lambda proof: resolve(str(proof.get("verificationMethod", "")), issuer, lookup))


def _key_of_token(header: dict[str, Any], issuer: str, lookup: Lookup) -> "PublicKey":
    named = header.get("kid")
    if not isinstance(named, str):
        # A key that the token brings along proves that its writer has it, and not who that is.
        named = issuer if issuer.startswith(("did:key:", "did:jwk:")) else ""
    return resolve(named if ":" in named else f"{issuer}#{named.removeprefix('#')}", issuer, lookup)


def resolve(method: str, issuer: str, lookup: Lookup) -> "PublicKey":
    """The key, if it is the issuer's own: anybody can sign in another's name with a key of his own."""
    controller = method.partition("#")[0]
    if not issuer or (controller != issuer and (_site(issuer) is None or _site(method) != _site(issuer))):
        raise Refused(Finding.UNKNOWN_ISSUER, "the key is not the issuer's")
    if controller.startswith("did:key:"):
        return keys.of_did_key(method)
    if controller.startswith("did:jwk:"):
        return keys.of_did_jwk(controller)
    return lookup(method)


def _site(address: str) -> str | None:
    """The host of an https address, else None."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.netloc if parts.scheme == "https" and parts.netloc else None


def _in_time(credential: dict[str, Any], now: datetime) -> Finding:
    since = credential.get("validFrom", credential.get("issuanceDate"))
    until = credential.get("validUntil", credential.get("expirationDate"))
    if since is not None and strict.moment(since) > now:
        return Finding.NOT_YET_VALID
    if until is not None and strict.moment(until) <= now:
        return Finding.EXPIRED
    return Finding.VALID
