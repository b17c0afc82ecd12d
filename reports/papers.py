"""The tables of a page as a file of whatever kind: a workbook, CSV for another program, A4 pages for a meeting. All are made of the same rows."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache, partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.viewsets.words import csv_cell
from certificates.rendering import papers
from certificates.rendering.printing import VARIANT, Printer
from certificates.rules import SPECIMEN_MARK
from lib import apart, sheets, text
from lib.dates import grouped
from lib.refusals import Refusal

from .filtering import address

KINDS = ("xlsx", "csv", "pdf")
DESIGN = Path(__file__).parent / "designs" / "tables.css"
MOMENTS = "dd/mm/yyyy hh:mm"
MOST_LINES = 2000  # that are laid out for somebody who waits; a province with its communes has some hundred
SECONDS = 60


def addresses(where: str, view: Any, name: str) -> list[URLPattern]:
    """One address for each kind below a page: `reverse(name, kwargs={"kind": …})`."""
    return [path(f"{where}{kind}/", view, {"kind": kind}, name=name) for kind in KINDS]


def answer(
    request: HttpRequest, kind: str, tables: Sequence[sheets.Table], *, name: str, title: str, back: str
) -> HttpResponse:
    """`name` of the file, without its ending; `title` of the pages. Too many lines for them are said on the page that asked, `back`."""
    makers: dict[str, Callable[[Sequence[sheets.Table]], Any]]  # a file from disk is a response too, of a sibling class
    makers = {"xlsx": _xlsx, "csv": _csv, "pdf": partial(_pdf, title=title)}
    if kind not in makers:
        raise Http404
    try:
        response: HttpResponse = makers[kind](tables)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(address(back, {**request.GET.dict()}))
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, kind)}"'
    return response


def file_name(name: str, kind: str) -> str:
    return f"{slugify(text.fold(name))}.{kind}"


def workbook(tables: Sequence[sheets.Table]) -> bytes:
    """Of tables that are known to be short."""
    data = io.BytesIO()
    sheets.write_tables(data, tables, moments=MOMENTS)
    return data.getvalue()


def _xlsx(tables: Sequence[sheets.Table]) -> FileResponse:
    """Written to disk and read from there, so that a list of any length takes the same memory."""
    output = TemporaryFile()  # noqa: SIM115 (the response closes it)
    sheets.write_tables(output, tables, moments=MOMENTS)
    return _sent(output, sheets.XLSX)


def _sent(output: Any, content_type: str) -> FileResponse:
    output.seek(0)
    return FileResponse(output, content_type=content_type)


class _Echo:
    """What a writer of rows writes into: it hands each line on."""

    def write(self, line: str) -> str:
        return line


def _csv(tables: Sequence[sheets.Table]) -> FileResponse:
    output = TemporaryFile()  # noqa: SIM115 (the response closes it)
    output.writelines(line.encode() for line in _lines(tables))
    return _sent(output, "text/csv; charset=utf-8")


def _lines(tables: Sequence[sheets.Table]) -> Iterator[str]:
    """One table below another, each under its name, an empty line between."""
    yield "\ufeff"  # without it Excel reads the file in an old Windows encoding
    writer = csv.writer(_Echo())
    for index, table in enumerate(tables):
        if index:
            yield writer.writerow([])
        if len(tables) > 1 or table.title:
            yield writer.writerow([csv_cell(table.title or table.name)])
        yield writer.writerow([csv_cell(head) for head, _width in table.columns])
        for row in table.rows:
            yield writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> Any:
    """A number below nothing is one, and no formula."""
    return value if isinstance(value, (int, float)) else csv_cell(_moment(value))


def _moment(value: Any) -> Any:
    """A local one as screens write it; anything else as it is."""
    return f"{value:%H:%M %d/%m/%Y}" if isinstance(value, datetime) else value


def _pdf(tables: Sequence[sheets.Table], *, title: str) -> HttpResponse:
    from weasyprint import HTML

    shown = [_laid_out(one) for one in tables]
    if sum(len(one["rows"]) for one in shown) > MOST_LINES:
        said = _("Bảng dài hơn %(most)s dòng, không in thành PDF được. Hãy tải Excel, hoặc lọc hẹp lại.")
        raise Refusal(said % {"most": grouped(MOST_LINES)})
    context = {
        "title": title,
        "tables": [one for one in shown if one["rows"]],
        "when": f"Tính đến {timezone.localtime():%H:%M ngày %d/%m/%Y}",
        "specimen": SPECIMEN_MARK if settings.DEMO else "",
    }
    with override("vi"):
        content = render_to_string("reports/print_tables.html", context)
    printer = Printer.shared()
    css = [*map(printer.sheet, ("fonts-times.css", "decree30.css")), _sheet()]
    html = HTML(string=content, base_url="print:", url_fetcher=printer.fetcher)
    write = partial(html.write_pdf, stylesheets=css, font_config=printer.fonts, pdf_variant=VARIANT, pdf_tags=True)
    made = papers.result_of(apart.Running(write, seconds=SECONDS))
    return HttpResponse(made, content_type="application/pdf")


def _laid_out(table: sheets.Table) -> dict[str, Any]:
    """No more lines than tell that they are too many. Heads are set as what is below them is: numbers to the right."""
    rows = list(islice(_said(table.rows), MOST_LINES + 1))
    numbers = {column for row in rows for column, (_words, is_number) in enumerate(row) if is_number}
    heads = [(head, column in numbers) for column, (head, _width) in enumerate(table.columns)]
    return {"name": table.name, "heads": heads, "rows": rows}


def _said(rows: Iterable[Iterable[Any]]) -> Iterator[list[tuple[str, bool]]]:
    for row in rows:
        yield [_words(value) for value in row]


def _words(value: Any) -> tuple[str, bool]:
    if isinstance(value, int):
        return (f"−{grouped(-value)}" if value < 0 else grouped(value)), True
    return ("" if value is None else str(_moment(value))), False


@cache
def _sheet() -> Any:
    from weasyprint import CSS

    printer = Printer.shared()
    return CSS(string=DESIGN.read_text(), font_config=printer.fonts, url_fetcher=printer.fetcher)
