"""Texts that nobody but this installation can read, wherever they lie: sealed with a key that is made of SECRET_KEY, one for each purpose."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "keys"]


def keys(purpose: str) -> MultiFernet:
    """Seals with the key of today and opens what earlier ones sealed; `decrypt` raises InvalidToken where none opens it. The purpose keeps a
    text from serving as one of another kind."""
    return MultiFernet(
        [Fernet(_made_of(secret, purpose)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _made_of(secret: str, purpose: str) -> bytes:
    return urlsafe_b64encode(HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode()))
