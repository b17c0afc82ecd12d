"""What an issuer says of one certificate, in few bytes: they stand in the QR code behind "#", so that a phone can check the paper
without a network. A browser never sends that part of an address to a server.

    1 byte   version, 1
    4 bytes  key
    2 bytes  day of issue, 2 bytes last day of validity: days since 2020-01-01, big-endian; 0 for no end
    16 bytes beginning of the SHA-256 of all that the check page shows (rules.digest)
    n bytes  UTF-8: number, name, course, abbreviation of the issuer, parted by U+001F
    64 bytes Ed25519 over PURPOSE, the code of the certificate, a zero byte and all before

and all of it in base64url. The code is in the address and under the signature: a statement fits one certificate alone.
static/js/statement.js reads the same.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # heavy, and most requests sign nothing
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PURPOSE = b"giay-chung-nhan 1\0"
VERSION = b"\x01"
EPOCH = date(2020, 1, 1)
SEPARATOR = "\x1f"
DIGEST, SIGNATURE, HEAD = 16, 64, 9
MOST_COURSE = 48  # letters: a longer title ends in "…", so that the code stays easy to scan
MOST = 1200  # letters of a statement that is looked at


class StatementError(ValueError):
    """Damaged, altered, or signed for another certificate or by another key."""


@dataclass(frozen=True)
class Statement:
    number: str
    name: str
    course: str
    issuer: str
    issued_on: date
    expires_on: date | None
    digest: bytes


def sign(said: Statement, *, code: str, kid: str, private: "Ed25519PrivateKey") -> str:
    body = VERSION + bytes.fromhex(kid) + _day(said.issued_on) + _day(said.expires_on) + said.digest[:DIGEST]
    words = (said.number, said.name, _short(said.course), said.issuer)
    body += SEPARATOR.join(words).encode()
    signature = private.sign(PURPOSE + code.encode() + b"\0" + body)
    return urlsafe_b64encode(body + signature).rstrip(b"=").decode()


def kid_of(text: str) -> str:
    """Whose signature it claims to bear. Raises StatementError."""
    return _bytes(text)[1:5].hex()


def read(text: str, *, code: str, public: bytes) -> Statement:
    """Raises StatementError unless all of it was signed with this key for this certificate."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw = _bytes(text)
    body, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, PURPOSE + code.encode() + b"\0" + body)
    except InvalidSignature:
        raise StatementError("signature") from None
    number, name, course, issuer = body[HEAD + DIGEST :].decode().split(SEPARATOR)
    issued_on, expires_on = _date(body[5:7]), _date(body[7:9])
    assert issued_on is not None  # noqa: S101 (whoever signed it wrote a day)
    return Statement(number, name, course, issuer, issued_on, expires_on, body[HEAD : HEAD + DIGEST])


def _bytes(text: str) -> bytes:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= MOST else b""
    except (binascii.Error, ValueError):
        raw = b""
    is_spelt_so = urlsafe_b64encode(raw).rstrip(b"=").decode() == text  # the last letter has bits that mean nothing
    if not is_spelt_so or raw[:1] != VERSION or len(raw) < HEAD + DIGEST + SIGNATURE:
        raise StatementError("form")
    return raw


def _short(course: str) -> str:
    return course if len(course) <= MOST_COURSE else course[: MOST_COURSE - 1].rstrip() + "…"


def _day(day: date | None) -> bytes:
    return ((day - EPOCH).days if day else 0).to_bytes(2)


def _date(raw: bytes) -> date | None:
    days = int.from_bytes(raw)
    return EPOCH + timedelta(days=days) if days else None
