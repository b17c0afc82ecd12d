"""The pictures of templates and signatories, as the printer asks for them: by the SHA-256 of what they are.

Content does not change under its name, so that a process may keep what it has read.
"""

import io
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from typing import Any

from PIL import Image, ImageChops

from certificates.designing import Paper
from certificates.models import Picture

JPEG = "image/jpeg"  # of them all: goes into a PDF as it is, where others are packed anew for each paper
HAND = (1000, 213)  # pixels: 80 × 17 mm at 317 dpi
AT_ONCE = 16
PREFIX = "print:picture/"


@lru_cache(maxsize=AT_ONCE)
def content(name: str) -> bytes:
    """Of "<sha256>", or of "<signature>-<seal>", either of which may be "0". Raises LookupError for what is not ours."""
    parts = name.split("-")
    return _together(*parts) if len(parts) == 2 else _stored(name)


def _stored(name: str) -> bytes:
    picture = Picture.objects.filter(sha256=name).first()
    if picture is None or sha256(stored := bytes(picture.data)).hexdigest() != name:
        raise LookupError(name)
    return stored


def _together(signature: str, seal: str) -> bytes:
    """A signature with the seal over its left third, as offices stamp, on white: PDF/A readers are spared transparency."""
    ground = Image.new("RGB", HAND, "white")
    middle = HAND[0] // 2
    for name, centre in ((signature, middle), (seal, middle - HAND[1] // 2)):
        if name == "0":
            continue
        with Image.open(io.BytesIO(_stored(name))) as opened:
            drawn = opened.convert("RGB")
        drawn.thumbnail(HAND)
        left, top = centre - drawn.width // 2, (HAND[1] - drawn.height) // 2
        below = ground.crop((left, top, left + drawn.width, top + drawn.height))
        ground.paste(ImageChops.multiply(below, drawn), (left, top))  # ink on ink: neither hides the other
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=92, subsampling=0)
    return written.getvalue()


def read_in(addresses: Iterable[str]) -> None:
    """Before a page is drawn where the database cannot be asked. What is missing is missed there."""
    for address in filter(None, addresses):
        with suppress(LookupError):
            content(address.removeprefix(PREFIX))


def addresses(paper: Paper, printed: dict[str, Any]) -> dict[str, str]:
    shown = paper.part("signature") or {}
    signature = printed.get("signature", "") if shown.get("hand") else ""
    seal = (printed.get("signer_seal", "") or paper.seal) if shown.get("seal") else ""
    return {
        "background_src": f"{PREFIX}{paper.background}" if paper.background else "",
        "logo_src": f"{PREFIX}{paper.logo}" if paper.logo else "",
        "hand_src": f"{PREFIX}{signature or 0}-{seal or 0}" if signature or seal else "",
    }
