import random

import pytest

from lib import text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Rạch Gốc", "rach goc"), ("Đất Mũi", "dat mui"), ("hoà", "hoa"), ("hòa", "hoa"), ("  Thuỷ   SẢN ", "thuy san")],
)
def test_folding_drops_marks_case_and_extra_blanks(typed, folded):
    assert text.fold(typed) == folded


def test_decomposed_letters_are_stored_composed():
    assert text.nfc("Tra\u0302\u0300n  Thi\u0323  U\u0301t ") == "Trần Thị Út"


def test_tones_come_in_the_vietnamese_order():
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(random.sample(tones, 6), key=text.sort_key) == tones


def test_letters_come_in_the_vietnamese_order_and_before_tones():
    names = ["An", "Ăn", "Ân", "Dung", "Dương", "Đào", "Đức", "Oanh", "Ông", "Ơn"]
    assert sorted(random.sample(names, 10), key=text.sort_key) == names


def test_people_are_listed_by_given_name_then_family_name():
    people = ["Nguyễn Văn An", "Trần Thị An", "Lê Bé", "Trần Thị Út"]
    assert sorted(random.sample(people, 4), key=text.sort_key) == people


def test_one_word_names_and_foreign_letters_sort_too():
    assert text.sort_key("Sơn") < text.sort_key("Thạch Zoë")
