"""A file of any kind → the credentials in it, as text, not yet believed."""

from dataclasses import dataclass

from . import baking, papers, strict
from .findings import Finding, Refused

LARGEST = 5 * 1024 * 1024


@dataclass(frozen=True)
class Contents:
    kind: str  # pdf, png, svg, jwt, json; "" when it is none of them
    credentials: list[str]
    printed: str = ""  # the words on a PDF's pages


def kind_of(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if start.startswith(baking.PNG):
        return "png"
    if start.startswith(b"<"):
        return "svg"
    if start.startswith(b"{"):
        return "json"
    return "jwt" if start.startswith(b"eyJ") else ""


def read(data: bytes) -> Contents:
    """Raises Refused: no credential in it, too large or damaged."""
    if len(data) > LARGEST:
        raise Refused(Finding.TOO_LARGE, "file")
    kind = kind_of(data)
    if kind == "pdf":
        attached, printed = papers.opened(data)
        return Contents(kind, [_unwrapped(text) for text in attached], printed)
    if kind == "png":
        return Contents(kind, [_unwrapped(baking.from_png(data))])
    if kind == "svg":
        return Contents(kind, [_unwrapped(baking.from_svg(data))])
    if kind in ("json", "jwt"):
        return Contents(kind, [_unwrapped(_text(data))])
    raise Refused(Finding.NO_CREDENTIAL, "another kind of file")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as problem:
        raise Refused(Finding.DAMAGED, "no UTF-8") from problem


def _unwrapped(text: str) -> str:
    """A token in the envelope that W3C has for it stands for itself."""
    if not text.startswith("{") or "EnvelopedVerifiableCredential" not in text:
        return text
    address = str(strict.parse(text).get("id", ""))
    for start in ("data:application/vc+jwt,", "data:application/vc-ld+jwt,"):
        if address.startswith(start):
            return address.removeprefix(start)
    return text
