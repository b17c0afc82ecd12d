"""A credential as JSON with its proof inside: the suites eddsa-jcs-2022 and eddsa-rdfc-2022 of W3C's Data Integrity."""

import math
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from . import contexts, keys, strict
from .findings import Finding, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from .keys import PublicKey

JCS, RDFC = "eddsa-jcs-2022", "eddsa-rdfc-2022"
MOST_PROOFS, MOST_VALUES, MOST_QUADS, MOST_STEPS = 4, 1_000, 1_500, 5_000  # ours has 50 values
MOST_OF_PROOF = 50  # values; it has eight


def sign(
    credential: dict[str, Any], private: "Ed25519PrivateKey", method: str, *, created: str, suite: str = RDFC
) -> dict[str, Any]:
    """A copy with a proof. `method` is the full name of the key, did:web:…#kid; `created` an xsd:dateTime with its zone."""
    unsecured = {name: value for name, value in credential.items() if name != "proof"}
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    if suite == JCS:
        config["@context"] = unsecured["@context"]
    value = "z" + keys.base58(private.sign(digest(unsecured, config)))
    return unsecured | {"proof": config | {"proofValue": value}}


def proofs_of(credential: dict[str, Any]) -> list[dict[str, Any]]:
    """The proofs that we can check; what they name is not yet believed. Raises Refused when there is none."""
    listed = credential.get("proof")
    listed = listed if isinstance(listed, list) else [listed]
    if len(listed) > MOST_PROOFS or not all(isinstance(one, dict) for one in listed):
        raise Refused(Finding.WRONG_PROOF, "no proof, or too many")
    found = [one for one in listed if one.get("type") == "DataIntegrityProof" and one.get("cryptosuite") in (JCS, RDFC)]
    if not found:
        raise Refused(Finding.WRONG_PROOF, "type or cryptosuite")
    if any(one.get("proofPurpose") != "assertionMethod" for one in found):
        raise Refused(Finding.WRONG_PROOF, "purpose")
    if any("previousProof" in one for one in found):
        raise Refused(Finding.WRONG_PROOF, "a chain of proofs")
    return found


def verify(credential: dict[str, Any], key_of: Callable[[dict[str, Any]], "PublicKey"]) -> dict[str, Any]:
    """The credential without its proofs, all of which hold (of those that we know). `key_of` gets a proof and may refuse as well."""
    unsecured = {name: value for name, value in credential.items() if name != "proof"}
    hash_of = cache(lambda suite: _hash_of(unsecured, suite))  # of what several proofs sign
    for proof in proofs_of(credential):
        _verify(unsecured, proof, key_of(proof), hash_of)
    return unsecured


def _verify(
    unsecured: dict[str, Any], proof: dict[str, Any], public: "PublicKey", hash_of: Callable[[str], bytes]
) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not isinstance(public, Ed25519PublicKey):
        raise Refused(Finding.WRONG_PROOF, "kind of key")
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    if strict.measure(config)[1] > MOST_OF_PROOF:
        raise Refused(Finding.TOO_LARGE, "values of the proof")
    # The suite lets others add contexts behind the signed ones; nobody adds to a certificate.
    if config.get("@context", unsecured.get("@context")) != unsecured.get("@context"):
        raise Refused(Finding.ALTERED, "context of the proof")
    try:
        value = str(proof.get("proofValue", ""))
        signature = keys.from_base58(value.removeprefix("z"))
    except ValueError as problem:
        raise Refused(Finding.ALTERED, "spelling of the proof") from problem
    if not value.startswith("z") or len(signature) != 64:
        raise Refused(Finding.ALTERED, "length of the proof")
    try:
        public.verify(signature, _hash_of_config(config, unsecured) + hash_of(config["cryptosuite"]))
    except InvalidSignature as problem:
        raise Refused(Finding.ALTERED, "signature of the proof") from problem


def digest(unsecured: dict[str, Any], config: dict[str, Any]) -> bytes:
    """What is signed: the hash of the proof's own words, then that of the credential."""
    return _hash_of_config(config, unsecured) + _hash_of(unsecured, config["cryptosuite"])


def _hash_of_config(config: dict[str, Any], unsecured: dict[str, Any]) -> bytes:
    worded = config if config["cryptosuite"] == JCS else config | {"@context": unsecured.get("@context")}
    return _hash_of(worded, config["cryptosuite"])


def _hash_of(document: dict[str, Any], suite: str) -> bytes:
    return _hash(_canonical_json(document) if suite == JCS else canonical_rdf(document))


def _hash(data: bytes) -> bytes:
    return sha256(data).digest()


def _canonical_json(value: dict[str, Any]) -> bytes:
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as problem:
        raise Refused(Finding.DAMAGED, "numbers or letters that JSON cannot exchange") from problem


def canonical_rdf(document: dict[str, Any]) -> bytes:
    """N-Quads by RDFC-1.0. Refuses what the contexts do not define: it would be dropped, and nobody would have signed it."""
    from pyld import jsonld

    if strict.measure(document)[1] > MOST_VALUES:  # the time grows with the square
        raise Refused(Finding.TOO_LARGE, "values")
    dropped: list[object] = []
    options = {"documentLoader": _bundled, "base": None, "processingMode": "json-ld-1.1"}
    try:
        processor = jsonld.JsonLdProcessor(on_property_dropped=dropped.append)
        expanded = processor.expand(document, options)
        dataset = processor.to_rdf(expanded, options)
    except (jsonld.JsonLdError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
        raise Refused(Finding.WRONG_CONTEXT, "not to be read as JSON-LD") from problem
    if dropped or not all(_is_whole(one) for one in expanded):
        raise Refused(Finding.WRONG_CONTEXT, "words that no context defines")
    if sum(len(quads) for quads in dataset.values()) > MOST_QUADS:
        raise Refused(Finding.TOO_LARGE, "statements")
    return _bounded().main(dataset, {"format": "application/n-quads"}).encode()  # type: ignore[no-any-return]


def _is_whole(value: Any) -> bool:
    """Whether every name in an expanded document is a full address: relative ones vanish on the way to RDF."""
    if isinstance(value, list):
        return all(_is_whole(one) for one in value)
    if not isinstance(value, dict):
        return True
    types = value.get("@type", [])
    names = [value.get("@id", "x:"), *(types if isinstance(types, list) else [types])]
    return all(isinstance(one, str) and (":" in one or one == "@json") for one in names) and all(
        _is_whole(one) for name, one in value.items() if name not in ("@id", "@type", "@value")
    )


def _bundled(address: str, _options: Any = None) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": contexts.document(address),
        "tag": "static",  # never changes, so that pyld keeps what it made of it
    }


def _bounded() -> Any:
    """pyld's canonicalisation with a limit of steps: some small graphs take longer than the age of the universe."""
    from pyld.canon import URDNA2015

    class Bounded(URDNA2015):  # type: ignore[misc]
        steps = 0

        def create_hash_to_related(self, id_: str, issuer: Any) -> Any:
            found = super().create_hash_to_related(id_, issuer)
            self.steps += 1 + sum(math.factorial(min(len(nodes), 12)) for nodes in found.values())
            if self.steps > MOST_STEPS:
                raise Refused(Finding.TOO_LARGE, "too many nodes alike")
            return found

    return Bounded()
