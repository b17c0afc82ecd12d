"""The picture that Zalo and Facebook put beside the address of a page that its holder shows to everybody.

Drawn once and kept, because what is on it is frozen; thrown away when the page is taken away.
"""

import io
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string

from certificates import rules
from certificates.models import Credential
from certificates.models.copies import private

from . import kept, lettering
from .rasters import drawn

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = (1200, 630)  # what both draw without cutting anything off
MOST, QUALITIES = 300_000, (88, 80, 70, 55)  # bytes; WhatsApp and old phones take no more
WIDE = 980  # within the frame
NAME_SIZES = (104, 92, 82, 74, 66, 60, 54, 49, 44)


def preview(credential: Credential) -> bytes:
    """JPEG."""
    path = _path(credential.code)
    with suppress(OSError):
        return path.read_bytes()
    return kept.first_of(path, jpeg(drawn(_page(credential), "preview.css", width=SIZE[0]).convert("RGB")))


def forget_preview(code: str) -> None:
    _path(code).unlink(missing_ok=True)


def _path(code: str) -> Path:
    return Path(private().path(f"shown/{code}.jpg"))


def _page(credential: Credential) -> str:
    """Only what the page itself says; nothing is looked up anew."""
    facts: dict[str, Any] = rules.public_facts(credential.evidence)
    is_specimen = credential.is_specimen or settings.DEMO
    placed = {
        "course": lettering.fitted(facts["course"], (48, 42, 37, 33, 29), wide=WIDE, tall=115),
        "name": lettering.fitted(facts["name"], NAME_SIZES, wide=WIDE, tall=145, font=lettering.SERIF),
        "issuer": lettering.fitted(facts["issuer"], (25, 22, 20), wide=WIDE, tall=60),
        "specimen": rules.SPECIMEN_MARK if is_specimen else "",
    }
    return render_to_string("certificates/print_preview.html", facts | placed)


def jpeg(image: "Image") -> bytes:
    data = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        data = out.getvalue()
        if len(data) < MOST:
            break
    return data
