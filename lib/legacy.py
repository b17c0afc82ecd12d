"""Vietnamese of before Unicode, as old lists still hold it: letters of TCVN3 (.VnTime) and VNI fonts that a workbook keeps as Latin ones.

Which one it is, is told by spelling: read the right way the words are syllables of Vietnamese, read the other ways most are not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import accumulate

ENOUGH = 50_000  # letters by which the way of writing is told
_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_ALONE |= {old.upper(): new.upper() for old, new in _VNI_ALONE.items()}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[^\s.,;:()/\-–'\"“”0-9]+")
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
    r"(?:uyê|iêu|yêu|oai|oao|oay|oeo|uây|uôi|uya|uyu|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|"
    r"ưa|ưi|ươ|ưu|yê|[aăâeêioôơuưy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)


def _from_tcvn3(words: str) -> str:
    return "".join(_TCVN3.get(c, c) for c in words)


def _from_vni(words: str) -> str:
    said: list[str] = []
    for c in words:
        mark = _VNI_MARKS.get(c.lower())
        if mark and said and said[-1].lower() in "aeouyơư":
            said[-1] = unicodedata.normalize("NFC", said[-1] + mark)
        else:
            said.append(_VNI_ALONE.get(c, c))
    return "".join(said)


_READINGS: tuple[Callable[[str], str], ...] = (_from_tcvn3, _from_vni)


def is_syllable(word: str) -> bool:
    """Whether a word is spelled as Vietnamese syllables are: one tone at most, known vowels, known ends."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tones = sum(c in _TONES for c in decomposed)
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return tones <= 1 and _SYLLABLE.fullmatch(bare) is not None


def _spelled(words: str) -> tuple[int, int]:
    """How many of the words with a letter beyond ASCII are well spelled, and how many there are."""
    marked = [word for word in _WORD.findall(words) if not word.isascii()]
    return sum(map(is_syllable, marked)), len(marked)


def _share(cells: Iterable[str]) -> float:
    good = many = 0
    for cell in cells:
        well, of = _spelled(cell)
        good, many = good + well, many + of
    return good / many if many else 1.0


def _first(cells: list[str]) -> list[str]:
    """As many as tell how a column was typed."""
    before = accumulate((len(cell) for cell in cells), initial=0)
    return [cell for cell, letters in zip(cells, before, strict=False) if letters < ENOUGH]


def modern(cells: list[str]) -> list[str]:
    """Cells of one column, written by one hand in one font: as they are where that reads well, else the way that reads best.

    A cell among them that somebody added later in Unicode stays.
    """
    wide = [any(ord(c) > 0xFF and c.isalpha() for c in cell) for cell in cells]
    old = [cell for cell, is_wide in zip(cells, wide, strict=True) if not is_wide and not cell.isascii()]
    if not old:
        return cells
    some = _first(old)
    as_is, (share, reading) = (
        _share(some),
        max(((_share(map(one, some)), one) for one in _READINGS), key=lambda one: one[0]),
    )
    if share <= as_is or share < 0.7:
        return cells
    return [cell if is_wide or cell.isascii() else reading(cell) for cell, is_wide in zip(cells, wide, strict=True)]
