"""Workbooks to download."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from . import text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # the content type
LONGEST_NAME = 31  # characters that Excel lets a sheet be called
MOST_ROWS = 1_048_575  # below the heads; what is beyond goes on on a further sheet
BELOW_TITLE = 2  # rows: itself and one left empty
BUTTON = 4  # characters that the arrow of the filter covers
A4 = 9
DAYS = "dd/mm/yyyy"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]+")


def book(output: IO[bytes]) -> Any:
    """A workbook whose rows go out one after another, and where a name that begins with = stays a name.

    Rows and cells are to be written in order. The library is read in on first use: it holds 14 MB.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return xlsxwriter.Workbook(output, options)


@dataclass(frozen=True)
class Table:
    """A sheet of whatever rows hold; `columns` are heads and widths in characters. A `title` says above them what was counted, and when: a
    sheet that is passed on has lost the screen that it came from."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Iterable[Any]]
    title: str = ""


def write_tables(output: IO[bytes], tables: Iterable[Table], *, moments: str) -> None:
    """A sheet each, under heads that stay in sight and filter; `moments` is Excel's word for how a datetime is shown."""
    with book(output) as made:
        taken: set[str] = set()
        for table in tables:
            add_table(made, table, moments=moments, taken=taken)


def add_table(made: Any, table: Table, *, moments: str, taken: set[str] | None = None) -> None:
    """One sheet of a workbook, or as many as its rows take; `taken` are the names of the others."""
    times, bold = [made.add_format({"num_format": one}) for one in (moments, DAYS)], made.add_format({"bold": True})
    taken, heads = set() if taken is None else taken, BELOW_TITLE if table.title else 0
    sheet, last = _begun(made, table, heads, bold, taken), heads
    for row in table.rows:
        if last == MOST_ROWS:
            _closed(sheet, table, heads, last)
            sheet, last = _begun(made, table, heads, bold, taken), heads
        last += 1
        for column, value in enumerate(row):
            _write(sheet, last, column, value, *times)
    _closed(sheet, table, heads, last)


def _begun(made: Any, table: Table, heads: int, bold: Any, taken: set[str]) -> Any:
    sheet = made.add_worksheet(_free_name(table.name, taken))
    if table.title:
        sheet.write_string(0, 0, sayable(table.title), bold)
    _write_heads(sheet, heads, table.columns, bold)
    return sheet


def _closed(sheet: Any, table: Table, heads: int, last: int) -> None:
    sheet.autofilter(heads, 0, last, len(table.columns) - 1)


def _free_name(wanted: str, taken: set[str]) -> str:
    """As Excel takes it: of no more letters, without the signs that it forbids, and unlike the others, capitals apart."""
    plain = _FORBIDDEN.sub(" ", sayable(wanted)).strip(" '") or "1"
    names = (f"{plain[: LONGEST_NAME - len(end)]}{end}" for end in ("", *(f" ({n})" for n in range(2, len(taken) + 3))))
    name = next(one for one in names if one.casefold() not in taken)
    taken.add(name.casefold())
    return name


def _write_heads(sheet: Any, row: int, columns: Sequence[tuple[str, int]], bold: Any) -> None:
    """On screen the heads stay when the list is scrolled; on paper they are on every page, and all columns beside each other."""
    sheet.freeze_panes(row + 1, 0)
    sheet.repeat_rows(row)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for column, (head, width) in enumerate(columns):
        sheet.set_column(column, column, max(width, len(head) + BUTTON))
        sheet.write_string(row, column, head, bold)


def _write(sheet: Any, row: int, column: int, value: Any, moments: Any, days: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, sayable(value))
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(microsecond=0), moments)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, days)
    elif value is not None:
        sheet.write_string(row, column, sayable(str(value)))


def sayable(words: str) -> str:
    """A workbook takes no control characters, and one cell of an older row would spoil the whole file."""
    return words if words.isprintable() else text.nfc_lines(words)
