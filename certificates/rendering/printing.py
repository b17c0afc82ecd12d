"""The printer: WeasyPrint with our fonts, style sheets and files, kept for the life of a process.

WeasyPrint is imported on first use, so that workers that print nothing stay light; fonts and style sheets are then kept.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from certificates.models import Design

DESIGNS = Path(__file__).parent.parent / "designs"
KINDS = {".svg": "image/svg+xml", ".ttf": "font/ttf"}
VARIANT = "pdf/a-3a"


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
