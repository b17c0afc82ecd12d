"""Pure decisions about people: names, PINs, consents."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from functools import lru_cache

from lib import phones
from lib.text import fold, nfc

# Without these nothing is recorded: the purpose, and the oldest wording that still tells all that is done.
REQUIRED_CONSENTS = {"learning-record": 3}
OWN_ONLY = ("minority",)  # what nobody on the staff side is told of one person, not even that it was asked
ASKED_APART = ("help", *OWN_ONLY)  # agreed to where it comes up, not with signing up
ADULT_FROM, OLDEST = 16, 110
STARS_ENDING = timedelta(days=183)  # half a year: what a new file for the stars takes
PRESSED_TWICE = timedelta(minutes=1)  # the same form sent again: a double click, a slow network
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


@dataclass(frozen=True)
class Held:
    """A role that somebody holds today: how far it reaches ("" the country, "province" or "commune") and its last day, if there is one."""

    role: str
    reach: str
    last: date | None

    @property
    def until(self) -> date:
        return self.last or date.max


_WIDER_FIRST = ("", "province", "commune")
# By the level of the place: banks of questions belong to whole provinces. Editors and administrators have no place.
GIVEN_BY_MANAGERS: dict[str, tuple[str, ...]] = {
    "manager": ("province", "commune"),
    "organiser": ("province", "commune"),
    "author": ("province",),
}


def manages_colleagues(held: Held) -> bool:
    """Managers of communes have nobody below them."""
    return held.role == "manager" and held.reach != "commune"


def gives_until(*, role: str, level: str, held: Iterable[Held]) -> date | None:
    """The last day until which somebody may give a role in a place of a level to another; `date.max` without an end, None for never.

    `held` are the own roles that cover that place. Managers are given below the own unit, so that nobody makes an equal or ends one;
    organisers and authors there and in the own unit. Nobody gives the whole country.
    """
    if level not in GIVEN_BY_MANAGERS.get(role, ()):
        return None
    giving = [one for one in held if manages_colleagues(one)]
    if role == "manager":
        giving = [one for one in giving if _WIDER_FIRST.index(one.reach) < _WIDER_FIRST.index(level)]
    return max((one.until for one in giving), default=None)


# What stands in names of subjects beside the name itself, the longest first.
_KINDS_OF_SUBJECT = re.compile(
    r"\b(?:cong ty trach nhiem huu han mot thanh vien|cong ty trach nhiem huu han|cong ty tnhh mtv|cong ty tnhh mot thanh vien|cong ty tnhh|"
    r"cong ty co phan|cong ty cp|cong ty|cty|doanh nghiep tu nhan|doanh nghiep|dntn|hop tac xa|htx|to hop tac|tht|co so san xuat kinh doanh|"
    r"co so san xuat|co so che bien|co so|cssx|ho kinh doanh ca the|ho kinh doanh|hkd|ho san xuat|ho|tnhh|mtv|nong nghiep|dich vu|"
    r"thuong mai|san xuat|kinh doanh|che bien|va)\b"
)
CLOSE = 0.92  # of two names written without blanks: one letter of about twelve
LONG_ENOUGH = 8  # letters below which one of them makes another name


@lru_cache(maxsize=10_000)
def bare_subject(folded: str) -> str:
    """What a subject is called, without the words for what kind it is: "htx tom kho rach goc" → "tom kho rach goc"."""
    words = " ".join(re.findall(r"\w+", folded))
    return " ".join(_KINDS_OF_SUBJECT.sub(" ", words).split()) or words


def are_alike(one: str, other: str) -> bool:
    """Whether two folded names of subjects may mean one: the same words apart from the kind, one name within the other, or a slip of
    the keyboard. Two names of people that differ in a word are two."""
    (words, plain), (others, plainer) = _compared(one), _compared(other)
    shared, fewer = words & others, min(words, others, key=len)
    if words == others or plain == plainer or (len(fewer) > 1 and fewer == shared):
        return True
    short, long = sorted((len(plain), len(plainer)))
    # Who slips in one letter of twelve leaves a word of four alone. Asked first, as the letters are long to compare.
    may_be = len(fewer) > 3 and bool(shared) and short >= LONG_ENOUGH and 2 * short >= CLOSE * (short + long)
    if not may_be:
        return False
    matcher = SequenceMatcher(None, plain, plainer)
    return matcher.quick_ratio() >= CLOSE and matcher.ratio() >= CLOSE


@lru_cache(maxsize=20_000)
def _compared(folded: str) -> tuple[frozenset[str], str]:
    bare = bare_subject(folded)
    return frozenset(bare.split()), bare.replace(" ", "")


def written_number(typed: str) -> str:
    """A number to call as the register keeps it: mobiles alike however they were typed, several behind each other; what is none (of a
    landline) as it was typed."""
    found = phones.in_cell(typed)
    return "; ".join(map(phones.readable, found)) or nfc(typed)
