"""A credential inside a picture, as Open Badges 3.0 bakes it: in an iTXt chunk of a PNG or an element of an SVG.

Pictures of strangers are read chunk by chunk and never decoded; SVG by defusedxml without any DTD.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from .findings import Finding, Refused

PNG = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
MOST_CHUNKS = 10_000
LARGEST_SVG = 1_000_000  # bytes; in memory its tree takes fifty times as much


def into_png(picture: bytes, text: str) -> bytes:
    """The picture with a token or the JSON of a credential, in place of one that was in it."""
    body = KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0" + text.encode()
    kept = [(kind, data) for kind, data in _chunks(picture) if not _is_ours(kind, data)]
    return PNG + b"".join(_chunk(kind, data) for kind, data in [kept[0], (b"iTXt", body), *kept[1:]])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _is_ours(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Raises Refused for what is cut off or does not bear its own checksum."""
    if not picture.startswith(PNG):
        raise Refused(Finding.DAMAGED, "no PNG")
    place = len(PNG)
    for _number in range(MOST_CHUNKS):
        head = picture[place : place + 8]
        if len(head) < 8:
            raise Refused(Finding.DAMAGED, "PNG cut off")
        size, kind = struct.unpack(">I4s", head)
        data = picture[place + 8 : place + 8 + size]
        told = picture[place + 8 + size : place + 12 + size]
        if len(data) != size or told != struct.pack(">I", zlib.crc32(kind + data)):
            raise Refused(Finding.DAMAGED, "chunk of the PNG")
        yield kind, data
        if kind == b"IEND":
            return
        place += 12 + size
    raise Refused(Finding.TOO_LARGE, "chunks of the PNG")


def from_png(picture: bytes) -> str:
    found = [data for kind, data in _chunks(picture) if _is_ours(kind, data)]
    if len(found) != 1:
        raise Refused(Finding.DAMAGED if found else Finding.NO_CREDENTIAL, f"{len(found)} credentials in the PNG")
    return _text(found[0][len(KEYWORD) + 1 :])


def _text(body: bytes) -> str:
    """Behind the keyword: a flag of compression, which Open Badges forbids, its method, a language, a translated keyword, the text."""
    parts = body[2:].split(b"\0", 2)
    if body[:1] != b"\0" or len(parts) != 3:
        raise Refused(Finding.DAMAGED, "text of the PNG")
    return _decoded(parts[2])


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        raise Refused(Finding.DAMAGED, "no UTF-8") from problem


def into_svg(picture: str, text: str) -> str:
    """Right behind the opening tag of the picture: a token as an attribute, JSON as text."""
    opening = re.search(r"<svg\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", picture)
    if opening is None or opening[0].endswith("/>") or NAMESPACE in picture:
        raise Refused(Finding.DAMAGED, "no SVG, or one with a credential in it")
    if text.startswith("{"):
        inside = text.replace("]]>", "]]\\u003e")  # the same JSON
        element = f"<openbadges:credential><![CDATA[{inside}]]></openbadges:credential>"
    else:
        element = f"<openbadges:credential verify={quoteattr(text)}></openbadges:credential>"
    tag = opening[0][:-1] + f' xmlns:openbadges="{NAMESPACE}">'
    return picture[: opening.start()] + tag + element + picture[opening.end() :]


def from_svg(picture: bytes) -> str:
    if len(picture) > LARGEST_SVG:
        raise Refused(Finding.TOO_LARGE, "SVG")
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(picture, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as problem:
        raise Refused(Finding.DAMAGED, "SVG") from problem
    found = list(root.iter(f"{{{NAMESPACE}}}credential"))
    if len(found) != 1:
        raise Refused(Finding.DAMAGED if found else Finding.NO_CREDENTIAL, f"{len(found)} credentials in the SVG")
    return str(found[0].get("verify") or found[0].text or "").strip()
