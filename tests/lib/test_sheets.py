"""What is written into a workbook comes out as it went in."""

import io
from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from lib import sheets


def cell(value):
    data = io.BytesIO()
    sheets.write_table(data, [["Đầu cột"], [value]], moments="dd/mm/yyyy hh:mm")
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
    assert cell(datetime(2026, 3, 10, 4, 22)).value == datetime(2026, 3, 10, 4, 22)
    assert cell(None).value is None


def test_what_no_workbook_takes_is_left_out_and_lines_stay_lines():
    assert cell("Cấp\x01 nhầm\x0b\r\nngười \ud800này").value == "Cấp nhầm\n\nngười này"
