"""What is written into a workbook comes out as it went in."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from lib import sheets

pytestmark = pytest.mark.once


def cell(value):
    data = io.BytesIO()
    sheets.write_tables(data, [sheets.Table("Danh sách", [("Đầu cột", 18)], [[value]])], moments="dd/mm/yyyy hh:mm")
    return load_workbook(data).active["A2"]


@pytest.mark.parametrize(
    "words",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+84912345678",
        "-1",
        "@SUM(A1)",
        "https://vi.example/",
        "007",
        "Tôm khô",
    ],
)
def test_words_stay_words_whatever_they_look_like(words):
    written = cell(words)
    assert (written.value, written.data_type, written.hyperlink) == (words, "s", None)


@pytest.mark.parametrize("number", [7, 2.5, Decimal("12.5")])
def test_numbers_can_be_added_up(number):
    assert (cell(number).value, cell(number).data_type) == (number, "n")


def test_a_moment_is_a_moment_and_nothing_is_an_empty_cell():
    assert cell(datetime(2026, 3, 10, 4, 22, 7, 123456)).value == datetime(2026, 3, 10, 4, 22, 7)
    assert cell(None).value is None


def test_a_day_is_a_day_that_excel_can_sort():
    written = cell(date(2027, 3, 9))
    assert (written.value, written.number_format) == (datetime(2027, 3, 9), "dd/mm/yyyy")


def test_what_no_workbook_takes_is_left_out_and_lines_stay_lines():
    assert cell("Cấp\x01 nhầm\x0b\r\nngười \ud800này").value == "Cấp nhầm\n\nngười này"


def sheet(rows, columns=(("Đầu cột", 18),), name="Danh sách"):
    data = io.BytesIO()
    sheets.write_tables(data, [sheets.Table(name, columns, rows)], moments="dd/mm/yyyy hh:mm")
    return load_workbook(data).active


def test_sheets_are_called_as_excel_lets_them_be_called_and_each_otherwise():
    long, data = "Danh sách đại biểu của huyện Ngọc Hiển", io.BytesIO()
    names = [long, long.upper(), "Xã [1]: a/b*?", "'nháy'", "", "Cấp\x01"]
    sheets.write_tables(data, [sheets.Table(name, [("Đầu cột", 18)], []) for name in names], moments=sheets.DAYS)
    made = load_workbook(data).sheetnames
    assert made == [long[:31], f"{long.upper()[:27]} (2)", "Xã  1  a b", "nháy", "1", "Cấp"]


@pytest.mark.parametrize(("title", "each"), [("", [3, 3, 1]), ("Sổ, tính đến hôm nay", [1] * 7)])
def test_more_rows_than_a_sheet_holds_go_on_on_a_further_one_under_the_same_heads(monkeypatch, title, each):
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    table, data = sheets.Table("Nhật ký", [("Số", 18)], ([number] for number in range(7)), title=title), io.BytesIO()
    sheets.write_tables(data, [table, sheets.Table("Khác", [("Đầu cột", 18)], [["a"]])], moments=sheets.DAYS)
    book = load_workbook(data)
    *parts, other = book.worksheets
    assert [part.title for part in parts] == ["Nhật ký", *(f"Nhật ký ({n})" for n in range(2, len(each) + 1))]
    rows = [[cell.value for cell in part["A"]][2 if title else 0 :] for part in parts]
    assert {column[0] for column in rows} == {"Số"}
    assert [len(column) - 1 for column in rows] == each
    assert [number for column in rows for number in column[1:]] == list(range(7))
    assert (other.title, other["A2"].value) == ("Khác", "a")


def test_the_heads_are_bold_stay_in_sight_filter_and_are_on_every_printed_page():
    made = sheet([["a"], ["b"]])
    assert (made["A1"].value, made["A1"].font.bold, made["A2"].font.bold) == ("Đầu cột", True, False)
    assert (made.freeze_panes, made.auto_filter.ref, made.print_title_rows) == ("A2", "A1:A3", "$1:$1")


def test_a_column_is_as_wide_as_it_is_told_and_no_narrower_than_its_head():
    head = "Một đầu cột dài hơn những gì ở dưới"
    made = sheet([["a", 1]], [("Tên", 18), (head, 6)])
    assert made.column_dimensions["A"].width == pytest.approx(18, abs=1)
    assert made.column_dimensions["B"].width > len(head)


def test_a_sheet_without_rows_and_with_a_long_name_is_still_a_sheet():
    made = sheet([], name="Một danh sách có tên dài hơn ba mươi mốt chữ")
    assert (made.title, made.max_row) == ("Một danh sách có tên dài hơn ba", 1)
