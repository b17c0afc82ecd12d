"""What is read out of registers as departments write them, before anything is asked or written."""

from datetime import date

import pytest

from accounts.importing import REGISTER, Register, Verdict, plan
from accounts.importing.lines import day, number, stars
from accounts.rules import are_alike, bare_subject
from lib import dates, lists
from lib.lists import Columns
from lib.text import fold
from tests import cast
from tests.accounts import registers

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def register_of(data: bytes, name: str = "so.xlsx", **more) -> Register:
    sheets = lists.read(data, name)
    return Register(sheets, [REGISTER.detect(one) or Columns({}, 1, False, False) for one in sheets], **more)


def planned(data: bytes, **more):
    return plan(register_of(data, **more), within=None, home=cast.province())


def came_out(one) -> registers.Expected:
    line = one.line
    until = dates.short(line.until) if line.until else ""
    return registers.Expected(
        line.name, line.product, line.stars, until, one.place.name if one.place else "?", line.phone, line.leader
    )


@pytest.mark.parametrize("bad", registers.all_of_them(), ids=lambda bad: bad.what)
def test_a_bad_list_comes_out_as_a_careful_reader_reads_it(bad):
    assert [came_out(one) for one in planned(bad.data).of(Verdict.NEW)] == bad.expected
    assert planned(bad.data).left == []


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("4 sao", 4), ("4", 4), ("****", 4), ("* * *", 3), ("★★★★★", 5), ("⭐⭐⭐", 3), ("Hạng 4 sao", 4), ("bốn sao", 4), ("Năm sao", 5),
        ("4*", 4), ("OCOP 3 sao", 3), ("(4 sao)", 4), ("6 sao", None), ("tiềm năng 5 sao", None), ("đạt", None), ("", None), ("******", None),
        ("34", None), ("3 sao, 4 sao", None),
    ],
)  # fmt: skip
def test_stars(said, count):
    assert stars(said) == count


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("05/02/2029", date(2029, 2, 5)), ("5.2.2029", date(2029, 2, 5)), ("5-2-29", date(2029, 2, 5)), ("2/28/2029", date(2029, 2, 28)),
        ("ngày 05 tháng 02 năm 2029", date(2029, 2, 5)), ("2029-02-05", date(2029, 2, 5)), ("47154", date(2029, 2, 5)),
        ("QĐ 12/QĐ-UBND ngày 05/02/2026", date(2026, 2, 5)), ("31/02/2029", None), ("2029", None), ("05/02/1929", None), ("chưa có", None),
    ],
)  # fmt: skip
def test_days(said, found):
    assert day(said) == found


@pytest.mark.parametrize(
    ("said", "kept"),
    [("912345678", "0912 345 678"), ("0912345678/0987654321", "0912 345 678; 0987 654 321"), ("2903831234", "02903831234"), ("Zalo Út", "Zalo Út")],
)  # fmt: skip
def test_numbers(said, kept):
    assert number(said) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTX Tôm khô Rạch Gốc", "Hợp tác xã tôm khô Rạch Gốc"),
        ("Công ty TNHH MTV Cá Mũi", "Cty Cá Mũi"),
        ("Cơ sở sản xuất Ba khía Út", "Ba khía Út Rạch Gốc"),
        ("Tôm khô Rạch Gốc Cà Mau", "Tôm khô Rạch Gôc Cà Mâu"),
        ("HTX nông nghiệp Kim Ngọc Thủy Mũi", "HTX Kim Ngoc Thuyy Mui"),
    ],
)
def test_names_of_one(one, other):
    assert are_alike(fold(one), fold(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hộ Nguyễn Văn Tám", "Hộ Nguyễn Văn Nam"),
        ("HTX Tôm khô", "HTX Tôm tươi"),
        ("HTX", "Hợp tác xã Mắm"),
        ("Cơ sở Út", "Cơ sở Út Lan Mắm"),
    ],
)
def test_names_of_two(one, other):
    assert not are_alike(fold(one), fold(other))


def test_a_name_that_is_only_a_kind_stays_as_it_is():
    assert bare_subject("hop tac xa") == "hop tac xa"
