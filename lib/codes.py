"""Codes that people read, type and scan."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

# No 0/O, 1/I/L, U/V: what a tired eye takes for something else.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def random_code(length: int) -> str:
    """A code from ALPHABET; each letter is worth 4.86 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def code_of(purpose: str, seed: str, length: int) -> str:
    """As `random_code`, and the same for the same seed, which only we can tell it from."""
    return lettered(digest(purpose, seed), length)


def lettered(digested: str, length: int) -> str:
    """What `digest` said, as a code that can be read aloud."""
    number, letters = int(digested, 16), ""
    for _letter in range(length):
        number, at = divmod(number, len(ALPHABET))
        letters += ALPHABET[at]
    return letters


def random_digits(length: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(length))


def tidy(code: str) -> str:
    """What a person typed, as it was issued: upper case, without blanks and dashes."""
    return "".join(c for c in code.upper() if c.isascii() and c.isalnum())


@sensitive_variables()
def digest(purpose: str, code: str) -> str:
    """Hex HMAC-SHA256 of a code: what is stored in place of it. The purpose keeps one kind from serving as another."""
    return digests(purpose, code)[0]


@sensitive_variables()
def digests(purpose: str, code: str) -> list[str]:
    """`digest` under today's key, and then under those of before (SECRET_KEY_FALLBACKS): of what is kept for longer than a key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.new(key.encode(), f"{purpose}:{code}".encode(), hashlib.sha256).hexdigest() for key in keys]


@sensitive_variables()
def matches(purpose: str, code: str, stored: str) -> bool:
    return hmac.compare_digest(digest(purpose, code), stored)
