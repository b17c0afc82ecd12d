"""A file's cells, as sheets of rows: bounded, with what is merged written into every cell of it, and with what is hidden marked."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from lib import legacy, text
from lib.foreign import UnreadableError, packing
from lib.foreign.decoding import decoded

LARGEST_FILE = 5_000_000  # bytes as they come
LARGEST = 60_000_000  # bytes of all parts when unpacked
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, LONGEST = 20, 12_000, 40, 300
LOOKED_AT = 4 * LONGEST  # letters of a cell, before marks that stand by themselves and blanks are joined
MOST_LETTERS = 4_000_000  # of all cells: 12,000 people of whom 300 letters are said
MOST_SAMPLED = 300  # lines by which old encodings are told
MOST_LINES = 4 * MOST_ROWS  # of a text, of which several may be one row
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


class UnreadableListError(Exception):
    """Says to the officer why a file cannot be read."""


class _Cells:
    """The cells of a file as words. A workbook keeps a text once, however many cells show it: it is tidied once, and counted wherever
    it stands. Raises UnreadableListError when letters are more than any list has."""

    def __init__(self) -> None:
        self.letters = 0
        self.filled = 0  # cells that a merged one was written into
        self._known: dict[str, str] = {}

    def said(self, cell: Any) -> str:
        if isinstance(cell, str):
            start = cell[:LOOKED_AT]
            words = self._known.get(start)
            if words is None:
                words = self._known[start] = _tidy(start)
        else:
            words = _said(cell)
        self.count(len(words))
        return words

    def cut(self, cell: str) -> str:
        """Of a text, in whose letters an old font may still be told."""
        words = cell[:LOOKED_AT].replace("\n", " ; ")
        self.count(len(words))
        return words

    def count(self, letters: int) -> None:
        self.letters += letters
        if self.letters > MOST_LETTERS:
            raise UnreadableListError(_too_much())


def _too_much() -> str:
    return _("Tệp này lớn quá nên chưa đọc. Hãy bỏ các trang, các cột và hình không dùng, hoặc chia nhỏ danh sách.")


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
    """Raises UnreadableListError for what is no list, holds a macro, or is too large."""
    if len(data) > LARGEST_FILE:
        raise UnreadableListError(_("Tệp lớn hơn 5 MB nên chưa đọc. Hãy bỏ các trang và hình không dùng."))
    if data.startswith(_OLE):
        raise UnreadableListError(
            _("Đây là tệp Excel đời cũ (.xls), hoặc tệp có mật khẩu. Hãy mở ra, lưu lại dạng .xlsx rồi tải lên.")
        )
    is_packed = data.startswith(b"PK") or name.lower().endswith((".xlsx", ".xlsm"))
    sheets = [sheet for sheet in (_workbook(data) if is_packed else [_text(data)]) if sheet.rows]
    if not sheets:
        raise UnreadableListError(_("Trong tệp này chưa có dòng nào có chữ."))
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

    try:
        with packing.opened(data) as packed:
            if any(name.lower().endswith("vbaproject.bin") for name in packed.namelist()):
                raise UnreadableListError(_("Tệp này có macro nên chưa đọc. Hãy lưu lại dạng .xlsx rồi tải lên."))
            if packing.holds_too_much(packed, LARGEST):
                raise UnreadableListError(_too_much())
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            if len(book.worksheets) > MOST_SHEETS:
                raise UnreadableListError(_too_much())
            cells = _Cells()
            return [_sheet(sheet, packed, cells) for sheet in book.worksheets]
    except _BROKEN as error:
        raise UnreadableListError(
            _("Không đọc được tệp Excel này: tệp bị hỏng hoặc không đúng dạng. Hãy lưu lại dạng .xlsx rồi tải lên.")
        ) from error


def _sheet(sheet: Any, packed: zipfile.ZipFile, words: _Cells) -> Sheet:
    sheet.reset_dimensions()  # what the file claims of its size may be wrong
    raw = packing.part(packed, sheet._worksheet_path, _SHEET_XML)
    hidden = {int(found[1]) for one in _ROW.findall(raw) if _HIDDEN.search(one) and (found := _NUMBER.search(one))}
    rows: dict[int, list[str]] = {}
    for number, cells in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True), 1):
        if number > MOST_ROWS and any(cell is not None for cell in cells):
            raise UnreadableListError(
                _("Trang “%(name)s” dài hơn %(most)s dòng. Hãy chia nhỏ danh sách rồi nhập từng phần.")
                % {"name": sheet.title, "most": MOST_ROWS}
            )
        rows[number] = [words.said(cell) for cell in cells]
    _fill_merged(rows, raw, words)
    kept = [Row(number, cells, number in hidden) for number, cells in rows.items() if any(map(text.is_seen, cells))]
    return Sheet(sheet.title, kept, sheet.sheet_state != "visible")


def _fill_merged(rows: dict[int, list[str]], raw: bytes, words: _Cells) -> None:
    """A commune written once over the cells of five people is theirs; bounded by the rows that there are, and by the letters that any
    list has. In a sound file no two merged cells cover each other, so that they fill no more cells than there are."""
    last = max(rows, default=0)
    for left, top, right, bottom in _MERGED.findall(raw)[: 4 * MOST_ROWS]:
        first, end = column_index_from_string(left.decode()) - 1, column_index_from_string(right.decode())
        said = rows[int(top)][first] if int(top) in rows and first < len(rows[int(top)]) else ""
        wide = min(end, MOST_COLUMNS) - first
        high = min(int(bottom), last) + 1 - int(top)
        if not said or wide < 1 or high < 1:
            continue
        words.filled += wide * high
        words.count(len(said) * wide * high)
        if words.filled > MOST_ROWS * MOST_COLUMNS:
            raise UnreadableListError(_too_much())
        for number in range(int(top), int(top) + high):
            cells = rows[number]
            cells.extend([""] * (first + wide - len(cells)))
            cells[first : first + wide] = [said] * wide


def _said(cell: Any) -> str:
    if isinstance(cell, bool) or cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return "" if isinstance(cell, time) else _tidy(str(cell)[:LOOKED_AT])


def _tidy(cell: str) -> str:
    """Line ends tell two numbers in one cell apart."""
    return text.nfc(re.sub(r"[\r\n]+|_x000D_", " ; ", cell.strip()))


def _text(data: bytes) -> Sheet:
    words = _letters(data)
    if words.count("\n") + words.count("\r") > MOST_LINES:
        raise UnreadableListError(_too_long())
    first = next((line for line in words.splitlines() if line.strip()), "")
    by = max("\t;,|", key=lambda one: (first.count(one), words.count(one)))
    try:
        found: Iterable[list[str]] = (
            _pasted(words) if by == "\t" else csv.reader(io.StringIO(words, newline=""), delimiter=by, strict=True)
        )
        rows = list(islice(found, MOST_ROWS + 1))
    except csv.Error as error:
        said = _("Không đọc được danh sách này: có dấu ngoặc kép đặt sai chỗ. Hãy bỏ dấu ấy, hoặc lưu lại dạng .xlsx.")
        raise UnreadableListError(said) from error
    if len(rows) > MOST_ROWS:
        raise UnreadableListError(_too_long())
    cells = _Cells()
    kept = [
        Row(number, made)
        for number, row in enumerate(rows, 1)
        if any(map(text.is_seen, made := [cells.cut(cell) for cell in row[:MOST_COLUMNS]]))
    ]
    return Sheet("", kept)


def _too_long() -> str:
    return _("Danh sách dài hơn %(most)s dòng. Hãy chia nhỏ rồi nhập từng phần.") % {"most": MOST_ROWS}


def _letters(data: bytes) -> str:
    """Old encodings are read as Latin letters, which `lib.legacy` understands if they spell Vietnamese; other bytes are refused."""
    try:
        words, _encoding = decoded(data)
    except UnreadableError as error:
        words = data.decode("latin-1")
        lines = [line[:LOOKED_AT] for line in islice(io.StringIO(words), MOST_SAMPLED)]
        if legacy.modern(lines) == lines:
            raise UnreadableListError(str(error)) from error
        return words
    if "\x00" in words:
        raise UnreadableListError(_("Tệp này không phải danh sách: hãy tải tệp .xlsx, .csv, hoặc dán các dòng."))
    return words


def _pasted(words: str) -> Iterator[list[str]]:
    """As a spreadsheet copies them: in quotes only a cell of several lines. Any other quote is written there, as for "the same"."""
    for row in _SEVERAL_LINES.sub(lambda cell: " ; ".join(cell[1].split("\n")), words).splitlines():
        yield row.split("\t")
