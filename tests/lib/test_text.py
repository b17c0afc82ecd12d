import random
import sys
import unicodedata

import pytest

from lib import text

pytestmark = pytest.mark.once


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


HIDDEN = [
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u00ad",
    "\x07",
    "\0",
    "\u3164",
    "\ud800",
    "\u17b4",
    "\ufe0f",
    "\U000e0100",
]


@pytest.mark.parametrize("mark", HIDDEN, ids=ascii)
def test_what_cannot_be_seen_is_no_part_of_a_name(mark):
    assert text.name(f"{mark}Trần{mark} Thị {mark} Út{mark}") == "Trần Thị Út"


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x07", "\0", "\ud800"], ids=ascii)
def test_no_text_is_stored_with_control_characters_or_turned_around(mark):
    assert text.nfc(f"Tôm{mark} khô") == "Tôm khô"
    assert text.fold(f"Tôm{mark} khô") == "tom kho"


def test_khmer_and_compound_emoji_keep_their_joiners_in_texts_and_searches_do_without():
    assert text.nfc("ស្រែ\u200bអំបិល 👩\u200d🌾") == "ស្រែ\u200bអំបិល 👩\u200d🌾"
    assert text.fold("ស្រែ\u200bអំបិល") == text.fold("ស្រែអំបិល")


def test_whatever_prints_is_stored_as_it_is_and_no_letter_that_prints_is_a_control_or_a_turn():
    """The short way, which nearly all texts take, rests on this."""
    printing = [c for c in map(chr, range(sys.maxunicode + 1)) if c.isprintable()]
    assert not [c for c in printing if unicodedata.category(c) in ("Cc", "Cf", "Cs") or (c.isspace() and c != " ")]
    kept = [c for c in printing if unicodedata.normalize("NFC", c) == c and c != " "]
    assert text.nfc("".join(f" {c}" for c in kept[::97])) == " ".join(kept[::97])


@pytest.mark.parametrize(
    ("letter", "marks"), [("Ẩ", 2), ("Ế", 2), ("Ậ", 1), ("Ớ", 1), ("Á", 1), ("Đ", 0), ("A\u0302\u0301", 2)]
)
def test_marks_above_a_letter_are_counted(letter, marks):
    assert text.marks_above(letter) == marks
