"""A file's cells, as sheets of rows: bounded, with what is merged written into every cell of it, and with what is hidden marked."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from lib import legacy, text
from quizzes.formats import packing
from quizzes.formats.base import UnreadableError
from quizzes.formats.decoding import decoded

LARGEST_FILE = 5_000_000  # bytes as they come
LARGEST = 60_000_000  # bytes of all parts when unpacked
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, LONGEST = 20, 12_000, 40, 300
_SHEET_XML = 40_000_000
_BROKEN = (
    UnreadableError, KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, SyntaxError, DefusedXmlException, OSError,
    EOFError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d{1,7})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_SEVERAL_LINES = re.compile(r'(?<![^\t\n])"([^"\t\r\n]+(?:\r?\n[^"\t\r\n]*)+)"(?=[\t\r\n]|$)')
_OLE = b"\xd0\xcf\x11\xe0"  # .xls of before 2007, and a workbook with a password


class UnreadableRosterError(Exception):
    """Says to the officer why a file cannot be read."""


@dataclass(frozen=True)
class Row:
    number: int  # as the file counts
    cells: list[str]
    is_hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[Row] = field(default_factory=list)  # without those in which nothing stands
    is_hidden: bool = False

    def as_list(self) -> list[Any]:
        return [self.name, self.is_hidden, [[row.number, row.is_hidden, *row.cells] for row in self.rows]]

    @classmethod
    def from_list(cls, said: list[Any]) -> "Sheet":
        name, is_hidden, rows = said
        return cls(name, [Row(number, cells, hidden) for number, hidden, *cells in rows], is_hidden)


def read(data: bytes, name: str) -> list[Sheet]:
    """Raises UnreadableRosterError for what is no list, holds a macro, or is too large."""
    if len(data) > LARGEST_FILE:
        raise UnreadableRosterError(_("Tệp lớn hơn 5 MB nên chưa đọc. Hãy bỏ các trang và hình không dùng."))
    if data.startswith(_OLE):
        raise UnreadableRosterError(
            _("Đây là tệp Excel đời cũ (.xls), hoặc tệp có mật khẩu. Hãy mở ra, lưu lại dạng .xlsx rồi tải lên.")
        )
    is_packed = data.startswith(b"PK") or name.lower().endswith((".xlsx", ".xlsm"))
    sheets = [sheet for sheet in (_workbook(data) if is_packed else [_text(data)]) if sheet.rows]
    if not sheets:
        raise UnreadableRosterError(_("Trong tệp này chưa có dòng nào có chữ."))
    return [_modern(sheet) for sheet in sheets]


def _modern(sheet: Sheet) -> Sheet:
    """Letters of fonts of before Unicode, a column at a time: each was typed in one font."""
    wide = max(at for row in sheet.rows for at, cell in enumerate(row.cells, 1) if text.is_seen(cell))
    columns = [
        legacy.modern([row.cells[at] if at < len(row.cells) else "" for row in sheet.rows]) for at in range(wide)
    ]
    rows = [
        Row(row.number, [text.nfc(column[index])[:LONGEST] for column in columns], row.is_hidden)
        for index, row in enumerate(sheet.rows)
    ]
    return Sheet(sheet.name, rows, sheet.is_hidden)


def _workbook(data: bytes) -> list[Sheet]:
    from openpyxl import load_workbook

    too_much = _("Tệp Excel này lớn quá nên chưa đọc. Hãy bỏ các trang và hình không dùng, hoặc chia nhỏ danh sách.")
    try:
        with packing.opened(data) as packed:
            if any(name.lower().endswith("vbaproject.bin") for name in packed.namelist()):
                raise UnreadableRosterError(_("Tệp này có macro nên chưa đọc. Hãy lưu lại dạng .xlsx rồi tải lên."))
            if packing.holds_too_much(packed, LARGEST):
                raise UnreadableRosterError(too_much)
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            if len(book.worksheets) > MOST_SHEETS:
                raise UnreadableRosterError(too_much)
            return [_sheet(sheet, packed) for sheet in book.worksheets]
    except _BROKEN as error:
        raise UnreadableRosterError(
            _("Không đọc được tệp Excel này: tệp bị hỏng hoặc không đúng dạng. Hãy lưu lại dạng .xlsx rồi tải lên.")
        ) from error


def _sheet(sheet: Any, packed: zipfile.ZipFile) -> Sheet:
    sheet.reset_dimensions()  # what the file claims of its size may be wrong
    raw = packing.part(packed, sheet._worksheet_path, _SHEET_XML)
    hidden = {int(found[1]) for one in _ROW.findall(raw) if _HIDDEN.search(one) and (found := _NUMBER.search(one))}
    rows: dict[int, list[str]] = {}
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True), 1):
        if number > MOST_ROWS and any(cell is not None for cell in cells):
            raise UnreadableRosterError(
                _("Trang “%(name)s” dài hơn %(most)s dòng. Hãy chia nhỏ danh sách rồi nhập từng phần.")
                % {"name": sheet.title, "most": MOST_ROWS}
            )
        rows[number] = [_said(cell) for cell in cells]
    _fill_merged(rows, raw)
    kept = [Row(number, cells, number in hidden) for number, cells in rows.items() if any(map(text.is_seen, cells))]
    return Sheet(sheet.title, kept, sheet.sheet_state != "visible")


def _fill_merged(rows: dict[int, list[str]], raw: bytes) -> None:
    """A commune written once over the cells of five people is theirs; bounded by the rows that there are."""
    last = max(rows, default=0)
    for left, top, right, bottom in _MERGED.findall(raw)[: 4 * MOST_ROWS]:
        first, end = column_index_from_string(left.decode()) - 1, column_index_from_string(right.decode())
        said = rows[int(top)][first] if int(top) in rows and first < len(rows[int(top)]) else ""
        for number in range(int(top), min(int(bottom), last) + 1) if said else ():
            cells = rows[number]
            cells.extend([""] * (min(end, MOST_COLUMNS) - len(cells)))
            cells[first : min(end, MOST_COLUMNS)] = [said] * (min(end, MOST_COLUMNS) - first)


def _said(cell: Any) -> str:
    if isinstance(cell, bool) or cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    # Line ends tell two numbers in one cell apart.
    return "" if isinstance(cell, time) else text.nfc(re.sub(r"[\r\n]+|_x000D_", " ; ", str(cell).strip()))


def _text(data: bytes) -> Sheet:
    words = _letters(data)
    first = next((line for line in words.splitlines() if line.strip()), "")
    by = max("\t;,|", key=lambda one: (first.count(one), words.count(one)))
    try:
        rows = list(_pasted(words) if by == "\t" else csv.reader(io.StringIO(words), delimiter=by, strict=True))
    except csv.Error as error:
        said = _("Không đọc được danh sách này: có dấu ngoặc kép đặt sai chỗ. Hãy bỏ dấu ấy, hoặc lưu lại dạng .xlsx.")
        raise UnreadableRosterError(said) from error
    if len(rows) > MOST_ROWS:
        raise UnreadableRosterError(
            _("Danh sách dài hơn %(most)s dòng. Hãy chia nhỏ rồi nhập từng phần.") % {"most": MOST_ROWS}
        )
    kept = [
        Row(number, cells)
        for number, row in enumerate(rows, 1)
        if any(map(text.is_seen, cells := [" ; ".join(cell.split("\n")) for cell in row[:MOST_COLUMNS]]))
    ]
    return Sheet("", kept)


def _letters(data: bytes) -> str:
    """Old encodings are read as Latin letters, which `lib.legacy` understands if they spell Vietnamese; other bytes are refused."""
    try:
        words, _encoding = decoded(data)
    except UnreadableError as error:
        words = data.decode("latin-1")
        lines = words.splitlines()
        if legacy.modern(lines) == lines:
            raise UnreadableRosterError(str(error)) from error
        return words
    if "\x00" in words:
        raise UnreadableRosterError(_("Tệp này không phải danh sách: hãy tải tệp .xlsx, .csv, hoặc dán các dòng."))
    return words


def _pasted(words: str) -> Iterator[list[str]]:
    """As a spreadsheet copies them: in quotes only a cell of several lines. Any other quote is written there, as for "the same"."""
    for row in _SEVERAL_LINES.sub(lambda cell: " ; ".join(cell[1].split("\n")), words).splitlines():
        yield row.split("\t")
