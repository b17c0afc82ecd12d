"""The board as a workbook that matches the screen."""

import io

from django.utils.text import capfirst, slugify

from lib import dates, text

from .queries import Board, Row

HEAD = ["Số người", "Lượt ghi danh", "Học trong 30 ngày qua", "Hoàn thành", "Tỷ lệ hoàn thành (%)", "Đã cấp giấy"]


def workbook(board: Board) -> bytes:
    """Three sheets: places, courses, and places without anybody. Text cells are written as text: a name that begins with = stays a name.

    Rows go out one after another (`constant_memory`), and the library is read in on first use: it holds 14 MB.
    """
    import xlsxwriter

    data = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(data, options)
    bold = book.add_format({"bold": True})
    title = str(board.place.full_name if board.place else "Toàn bộ địa bàn được xem")
    for name, label, rows in (("Địa bàn", "Địa bàn", board.places), ("Khóa học", "Khóa học", board.courses)):
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, len(HEAD), 18)
        sheet.write_string(0, 0, f"{title}, tính đến {dates.short(dates.local_day(board.counted_at))}", bold)
        for column, head in enumerate([label, *HEAD]):
            sheet.write_string(2, column, head, bold)
        for index, row in enumerate([*rows, Row("Tổng cộng", board.total)], start=3):
            sheet.write_string(index, 0, row.label)
            for column, value in enumerate(_cells(row), start=1):
                sheet.write_number(index, column, value)
    empty = book.add_worksheet("Chưa có ai ghi danh")
    empty.set_column(0, 0, 44)
    empty.write_string(0, 0, f"{title}, tính đến {dates.short(dates.local_day(board.counted_at))}", bold)
    empty.write_string(2, 0, "Nơi chưa có ai ghi danh", bold)
    for index, place in enumerate(board.without, start=3):
        empty.write_string(index, 0, capfirst(place.full_name))
    book.close()
    return data.getvalue()


def file_name(board: Board) -> str:
    """Place and day, so that several downloads can be told apart."""
    place = text.fold(board.place.full_name) if board.place else ""
    words = ["tien do hoc tap", place, f"{dates.local_day(board.counted_at):%Y-%m-%d}"]
    return f"{slugify(' '.join(words))}.xlsx"


def _cells(row: Row) -> list[int]:
    f = row.figures
    return [f.persons, f.enrolled, f.active, f.completed, f.completion_percent, f.certified]
