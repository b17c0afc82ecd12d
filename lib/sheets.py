"""Workbooks to download."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from . import text


def book(output: IO[bytes]) -> Any:
    """A workbook whose rows go out one after another, and where a name that begins with = stays a name.

    Rows and cells are to be written in order. The library is read in on first use: it holds 14 MB.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return xlsxwriter.Workbook(output, options)


def write_table(output: IO[bytes], rows: Iterable[Iterable[Any]], *, moments: str) -> None:
    """One sheet of whatever rows hold; `moments` is Excel's word for how a datetime is shown."""
    with book(output) as made:
        sheet, format_of_moments = made.add_worksheet(), made.add_format({"num_format": moments})
        for index, row in enumerate(rows):
            for column, value in enumerate(row):
                _write(sheet, index, column, value, format_of_moments)


def _write(sheet: Any, row: int, column: int, value: Any, moments: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, _sayable(value))
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, moments)
    elif value is not None:
        sheet.write_string(row, column, _sayable(str(value)))


def _sayable(words: str) -> str:
    """A workbook takes no control characters, and one cell of an older row would spoil the whole file."""
    return words if words.isprintable() else text.nfc_lines(words)
