"""What is laid out like a page and looked at on a screen: drawn by the printer's own fonts and files, in pixels."""

from functools import partial
from typing import TYPE_CHECKING, Any

from lib import apart

from . import papers
from .printing import Printer

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS = 0.75  # a pixel of CSS
CLEAR, WHITE = (255, 255, 255, 0), (255, 255, 255, 255)


def drawn(content: str, sheet: str, *, width: int, ground: tuple[int, int, int, int] = WHITE) -> "Image":
    """The first page of some HTML, so many pixels wide; `sheet` of certificates/designs sets its size. Raises Refusal."""
    import pypdfium2
    from weasyprint import HTML

    printer = Printer.shared()
    sheets: list[Any] = [printer.sheet("fonts.css"), printer.sheet(sheet)]
    html = HTML(string=content, base_url="print:", url_fetcher=printer.fetcher)
    write = partial(html.write_pdf, stylesheets=sheets, font_config=printer.fonts)
    page = pypdfium2.PdfDocument(papers.result_of(apart.Running(write, seconds=papers.PATIENCE)))[0]
    bitmap = page.render(scale=width / page.get_width(), fill_color=ground, rev_byteorder=True)
    return bitmap.to_pil()  # type: ignore[no-any-return]
