"""Private keys of issuers: PEM files named <kid>.pem in settings.CERTIFICATE_KEYS, or texts in the environment.

A worker reads a key when it first signs with it, so that a new one needs no restart.
"""

import hashlib
import logging
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from .models import Credential, Issuer

if TYPE_CHECKING:  # cryptography is heavy, and most requests sign nothing
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    from .models.keys import SigningKeyQuerySet

logger = logging.getLogger(__name__)
ENVIRONMENT = "CERTIFICATE_KEYS_PEM"
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----", re.DOTALL)
LENGTH = 8  # hex digits of a key's name


class KeyFileError(Exception):
    """Not to be read as an unencrypted Ed25519 key, or another one than its name says."""


@dataclass(frozen=True)
class Signer:
    kid: str
    private: "Ed25519PrivateKey"


def public_of(private: "Ed25519PrivateKey") -> bytes:
    """32 bytes."""
    return private.public_key().public_bytes_raw()


def kid_of(public: bytes) -> str:
    """The first hex digits of the SHA-256 of a public key."""
    return hashlib.sha256(public).hexdigest()[:LENGTH]


def private_key(kid: str) -> "Ed25519PrivateKey | None":
    """None where this machine has none of that name. Raises KeyFileError."""
    pem = _in_environment(os.environ.get(ENVIRONMENT, "")).get(kid)
    try:
        if pem is None and path_of(kid).is_file():
            pem = path_of(kid).read_bytes()
    except OSError as fault:
        raise KeyFileError(f"cannot be read: {fault.strerror}") from fault
    return None if pem is None else _checked(kid, pem)


def signer(issuer: Issuer) -> Signer | None:
    """The newest key in use of which this machine has the private half. Raises KeyFileError."""
    for kid in issuer.keys.in_use().values_list("kid", flat=True):
        if private := private_key(kid):
            return Signer(kid, private)
    return None


def usable_signer(issuer: Issuer) -> Signer | None:
    """None also where its key cannot be used: that must keep nobody from what needs no signature."""
    try:
        return signer(issuer)
    except KeyFileError as fault:
        logger.warning("issuer %s: its key cannot sign: %s", issuer.pk, fault)
        return None


def signer_of(credential: Credential) -> Signer | None:
    """The key that stated a certificate, so that all that is signed of it stays the same; where it is gone, the one in use. None
    for what was not stated yet, and where nothing can be signed."""
    if not credential.statement_kid:
        return None
    try:
        private = private_key(credential.statement_kid)
        return Signer(credential.statement_kid, private) if private else signer(credential.issuer)
    except KeyFileError:
        return None


def published(issuer: Issuer) -> dict[str, "Ed25519PublicKey"]:
    """Those by which a signature of the issuer is judged, retired ones too."""
    return _by_name(issuer.keys.filter(disowned_at=None))


def disowned(issuer: Issuer) -> dict[str, "Ed25519PublicKey"]:
    """Others may have them: what they signed holds only where the register says the very same."""
    return _by_name(issuer.keys.exclude(disowned_at=None))


def _by_name(found: "SigningKeyQuerySet") -> dict[str, "Ed25519PublicKey"]:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return {
        kid: Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        for kid, public in found.values_list("kid", "public")
    }


def path_of(kid: str) -> Path:
    return Path(settings.CERTIFICATE_KEYS) / f"{kid}.pem"


def keep(private: "Ed25519PrivateKey") -> str:
    """Writes a new private key into its file, for this user alone; its name. Raises OSError where that cannot be."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    kid, path = kid_of(public_of(private)), path_of(kid_of(public_of(private)))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return kid


def readable_by_others(kid: str) -> bool:
    """Whether the file of a key can be read by more than its owner."""
    return path_of(kid).is_file() and bool(path_of(kid).stat().st_mode & 0o077)


@cache
def _in_environment(text: str) -> dict[str, bytes]:
    found = {}
    for pem in _PEM.findall(text.replace("\\n", "\n")):  # a text in one line, as some files of settings demand
        private = _read(pem.encode())
        found[kid_of(public_of(private))] = pem.encode()
    return found


def _checked(kid: str, pem: bytes) -> "Ed25519PrivateKey":
    private = _read(pem)
    if kid_of(public_of(private)) != kid:
        raise KeyFileError("another key than its name says")
    return private


@cache
def _read(pem: bytes) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise KeyFileError("not a private key in PEM without a password") from fault
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError("not an Ed25519 key")
    return private
