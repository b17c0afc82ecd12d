"""Rows of a list, as offices write them: title rows on top, a name in capitals, a phone without its nought, "nt" for the same as above."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.rules import capitalised
from lib import text
from lib.foreign import UnreadableError, packing
from lib.foreign.decoding import decoded

MOST, HEADS_WITHIN, LARGEST = 200, 30, 20_000_000
ROWS = 20_000  # of a sheet; in most of those after the list nothing is written
LETTERS = 500_000  # of a list that is text: two hundred people take thirty thousand
CELLS = 30  # of a row
COLUMNS = ("name", "born", "phone", "unit", "place")  # of rows without heads, in this order
_NAMES = {
    "name": ("ho va ten", "ho ten", "ten hoc vien", "ten dai bieu", "name"),
    "born": ("nam sinh", "ngay sinh", "ngay thang nam sinh", "sinh nam", "nam sinh ngay sinh", "born"),
    "phone": ("so dien thoai", "dien thoai", "sdt", "dt", "so dt", "phone"),
    "unit": ("don vi", "don vi chu the", "ten chu the", "chu the", "don vi ten chu the", "co so", "co quan", "unit"),
    "place": ("xa", "xa phuong", "dia ban", "xa phuong dac khu", "dia chi", "noi o", "commune"),
}
WRITTEN = ("Họ và tên", "Năm sinh", "Số điện thoại", "Đơn vị", "Xã")  # heads of `COLUMNS`
_HEADS = {name: column for column, names in _NAMES.items() for name in names}
_SAME = {"nt", "-nt-", "//", '"', "″"}
_SEVERAL_LINES = re.compile(r'(?<![^\t\n])"([^"\t\r\n]+(?:\r?\n[^"\t\r\n]*)+)"(?=[\t\r\n]|$)')
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")


class UnreadableListError(Exception):
    """Says to the officer why a list cannot be read."""


@dataclass(frozen=True)
class Line:
    """A person as the list says; `born` is a year or, where none can be read, what stands there, `place` as it was written."""

    number: int
    name: str
    born: str
    phone: str
    unit: str
    place: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read(data: bytes, name: str) -> list[Line]:
    """Raises UnreadableListError for what is no list, an empty one, and one that is too long."""
    rows = list(_of_workbook(data) if name.lower().endswith(".xlsx") else _of_text(data))
    lines = list(_lines(rows))
    if not lines:
        raise UnreadableListError(_("Danh sách trống: chưa thấy dòng nào có họ và tên."))
    if len(lines) > MOST:
        raise UnreadableListError(
            _("Danh sách dài hơn %(most)s người. Hãy chia nhỏ rồi làm từng phần.") % {"most": MOST}
        )
    return lines


def written(lines: Iterable[Line]) -> str:
    """As they could be pasted again; with heads, so that no comma within a cell is taken for what stands between cells."""
    return "\n".join("\t".join(row) for row in [WRITTEN, *([getattr(line, one) for one in COLUMNS] for line in lines)])


def _of_workbook(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        with packing.opened(data) as packed:
            if packing.holds_too_much(packed, LARGEST):
                raise UnreadableListError(_("Tệp Excel này lớn quá nên chưa đọc. Hãy bỏ các trang và hình không dùng."))
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        for cells in sheet.iter_rows(max_row=ROWS, max_col=CELLS, values_only=True):
            yield [_said(cell) for cell in cells]
    except (
        UnreadableError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        OSError,
        SyntaxError,
    ) as error:
        raise UnreadableListError(_("Không đọc được tệp Excel này. Hãy lưu lại dạng .xlsx rồi tải lên.")) from error


def _said(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else text.nfc(str(cell)) if cell is not None else ""


def _of_text(data: bytes) -> Iterator[list[str]]:
    try:
        words, _encoding = decoded(data)
    except UnreadableError as error:
        raise UnreadableListError(str(error)) from error
    if len(words) > LETTERS:
        raise UnreadableListError(_("Danh sách này dài quá. Mỗi lần cấp nhiều nhất %(most)s người.") % {"most": MOST})
    first = next((line for line in words.splitlines() if line.strip()), "")
    by = max("\t;,", key=first.count)
    try:
        for row in _pasted(words) if by == "\t" else csv.reader(io.StringIO(words), delimiter=by, strict=True):
            yield [text.nfc(cell) for cell in row[:CELLS]]
    except csv.Error as error:
        said = _("Không đọc được danh sách này: có dấu ngoặc kép đặt sai chỗ. Hãy bỏ dấu ấy, hoặc lưu lại dạng .xlsx.")
        raise UnreadableListError(said) from error


def _pasted(words: str) -> Iterator[list[str]]:
    """As a spreadsheet copies them: in quotes only a cell of several lines. Any other quote is written there, as for "the same"."""
    for row in _SEVERAL_LINES.sub(lambda cell: " ".join(cell[1].split()), words).splitlines():
        yield row.split("\t")


def _lines(rows: list[list[str]]) -> Iterator[Line]:
    places, begin = _heads(rows)
    above = dict.fromkeys(COLUMNS, "")
    for number, row in enumerate(rows[begin:], start=begin + 1):
        said = {column: row[place] for column, place in places.items() if place < len(row)}
        said = {key: above[key] if value.casefold() in _SAME else value for key, value in said.items()}
        name = text.name(said.get("name", ""))
        if not name:
            continue
        above |= said
        yield Line(
            number,
            capitalised(name)[:100],
            _year(said.get("born", "")),
            _phone(said.get("phone", "")),
            said.get("unit", "")[:150],
            said.get("place", "")[:150],
        )


def _heads(rows: Iterable[list[str]]) -> tuple[dict[str, int], int]:
    """Which column says what, and with which row people begin; without a row of heads the columns are as they are asked for."""
    for number, row in enumerate(rows, start=1):
        if number > HEADS_WITHIN:
            break
        found: dict[str, int] = {}
        for place, cell in enumerate(row):
            column = _HEADS.get(" ".join(re.findall(r"\w+", text.fold(cell))))
            if column:
                found.setdefault(column, place)
        if "name" in found and len(found) > 1:
            return found, number
    return {column: place for place, column in enumerate(COLUMNS)}, 0


def _year(said: str) -> str:
    found = _YEAR.search(said)
    if found:
        return found[1]
    return said[:30] if any(map(str.isalnum, said)) else ""  # a dash for an unknown year says nothing


def is_year(born: str) -> bool:
    return _YEAR.fullmatch(born) is not None


def _phone(said: str) -> str:
    """Excel takes the nought off a number."""
    digits = re.sub(r"\D", "", said)
    return f"0{digits}" if len(digits) == 9 else said
