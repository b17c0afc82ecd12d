"""Pure decisions about people: names, PINs, consents."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from lib.text import fold

# Without these nothing is recorded: the purpose, and the oldest wording that still tells all that is done.
REQUIRED_CONSENTS = {"learning-record": 3}
ADULT_FROM, OLDEST = 16, 110
# Spelled as `_spelled` does. Marks stand behind a letter, and never so many that they cover what is around them.
_WORD = re.compile(r"[^ .'’-]+")
_NAME = re.compile(r"(?:LM{0,4}|[ .'’-])+")


def looks_like_a_name(name: str) -> bool:
    """Letters of any script with their marks (Khmer and Chăm write vowels so), blanks and the few signs that occur in names;
    at least two letters or marks. One-word names exist.
    """
    spelled = "".join(_spelled(c) for c in unicodedata.normalize("NFC", name))
    is_long_enough = spelled.count("L") + spelled.count("M") >= 2
    # "ß" and ligatures grow when folded, and the folded name has to fit its column.
    return is_long_enough and _NAME.fullmatch(spelled) is not None and len(fold(name)) <= 120


def _spelled(char: str) -> str:
    """L for a letter, M for a mark that belongs to one; anything else is itself."""
    if char.isalpha():
        return "L"
    return "M" if unicodedata.category(char) in ("Mn", "Mc") else char


def capitalised(name: str) -> str:
    """A name typed all in small letters or all in capitals as it is usually written: "h'hen niê" → "H'Hen Niê".

    Mixed letters are somebody's choice and stay ("Y Phôn Ksor"), and so do scripts without capitals.
    """
    if not (name.islower() or name.isupper()):
        return name
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), name)


def covers(purpose: str, version: int) -> bool:
    """Whether agreement to that wording still covers what is done today."""
    return version >= REQUIRED_CONSENTS.get(purpose, 1)


def missing_consents(given: Iterable[tuple[str, int]]) -> set[str]:
    """The required purposes that no (purpose, version) of `given` covers."""
    return set(REQUIRED_CONSENTS) - {purpose for purpose, version in given if covers(purpose, version)}


def is_adult_birth_year(year: int, this_year: int) -> bool:
    return ADULT_FROM <= this_year - year <= OLDEST


def weak_pin(pin: str, birth_year: int | None) -> str:
    """Why a PIN is refused ("not six digits", "trivial", "birth year"), or "" for a good one.

    Trivial: one repeated digit, a repeated half (123123) or pair (121212), a run up or down (456789, 987654).
    """
    if len(pin) != 6 or not (pin.isascii() and pin.isdigit()):
        return "not six digits"
    if (
        pin == pin[:1] * 6
        or pin == pin[:2] * 3
        or pin == pin[:3] * 2
        or pin in "0123456789012345"
        or pin in "9876543210987654"
    ):
        return "trivial"
    if birth_year and str(birth_year) in pin:
        return "birth year"
    return ""


def period_of_role(*, first: date, last: date | None, is_ended: bool, today: date) -> str:
    """Where a role stands: "past", "running" or "coming"."""
    if is_ended or (last and last < today):
        return "past"
    return "coming" if first > today else "running"
