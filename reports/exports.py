"""The board as a workbook that matches the screen."""

import io
from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst, slugify

from lib import dates, sheets, text

from .plan import exports as plans
from .plan.queries import Year
from .filtering import KINDS
from .queries import Board, Row
from .states.queries import Concern

HEAD = ["Số người", "Lượt ghi danh", "Học trong 30 ngày qua", "Hoàn thành", "Tỷ lệ hoàn thành (%)", "Đã cấp giấy"]
FIRST_ROW = 3  # below the title, a line left empty and the heads


def workbook(board: Board, year: Year | None = None, concerns: Sequence[Concern] = ()) -> bytes:
    """Three sheets: places, courses, and places without anybody; that of a commune, which has no places below it, begins with
    its courses. Where all courses are on show, further ones of the year beside its plan and of who stays behind."""
    data = io.BytesIO()
    with sheets.book(data) as book:
        sides = [("Địa bàn", board.places), ("Khóa học", board.courses)]
        for label, rows in sides if board.places else reversed(sides):
            _sheet(book, board, label, [label, *HEAD], [*rows, Row("Tổng cộng", board.total)])
        sheet = _sheet(book, board, "Chưa có ai ghi danh", ["Nơi chưa có ai ghi danh"])
        for index, place in enumerate(board.without, start=FIRST_ROW):
            sheet.write_string(index, 0, capfirst(place.full_name))
        if year:
            sheets.add_table(book, plans.of_year(year), moments=sheets.DAYS)
        if concerns:
            numbers = ([one.label, one.number] for one in concerns)
            table = sheets.Table("Cần quan tâm", [("Nội dung", 44), ("Số", 18)], numbers)
            sheets.add_table(book, table, moments=sheets.DAYS)
    return data.getvalue()


def _sheet(book: Any, board: Board, name: str, head: list[str], rows: Sequence[Row] = ()) -> Any:
    sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(HEAD), 18)
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.write_string(0, 0, _title(board), bold)
    for column, word in enumerate(head):
        sheet.write_string(FIRST_ROW - 1, column, word, bold)
    for index, row in enumerate(rows, start=FIRST_ROW):
        sheet.write_string(index, 0, row.label)
        for column, value in enumerate(_cells(row), start=1):
            sheet.write_number(index, column, value)
    return sheet


def _title(board: Board) -> str:
    """What was counted, and when: a sheet that is passed on has lost the screen that it came from."""
    return ", ".join([board.name, *board.filters.words, f"tính đến {dates.short(dates.local_day(board.counted_at))}"])


def file_name(board: Board) -> str:
    """Place, filters and day, so that several downloads can be told apart."""
    filters = board.filters
    names = (board.place and board.place.full_name, filters.course, filters.topic, KINDS.get(filters.kind))
    chosen = [text.fold(str(name)) for name in names if name]
    words = ["tien do hoc tap", *chosen, f"{dates.local_day(board.counted_at):%Y-%m-%d}"]
    return f"{slugify(' '.join(words))}.xlsx"


def _cells(row: Row) -> list[int]:
    f = row.figures
    return [f.persons, f.enrolled, f.active, f.completed, f.completion_percent, f.certified]
