"""A list as text: in each encoding that programs here write it is read as it was typed, or refused with a sentence."""

import codecs
import unicodedata

import pytest

from lib.lists import UnreadableListError, read

HEADS, UT = ["STT", "Họ và tên", "Đơn vị"], ["1", "Trần Thị Út", "HTX Tôm khô Rạch Gốc"]
LIST = f"{';'.join(HEADS)}\r\n{';'.join(UT)}\r\n"
TABS = LIST.replace(";", "\t")
NAMED = {"à": "\u0300", "á": "\u0301", "ả": "\u0309", "ã": "\u0303", "ạ": "\u0323"}


def cp1258(words: str) -> bytes:
    """As Windows keeps it: the tone is a letter of its own behind its vowel."""
    said = b""
    for letter in words:
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in NAMED.values())
        said += unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tone)).encode("cp1258")
        said += tone.encode("cp1258")
    return said


READ = {
    "UTF-8": LIST.encode(),
    "UTF-8 with a mark of its order": codecs.BOM_UTF8 + LIST.encode(),
    "UTF-16, as Excel saves it": codecs.BOM_UTF16_LE + TABS.encode("utf-16-le"),
    "UTF-16, the upper byte first": codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"),
    "Windows-1258": cp1258(LIST),
    "TCVN3": "STT;Hä vµ tªn;§¬n vÞ\r\n1;TrÇn ThÞ ót;HTX T«m kh« R¹ch Gèc\r\n".encode("latin-1"),
    "VNI": "STT;Hoï vaø teân;Ñôn vò\r\n1;Traàn Thò Uùt;HTX Toâm khoâ Raïch Goác\r\n".encode("latin-1"),
}


@pytest.mark.parametrize("name", READ)
def test_is_read_as_it_was_typed(name):
    (sheet,) = read(READ[name], "danh-sach.csv")
    heads, row = [one.cells for one in sheet.rows]
    assert (heads, row[0], row[2]) == (HEADS, UT[0], UT[2])
    assert row[1].casefold() == UT[1].casefold()  # fonts of TCVN3 have no capital with a tone


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (LIST.encode("utf-16-le"), "Tệp không phải UTF-8"),
        (LIST.encode("utf-16-be"), "Tệp không phải UTF-8"),
        (b"STT;Ten\r\n1;Ut\r\n".decode().encode("utf-16-be"), "Tệp này không phải danh sách"),
        ((codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"))[:-1], "Tệp bị hỏng"),
        (codecs.BOM_UTF16_BE + b"\xd8\x00" + LIST.encode("utf-16-be"), "Tệp bị hỏng"),
        (codecs.BOM_UTF32_LE + LIST.encode("utf-32-le"), "Tệp này không phải danh sách"),
        (codecs.BOM_UTF32_BE + LIST.encode("utf-32-be"), "Tệp không phải UTF-8"),
    ],
)
def test_else_it_is_refused(data, said):
    with pytest.raises(UnreadableListError, match=said):
        read(data, "danh-sach.csv")
