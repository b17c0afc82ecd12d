"""A credential as a document: archival, tagged PDF (PDF/A-3a) and a picture for sending on."""

import io
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import segno
from django.conf import settings

from certificates import rules
from certificates.models import Credential

from .printing import Printer

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURE_WIDTH, PICTURE_BYTES, QUALITIES = 1600, 300_000, (82, 74, 66, 50)


def pdf(credential: Credential) -> bytes:
    return Printer.shared().pdf(f"certificates/print_{credential.design}.html", values(credential), credential.design)


def picture(credential: Credential) -> bytes:
    """A JPEG of under 300 kB, 1,600 pixels wide."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf(credential))[0]
    image = page.render(scale=PICTURE_WIDTH / page.get_width()).to_pil().convert("RGB")
    tries = (_jpeg(image, quality) for quality in QUALITIES)
    return next((data for data in tries if len(data) < PICTURE_BYTES), _jpeg(image, QUALITIES[-1]))


def _jpeg(image: "Image", quality: int) -> bytes:
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality, optimize=True)
    return data.getvalue()


def address(credential: Credential) -> str:
    """What the QR says: the check page, and for a phone without a network what the issuer signed."""
    return f"{settings.BASE_URL}/c/{credential.code}" + (f"#{credential.statement}" if credential.statement else "")


def readable_code(code: str) -> str:
    """ "7K4MQ2XD" → "7K4M-Q2XD"."""
    return f"{code[:4]}-{code[4:]}"


def values(credential: Credential) -> dict[str, Any]:
    """What the templates print. In the demo the specimen mark cannot be taken off."""
    evidence = credential.evidence
    return evidence | {
        "specimen": rules.SPECIMEN_MARK if credential.is_specimen or settings.DEMO else "",
        "issuer_plain": evidence["issuer"],
        "address_term": "Ông/Bà",
        "name_size": rules.name_size(evidence["name"]),
        "signature_note": "(bản điện tử, tra cứu tại mã QR)",
        "code": readable_code(credential.code),
        "domain": urlsplit(settings.BASE_URL).netloc,
        "qr_src": qr(address(credential)),
        "not_sentence": rules.NOT_SENTENCE,
    }


def qr(text: str) -> str:
    """A data: address with a PNG; 3 pixels a module prints crisply and costs less than SVG."""
    data = io.BytesIO()
    segno.make(text, error="m", boost_error=False).save(data, kind="png", border=2, scale=3)
    return "data:image/png;base64," + b64encode(data.getvalue()).decode()
