"""A credential as a document: archival, tagged PDF (PDF/A-3a) and a picture for sending on.

WeasyPrint is imported on first use, so that workers that print nothing stay light; fonts and style sheets are then kept.
"""

import io
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.template.loader import render_to_string

from . import rules
from .models import Credential, Design

if TYPE_CHECKING:
    from PIL.Image import Image

DESIGNS = Path(__file__).parent / "designs"
KINDS = {".svg": "image/svg+xml", ".ttf": "font/ttf"}
VARIANT = "pdf/a-3a"
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
    return f"{settings.BASE_URL}/c/{credential.code}"


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


@cache
def _file(name: str) -> bytes:
    return (DESIGNS / name).read_bytes()


class Printer:
    """One font configuration, parsed style sheets and one fetcher for the life of a process."""

    _shared: "Printer | None" = None

    @classmethod
    def shared(cls) -> "Printer":
        if cls._shared is None:
            cls._shared = cls()
        return cls._shared

    def __init__(self) -> None:
        from weasyprint.text.fonts import FontConfiguration

        self.fetcher = _own_files_only()
        self.fonts = FontConfiguration()
        self.sheets: dict[str, Any] = {}

    def sheet(self, name: str) -> Any:
        from weasyprint import CSS

        if name not in self.sheets:
            css = _file(name).decode()
            self.sheets[name] = CSS(string=css, font_config=self.fonts, url_fetcher=self.fetcher)
        return self.sheets[name]

    def pdf(self, template: str, context: dict[str, Any], design: str) -> bytes:
        return self._print(render_to_string(template, context), design)

    def read_in(self) -> None:
        """Fonts and style sheets, before workers fork and share them."""
        for design in Design.values:
            self._print("<html lang='vi'><title>Đ</title><p>Ắ ệ ữ", design)

    def _print(self, content: str, design: str) -> bytes:
        from weasyprint import HTML

        html = HTML(string=content, base_url="print:", url_fetcher=self.fetcher)
        sheets = [self.sheet(name) for name in ("fonts.css", "certificate.css", f"certificate-{design}.css")]
        document = html.render(stylesheets=sheets, font_config=self.fonts, pdf_variant=VARIANT, pdf_tags=True)
        return document.write_pdf(pdf_variant=VARIANT, pdf_tags=True)  # type: ignore[no-any-return]


def _own_files_only() -> Any:
    """A fetcher that serves print:fonts/…, print:svg/… and data:, and refuses every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(allowed_protocols=["data"], fail_on_errors=True)

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("print:"):
                return super().fetch(url, headers)
            folder, name = url.removeprefix("print:").split("/")
            path = Path(folder) / Path(name).name
            return URLFetcherResponse(url, _file(str(path)), {"Content-Type": KINDS[path.suffix]})

    return OwnFilesOnly()
