"""A workbook (.xlsx) with one question a row, under heads that are known by their names."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from string import ascii_lowercase
from typing import Any

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _

from lib import text
from lib.foreign import packing

from .base import Parsed, Problem, UnreadableError

MOST_ROWS, MOST_COLUMNS, HEADS_WITHIN = 5_000, 60, 30
LARGEST = 40_000_000  # bytes of all parts when unpacked
LONGEST = 32_767  # letters that Excel itself holds in a cell
_LONGEST_HEAD = 100
_BROKEN = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, SyntaxError, DefusedXmlException, OSError,
    EOFError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_NAMES = {
    "key": ("ma", "ma cau", "ma cau hoi", "id"),
    "kind": ("dang", "dang cau", "dang cau hoi", "loai", "loai cau hoi", "kind", "type"),
    "stem": ("cau hoi", "noi dung", "noi dung cau hoi", "de bai", "question"),
    "right": ("dap an", "dap an dung", "cau tra loi dung", "answer", "correct answer"),
    "weights": ("diem tung phuong an", "phan diem", "diem", "weights", "points"),
    "feedback": ("phan hoi", "loi nhan", "feedback"),
    "explanation": ("giai thich", "loi giai thich", "explanation"),
    "difficulty": ("do kho", "muc do", "difficulty"),
    "tags": ("nhan", "the", "tu khoa", "tags"),
    "lesson": ("bai hoc", "lesson"),
    "units": ("don vi", "units", "unit"),
    "options": ("tuy chon", "options"),
}
_HEADS = {name: column for column, names in _NAMES.items() for name in names}
_OPTION = re.compile(r"(?:(?:phuong an|lua chon|dap an|option|choice) )?([a-z])")


@dataclass(frozen=True)
class Cell:
    """What a cell says. `number` is what Excel counts with, exact where it shows no more than fifteen digits."""

    words: str = ""
    number: Decimal | None = None
    fault: str = ""


@dataclass(frozen=True)
class Row:
    number: int
    cells: Mapping[str, Cell]
    letters: Mapping[str, str] = field(default_factory=dict)  # the column of Excel by what stands in it

    def words(self, column: str) -> str:
        return self.cell(column).words

    def cell(self, column: str) -> Cell:
        """Raises UnreadableError for what Excel made of what somebody typed."""
        found = self.cells.get(column, Cell())
        if found.fault:
            raise self.fault(column, found.fault)
        return found

    def fault(self, column: str, why: str) -> UnreadableError:
        letter = self.letters.get(column, "")
        said = _("Cột %(column)s: %(why)s") if letter else "%(why)s"
        return UnreadableError(said % {"column": letter, "why": why})

    def choices(self) -> list[tuple[str, Cell]]:
        """Filled options with their letters."""
        return [(letter, cell) for letter in ascii_lowercase if (cell := self.cell(letter)).words]


def read(data: bytes) -> Parsed:
    from . import table  # rows as questions

    parsed = Parsed()
    for row in _rows(data):
        try:
            parsed.drafts.append(table.draft(row))
        except UnreadableError as error:
            excerpt = next((cell.words for name, cell in row.cells.items() if name == "stem"), "")
            parsed.problems.append(Problem(row.number, str(error), excerpt[:80]))
    return parsed


def _rows(data: bytes) -> list[Row]:
    """What is broken shows only while rows are read: openpyxl takes them from the file one by one."""
    with packing.opened(data) as packed:
        if packing.holds_too_much(packed, LARGEST):
            raise UnreadableError(
                _("Tệp Excel này lớn quá nên chưa đọc. Hãy bỏ các trang, dòng và cột không dùng, hoặc chia nhỏ tệp.")
            )
    try:
        found = next((rows for sheet in _sheets(data) if (rows := _under_heads(sheet)) is not None), None)
    except _BROKEN as error:
        raise UnreadableError(_("Không đọc được tệp Excel này. Hãy lưu lại dạng .xlsx rồi tải lên.")) from error
    if found is not None:
        return found
    raise UnreadableError(
        _(
            "Không thấy dòng tiêu đề có cột “Câu hỏi” và “Đáp án” trong tệp Excel này. Hãy tải tệp mẫu ở trang nhập câu hỏi rồi ghi theo."
        )
    )


def _sheets(data: bytes) -> Iterator[Iterator[tuple[Any, ...]]]:
    from openpyxl import load_workbook  # with its formats of numbers, which say what is a percent and what a date

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        yield sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)


def _under_heads(sheet: Iterator[tuple[Any, ...]]) -> list[Row] | None:
    heads: dict[int, str] = {}
    found = []
    for number, cells in enumerate(sheet, start=1):
        if heads:
            found += _row(number, cells, heads)
        elif number <= HEADS_WITHIN:
            heads = _heads(cells)
        else:
            return None
    if found and found[-1].number > MOST_ROWS:
        raise UnreadableError(_("Tệp Excel này có hơn %(n)s dòng. Hãy chia nhỏ rồi tải lên.") % {"n": MOST_ROWS})
    return found if heads else None


def _heads(cells: tuple[Any, ...]) -> dict[int, str]:
    """Which column says what; none when this is no row of heads. Of two columns of one name the first counts."""
    named: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if column := _column(str(cell.value or "")[:_LONGEST_HEAD]):
            named.setdefault(column, place)
    is_head = "stem" in named and ("right" in named or "a" in named)
    return {place: column for column, place in named.items()} if is_head else {}


def _column(head: str) -> str:
    plain = " ".join(re.sub(r"\(.*?\)|[^\w ]", " ", text.fold(head)).split())
    option = _OPTION.fullmatch(plain)
    return option[1] if option else _HEADS.get(plain, "")


def _row(number: int, cells: tuple[Any, ...], heads: Mapping[int, str]) -> list[Row]:
    from openpyxl.utils import get_column_letter

    said = {column: _cell(cells[place]) for place, column in heads.items() if place < len(cells)}
    if not any(cell.words or cell.fault for cell in said.values()):
        return []
    letters = {column: get_column_letter(place + 1) for place, column in heads.items()}
    return [Row(number, said, letters)]


def _cell(cell: Any) -> Cell:
    match cell.value:
        case None:
            return Cell()
        case bool(value):
            return Cell("Đúng" if value else "Sai")
        case int() | float() as value:
            return _number(value, cell.number_format or "")
        case date() | time():
            return Cell(fault=_became_a_date(cell.value))
        case value if cell.data_type == "e":
            return Cell(fault=_("ô này báo lỗi %(error)s của Excel. Hãy ghi lại nội dung.") % {"error": value})
        case value:
            return _words(str(value))


def _words(said: str) -> Cell:
    if len(said) <= LONGEST:
        return Cell(tidied(said))
    return Cell(fault=_("ô này dài %(n)s ký tự, quá mức một ô Excel giữ được. Hãy viết ngắn lại.") % {"n": len(said)})


def tidied(words: str) -> str:
    return unicodedata.normalize("NFC", words.replace("_x000D_", "").replace("\r\n", "\n")).strip()


def _became_a_date(value: Any) -> str:
    said = _("Excel đã đổi nội dung thành ngày giờ (%(date)s). Hãy định dạng ô là Văn bản (Text) rồi gõ lại.")
    shown = f"{value:%d/%m/%Y}" if isinstance(value, date) else f"{value:%H:%M}"
    return said % {"date": shown}


def _number(value: float, shown: str) -> Cell:
    """A percent cell says what it shows: 0.5 as 50%."""
    exact = Decimal(f"{value:.15g}")
    if "%" in shown:
        return Cell(f"{_written(exact * 100)}%")
    return Cell(_written(exact), exact)


def _written(number: Decimal) -> str:
    from quizzes.kinds import numbers

    return numbers.plain(number).replace(".", ",")
