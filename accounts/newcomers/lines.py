"""Rows of a list of trainees and officials: people, with what the list says that they are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.importing.offices import level_of
from accounts.models import OfficialLevel, PersonKind, SubjectKind
from accounts.rosters import lines
from accounts.rosters.standing import role_of, standing
from lib import text
from lib.lists import Columns, Sheet
from lib.lists.rows import Other
from provinces.models import Level, Place

_KINDS = {
    PersonKind.OFFICIAL: re.compile(r"\b(?:can bo|cong chuc|vien chuc|chuyen vien|official)\b"),
    PersonKind.SUBJECT: re.compile(r"\b(?:chu the|htx|hop tac xa|tht|to hop tac|ho|doanh nghiep|co so|san xuat|subject)\b"),
}  # fmt: skip
_LEVELS = {
    OfficialLevel.CENTRE: re.compile(r"\b(?:trung uong|tw|bo)\b"),
    OfficialLevel.PROVINCE: re.compile(r"\b(?:tinh|thanh pho)\b"),
    OfficialLevel.COMMUNE: re.compile(r"\b(?:xa|phuong|dac khu)\b"),
}


@dataclass(frozen=True)
class Line(lines.Line):
    """`kind`, `role` and `level` are values of the records, "" where the list does not say them."""

    kind: str = ""
    role: str = ""
    level: str = ""

    @property
    def says_what(self) -> bool:
        return bool(self.kind or self.level or self.unit or self.post)


def people(sheets: Sequence[Sheet], columns: Sequence[Columns]) -> tuple[list[Line], list[Other]]:
    return lines.people(sheets, columns, _line)


def _line(of: lines.Line, said: Mapping[str, str]) -> Line:
    role = role_of(said.get("role", "")) or role_of(of.post)
    return Line(**vars(of), kind=_known(_KINDS, said, "kind"), role=role, level=_known(_LEVELS, said, "level"))


def _known(words: Mapping[Any, re.Pattern[str]], said: Mapping[str, str], column: str) -> str:
    folded = text.fold(said.get(column, ""))
    return next((value for value, pattern in words.items() if pattern.search(folded)), "")


def standing_of(line: Line, place: Place) -> dict[str, str]:
    """As whom somebody is written down, as `accounts.actions.Listed` has it. What the list says in a column of its own counts before what
    unit and post let guess."""
    guessed = PersonKind.OFFICIAL if line.level else standing(line.unit, line.post, None)["kind"]
    kind = line.kind or guessed
    if kind == PersonKind.OFFICIAL:
        at_home = OfficialLevel.PROVINCE if place.level == Level.PROVINCE else OfficialLevel.COMMUNE
        return {"kind": kind, "official_level": line.level or (level_of(line.unit) if line.unit else at_home)}
    named = {"subject_name": line.unit, "subject_kind": SubjectKind.told_by(line.unit) if line.unit else ""}
    return {"kind": kind, "subject_role": line.role, **named}
