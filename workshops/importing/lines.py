"""Rows of a list of delegates: people (`accounts.rosters`), with their room, a note, and who is a man and who a woman."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.rosters import lines
from lib import text
from lib.lists import Columns, Sheet
from lib.lists.rows import NOTHING, Other, is_nothing
from workshops.models import Gender

_GENDERS = {
    "nam": Gender.MALE, "m": Gender.MALE, "male": Gender.MALE, "ong": Gender.MALE, "trai": Gender.MALE,
    "nu": Gender.FEMALE, "f": Gender.FEMALE, "female": Gender.FEMALE, "ba": Gender.FEMALE, "gai": Gender.FEMALE,
}  # fmt: skip
_MARKS = frozenset({"x", "v", "1", "01", "*", "+", "✓", "✔", "√", "☑", "co"})
_CALLED = re.compile(r"(ông|bà)[.:]?\s+\w+\s+\w", re.IGNORECASE)  # before a name of several words


@dataclass(frozen=True)
class Line(lines.Line):
    room: str = ""
    note: str = ""
    gender: str = ""


def people(sheets: Sequence[Sheet], columns: Sequence[Columns]) -> tuple[list[Line], list[Other]]:
    return lines.people(sheets, columns, _line)


def _line(of: lines.Line, said: Mapping[str, str]) -> Line:
    room, note = said.get("room", ""), said.get("note", "")
    return Line(
        **vars(of),
        room="" if is_nothing(room) else room[:120],
        note="" if is_nothing(note) else note[:200],
        gender=gender(said),
    )


def gender(said: Mapping[str, str]) -> str:
    """By a word, by the one of two columns in which something stands (a mark, or a year of birth), or by how somebody is called; "" where
    the list does not say it. A list that marks women alone says nothing of the others: who was not marked may have been forgotten."""
    words = (_GENDERS.get(text.fold(said.get(role, "")).strip(" .")) for role in ("gender", "women", "men"))
    if word := next(filter(None, words), None):
        return word
    is_man, is_woman = (
        any(_is_filled(said, *roles) for roles in ((ours, other), (ours_born, other_born)))
        for ours, other, ours_born, other_born in (
            ("men", "women", "born", "born_too"),
            ("women", "men", "born_too", "born"),
        )
    )
    if is_man != is_woman:
        return Gender.FEMALE if is_woman else Gender.MALE
    if called := _CALLED.match(said.get("name", "").strip()):
        return _GENDERS[text.fold(called[1])]
    return ""


def _is_filled(said: Mapping[str, str], role: str, other: str) -> bool:
    """Of two columns either may hold anything; one alone a mark, as "Năm" reads like "Nam"."""
    cell = text.fold(said.get(role, "")).strip(" .")
    return cell in _MARKS or (role in said and other in said and cell not in NOTHING)
