"""Vietnamese text: folding for search, names, and the order in which people are listed."""

import re
import unicodedata

# The order of letters and tones in a Vietnamese list: a ă â b c d đ e ê …; ngang huyền hỏi ngã sắc nặng.
_LETTERS = {letter: index for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=10)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


# Marks that turn the direction of what follows: with them a name can be shown as another.
_TURNS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters, marks and signs by their category that show nothing at all; the last ones only choose how the one before looks.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f").union(
    map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)


def nfc(text: str) -> str:
    """One code point a letter, blanks collapsed, no control characters: the form in which every text is stored.

    Zero-width joiners and spaces stay: Khmer and compound emoji need them. Names go through `name`.
    """
    return _tidy(unicodedata.normalize("NFC", text))


def nfc_lines(text: str) -> str:
    """`nfc` that keeps line ends, as one \\n each, whatever the browser or file writes; none at the ends."""
    return "\n".join(nfc(line) for line in text.splitlines()).strip()


def name(text: str) -> str:
    """A name as it is stored and printed: `nfc` without anything that cannot be seen, so that two alike are the same."""
    seen = (c for c in text if c not in _BLANKS and unicodedata.category(c) != "Cf")
    return nfc("".join(seen))


def is_seen(text: str) -> bool:
    """Whether anything of it can be seen: blanks without width and their like are no answer."""
    return any(c not in _BLANKS and unicodedata.category(c)[0] not in "CZ" for c in text)


def _tidy(text: str) -> str:
    """Blanks collapsed. Control characters and halves of code points are no text, and PostgreSQL refuses some of them."""
    if text.isprintable():  # nearly all: nothing in it is one of those, and no blank but the usual one
        return " ".join(text.split())
    shown = (c for c in text if c.isspace() or (c not in _TURNS and unicodedata.category(c) not in ("Cc", "Cs")))
    return " ".join("".join(shown).split())


def fold(text: str) -> str:
    """Lower case without diacritics, `đ` as `d`: "Rạch Gốc" → "rach goc". Makes oà/òa and NFC/NFD alike.

    May be longer than the text ("ﬃ" → "ffi"): whoever keeps it bounds it to the column.
    """
    return without_marks(text.casefold())


def without_marks(text: str) -> str:
    """Without diacritics and invisible letters, case kept: "Nghị định 1/NĐ-CP" → "Nghi dinh 1/ND-CP"."""
    decomposed = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return _tidy(plain.replace("đ", "d").replace("Đ", "D"))


def marks_above(letter: str) -> int:
    """How many marks stand above a letter: two of "Ẩ", one of "Ậ" and of "Ớ"."""
    return sum(unicodedata.combining(c) == 230 for c in unicodedata.normalize("NFD", letter))  # 230: above, by Unicode


def in_a_sentence(kind_and_name: str) -> str:
    """ "Huyện Ngọc Hiển" → "huyện Ngọc Hiển": the word for the kind of place is no part of its name."""
    return kind_and_name[:1].lower() + kind_and_name[1:]


def words(text: str) -> str:
    """A text's words with blanks around each, so that `contains` finds whole ones on every database: " tom kho "."""
    return f" {' '.join(re.findall(r'\w+', text))} "


def sort_key(full_name: str) -> str:
    """A plain string that sorts persons by given name, then family name, then middle names, in Vietnamese order.

    Letters decide before tones, as in ICU's `vi` collation: ma mà mả mã má mạ; An Ăn Ân; Dung Dương Đào.
    """
    words = nfc(full_name).casefold().split()
    ordered = words[-1:] + words[:-1]
    letters, tones = [], []
    for word in ordered:
        word_letters, word_tone = _spell(word)
        letters.append(word_letters)
        tones.append(word_tone)
    return " ".join(letters) + "|" + "".join(tones)


def _spell(word: str) -> tuple[str, str]:
    """Letters as two digits each (foreign ones as themselves after all others) and the tone of one syllable."""
    tone = 0
    letters: list[str] = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        elif unicodedata.combining(char) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
    return "".join(str(_LETTERS[c]) if c in _LETTERS else "~" + c for c in letters), str(tone)
