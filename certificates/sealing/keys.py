"""The key that seals: a PKCS#12 file or a token (PKCS#11), by the environment; by default none. See elearning/settings.py."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

WEAK_RSA = 2048  # bits; below, no reader of today calls it valid


class KeyProblemError(Exception):
    """Why nothing can be sealed: `code` for a check, the sentences for whoever runs the server (Vietnamese / English)."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Sealer:
    signer: Any  # pyhanko.sign.signers.Signer
    certificate: Any  # asn1crypto.x509.Certificate

    @property
    def name(self) -> str:
        known = self.certificate.subject.native
        return str(
            known.get("common_name") or known.get("organization_name") or self.certificate.subject.human_friendly
        )

    @property
    def fingerprint(self) -> str:
        return str(self.certificate.sha256.hex())

    def refuse_unusable(self, at: datetime) -> None:
        """Raises KeyProblemError for a certificate that does not hold at this moment, or that no reader would trust."""
        if not self.certificate.not_valid_before <= at <= self.certificate.not_valid_after:
            said = (
                f"Chứng thư số của con dấu “{self.name}” có hiệu lực từ {self.certificate.not_valid_before:%d/%m/%Y} đến "
                f"{self.certificate.not_valid_after:%d/%m/%Y}. / The sealing certificate is not valid now."
            )
            raise KeyProblemError("expired", said)
        key, usage = self.certificate.public_key, self.certificate.key_usage_value
        if key.algorithm == "rsa" and key.bit_size < WEAK_RSA:
            said = f"Khóa RSA {key.bit_size} bit quá yếu. / An RSA key of {key.bit_size} bits is too weak."
            raise KeyProblemError("weak", said)
        if self.certificate.hash_algo in ("md5", "sha1"):
            said = "Chứng thư số ký bằng MD5 hoặc SHA-1. / The certificate itself is signed with MD5 or SHA-1."
            raise KeyProblemError("weak", said)
        if usage is not None and not usage.native & {"digital_signature", "non_repudiation"}:
            said = "Chứng thư số không dùng để ký. / The certificate's key usage does not allow signing."
            raise KeyProblemError("usage", said)


def is_configured() -> bool:
    return bool(settings.SEAL["file"] or settings.SEAL["module"])


def sealer(at: datetime | None = None) -> Sealer:
    """Raises KeyProblemError."""
    known = settings.SEAL
    if known["module"]:
        found = _from_token(known["module"], known["token"], known["label"], password())
    else:
        found = _from_file(*_state(Path(known["file"])), password())
    found.refuse_unusable(at or datetime.now(UTC))
    return found


def password() -> str:
    """By file where there is one: an environment is seen by more programs than a file of mode 0600."""
    if not settings.SEAL["password_file"]:
        return str(settings.SEAL["password"])
    try:
        return Path(settings.SEAL["password_file"]).read_text().rstrip("\r\n")
    except OSError as error:
        said = f"Không đọc được {settings.SEAL['password_file']} (SEAL_PASSWORD_FILE). / This file cannot be read."
        raise KeyProblemError("missing", said) from error


def _state(path: Path) -> tuple[Path, int]:
    """A file that is put in the place of another is read anew, without a restart."""
    try:
        return path, path.stat().st_mtime_ns
    except OSError as error:
        said = f"Không đọc được tệp khóa {path} (SEAL_FILE). / The key file cannot be read."
        raise KeyProblemError("missing", said) from error


@lru_cache(maxsize=2)
def _from_file(path: Path, changed: int, phrase: str) -> Sealer:
    """Kept: opening it costs more than a signature."""
    from pyhanko.sign.signers import SimpleSigner

    try:
        signer = SimpleSigner.load_pkcs12_data(path.read_bytes(), [], phrase.encode() or None)
    except (OSError, ValueError, AttributeError, TypeError) as error:  # a file without a key gives pyHanko None to read
        said = f"Không mở được {path}: sai mật khẩu, hoặc không phải tệp PKCS#12 có khóa. / Wrong password, or not a PKCS#12 file with a key."
        raise KeyProblemError("password", said) from error
    return Sealer(_opened(signer), signer.signing_cert)


def _opened(signer: Any) -> Any:
    """pyHanko opens the key anew for every signature, which for RSA costs more than all the rest of a seal."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.util import get_pyca_cryptography_hash

    key: Any = serialization.load_der_private_key(signer.signing_key.dump(), password=None)

    class OpenedKey(SimpleSigner):  # type: ignore[misc]
        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            digest = get_pyca_cryptography_hash(digest_algorithm)
            if isinstance(key, rsa.RSAPrivateKey):
                return key.sign(data, padding.PKCS1v15(), digest)
            if isinstance(key, ec.EllipticCurvePrivateKey):
                return key.sign(data, ec.ECDSA(digest))
            return bytes(super().sign_raw(data, digest_algorithm))

    return OpenedKey(
        signing_cert=signer.signing_cert, signing_key=signer.signing_key, cert_registry=signer.cert_registry
    )


def forget() -> None:
    """The session with a token may have ended: the next file opens it anew."""
    _from_token.cache_clear()


@lru_cache(maxsize=1)
def _from_token(module: str, token: str, label: str, pin: str) -> Sealer:
    try:
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        said = "Thiếu thư viện cho PKCS#11: cài python-pkcs11. / PKCS#11 needs one more library: pip install python-pkcs11."
        raise KeyProblemError("token", said) from error
    try:
        session = open_pkcs11_session(module, token_criteria=TokenCriteria(label=token), user_pin=pin or None)
        signer = PKCS11Signer(session, cert_label=label, other_certs_to_pull=None)
        return Sealer(signer, signer.signing_cert)
    except Exception as error:  # each maker's module fails in its own words
        said = f"Không dùng được thiết bị ký “{token}” ({type(error).__name__}). / The signing token cannot be used."
        raise KeyProblemError("token", said) from error
