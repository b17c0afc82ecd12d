"""The register on A4 pages, laid out in the style of Decree 30/2020.

A hundred rows are laid out at a time, and the last page of each lot is left to the next one, so that a register of any length
needs the memory of one lot and has no gap in it.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.template.loader import render_to_string

from certificates import rules
from certificates.rendering import Printer
from lib import dates

from .rows import COLUMNS, Book

AT_ONCE = 100  # rows laid out together
MOST_ON_REQUEST = 1000  # rows that somebody may wait for at a screen; more are the command's
ROW = re.compile(r"r\d+")
type Row = tuple[str, ...]


def write_pdf(book: Book, output: IO[bytes]) -> None:
    import pypdfium2

    whole = pypdfium2.PdfDocument.new()
    for part in _parts(book):
        lot = pypdfium2.PdfDocument(part)
        whole.import_pages(lot)
        lot.close()
    whole.save(output)
    whole.close()


def _parts(book: Book) -> Iterator[bytes]:
    rows, waiting, pages, is_first = book.rows(), list[Row](), 0, True
    while True:
        lot = [*waiting, *islice(rows, AT_ONCE - len(waiting))]
        following = next(rows, None)
        document = _laid_out(book, lot, page=pages + 1, is_first=is_first, is_last=following is None)
        if following is None:
            yield document.write_pdf()
            return
        kept = document.pages[:-1] or document.pages
        waiting = [*lot[_rows_on(kept) :], following]
        yield document.copy(kept).write_pdf()
        pages, is_first = pages + len(kept), False


def _rows_on(pages: list[Any]) -> int:
    return sum(1 for page in pages for name in page.anchors if ROW.fullmatch(name))


def _laid_out(book: Book, rows: list[Row], *, page: int, is_first: bool, is_last: bool) -> Any:
    from weasyprint import CSS, HTML

    context = {
        "book": book,
        "heads": [head for head, _width in COLUMNS],
        "rows": rows,
        "count": rows[-1][0] if rows else "0",
        "is_first": is_first,
        "is_last": is_last,
        "day": dates.in_words(book.day),
        "specimen": rules.SPECIMEN_MARK if book.is_specimen or settings.DEMO else "",
    }
    printer = Printer.shared()
    content = render_to_string("certificates/print_register.html", context)
    sheets = [printer.sheet(name) for name in ("fonts-times.css", "decree30.css", "register.css")]
    # Pages go on where the lot before stopped; without a number on the very first.
    go_on = "@page :first { @top-center { content: none; } }" if is_first else ""
    sheets.append(CSS(string=f"@page :first {{ counter-reset: page {page}; }} {go_on}"))
    html = HTML(string=content, base_url="print:", url_fetcher=printer.fetcher)
    return html.render(stylesheets=sheets, font_config=printer.fonts)
