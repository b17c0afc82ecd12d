"""Vietnamese text: folding for search, names, and the order in which people are listed."""

import unicodedata

# The order of letters and tones in a Vietnamese list: a ă â b c d đ e ê …; ngang huyền hỏi ngã sắc nặng.
_LETTERS = {letter: index for index, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=10)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def nfc(text: str) -> str:
    """One code point a letter, blanks collapsed, no NUL: the form in which every text is stored."""
    return _tidy(unicodedata.normalize("NFC", text))


def _tidy(text: str) -> str:
    """Blanks collapsed. NUL is no text, and PostgreSQL refuses it."""
    return " ".join(text.replace("\0", "").split())


def fold(text: str) -> str:
    """Lower case without diacritics, `đ` as `d`: "Rạch Gốc" → "rach goc". Makes oà/òa and NFC/NFD alike."""
    return without_marks(text.casefold())


def without_marks(text: str) -> str:
    """Without diacritics, case kept: "Nghị định 1/NĐ-CP" → "Nghi dinh 1/ND-CP". A text message then takes half the room."""
    decomposed = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _tidy(plain.replace("đ", "d").replace("Đ", "D"))


def sort_key(name: str) -> str:
    """A plain string that sorts persons by given name, then family name, then middle names, in Vietnamese order.

    Letters decide before tones, as in ICU's `vi` collation: ma mà mả mã má mạ; An Ăn Ân; Dung Dương Đào.
    """
    words = nfc(name).casefold().split()
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
