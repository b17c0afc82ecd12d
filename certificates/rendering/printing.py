"""The printer: WeasyPrint with our fonts, style sheets and files, kept for the life of a process.

WeasyPrint is imported on first use, so that workers that print nothing stay light; fonts and style sheets are then kept.
"""

import os
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from certificates.designing import accents

from . import pictures
from .ornaments import Ornament, Pictures

DESIGNS = Path(__file__).parent.parent / "designs"
KINDS = {".svg": "image/svg+xml", ".ttf": "font/ttf"}
VARIANT = "pdf/a-3a"
OF_LOOK = {
    "formal": ("certificate-formal.css",),
    "warm": ("certificate-warm.css",),
    "plain": ("certificate-formal.css", "certificate-plain.css"),
}
FOLDERS = ("fonts", "svg")  # of designs
GIVEN = ("data:image/png;base64,", "data:image/jpeg;base64,")  # QR codes, photos; a data: address may hold anything
KEPT = 64  # drawings that stay opened, in each colour


@cache
def _file(name: str, accent: str = accents.GREEN) -> bytes:
    content = (DESIGNS / name).read_bytes()
    return content if accent == accents.GREEN else accents.recoloured(content.decode(), accent).encode()


class Printer:
    """One font configuration, parsed style sheets and one fetcher for the life of a process."""

    _shared: "Printer | None" = None

    @classmethod
    def shared(cls) -> "Printer":
        if cls._shared is None:
            cls._shared = cls()
        return cls._shared

    def __init__(self) -> None:
        self.fetcher = _own_files_only()
        self.fonts = _fonts()
        self.sheets: dict[tuple[str, str], Any] = {}
        self.pictures: dict[str, Ornament] = {}
        self.warm: set[tuple[str, str]] = set()  # looks and colours that were drawn once

    def sheet(self, name: str, accent: str = accents.GREEN) -> Any:
        from weasyprint import CSS

        if (name, accent) not in self.sheets:
            css = _file(name, accent).decode()
            self.sheets[name, accent] = CSS(string=css, font_config=self.fonts, url_fetcher=self.fetcher)
        return self.sheets[name, accent]

    def laid_out(self, content: str, design: str, accent: str = accents.GREEN) -> Any:
        """The document before it is written; what of it fits its place can be measured (certificates.rendering.fitting)."""
        from weasyprint import HTML

        html = HTML(string=content, base_url="print:", url_fetcher=self.fetcher)
        names = ("certificate.css", *OF_LOOK[design])
        sheets = [self.sheet("fonts.css"), *(self.sheet(name, accent) for name in names)]
        opened = Pictures(self.pictures, self.fetcher)
        document = html.render(
            stylesheets=sheets, font_config=self.fonts, cache=opened, pdf_variant=VARIANT, pdf_tags=True
        )
        self._keep(opened)
        return document

    def _keep(self, opened: Pictures) -> None:
        """Our drawings are opened once a process. A raster picture keeps its bytes in the cache of the document that opened it, so that
        only that one may draw it."""
        kept = {url: picture for url, picture in opened.items() if isinstance(picture, Ornament)}
        self.pictures = kept if len(kept) <= KEPT else {}

    def pdf(self, content: str, design: str, accent: str = accents.GREEN, finisher: Any = None) -> bytes:
        document = self.laid_out(content, design, accent)
        return document.write_pdf(finisher=finisher, pdf_variant=VARIANT, pdf_tags=True)  # type: ignore[no-any-return]


def _fonts() -> Any:
    """Fonts that each process reads in for itself beyond those that it was forked with.

    WeasyPrint takes a font whose file lies in its folder for read in. Processes that were forked with one folder would each miss what another
    put there first, and the first that ends would take it away from all.
    """
    from weasyprint.text.fonts import FontConfiguration

    class Fonts(FontConfiguration):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self._owner, self._reading = os.getpid(), Lock()

        def add_font_face(self, rule_descriptors: Any, url_fetcher: Any) -> Any:
            with self._reading:  # a second thread must not print before the first has read the font in
                if self._owner != os.getpid():
                    self._owner, self._folder = os.getpid(), None
                return super().add_font_face(rule_descriptors, url_fetcher)

        def __del__(self) -> None:
            if self._owner == os.getpid():
                super().__del__()

    return Fonts()


def _own_files_only() -> Any:
    """A fetcher that serves print:fonts/…, print:svg/…, print:picture/… and pictures as data:, and refuses every other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(allowed_protocols=["data"], fail_on_errors=True)

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("print:"):
                if not url.startswith(GIVEN):
                    raise ValueError("not ours")
                return super().fetch(url, headers)
            folder, name = url.removeprefix("print:").split("/")
            if folder == "picture":
                return URLFetcherResponse(url, pictures.content(name), {"Content-Type": pictures.JPEG})
            folder, _dash, accent = folder.partition("-")
            if folder not in FOLDERS:
                raise ValueError("not ours")
            path = Path(folder) / Path(name).name
            body = _file(str(path), accent if accent in accents.ACCENTS else accents.GREEN)
            return URLFetcherResponse(url, body, {"Content-Type": KINDS[path.suffix]})

    return OwnFilesOnly()
