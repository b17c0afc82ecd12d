"""Which column says what: found by heads in the many ways in which offices write them, and corrected by whoever looks at it.

What columns a list may have, and how their heads are called, is the `Vocabulary` of whoever reads it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string, get_column_letter

from lib import text

from .reading import Row, Sheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HEADS_WITHIN, MOST_WORDS, LONGEST_HEAD = 40, 9, 80
IGNORED = "ignored"  # of a column that is known, and says nothing that is taken


@dataclass(frozen=True)
class Columns:
    """Of a sheet: where each thing stands, with which row the list begins, and whether the sheet is taken."""

    places: Mapping[str, int] = field(default_factory=dict)
    begin: int = 1  # number of the first row below the heads, as the file counts
    is_taken: bool = True
    is_found: bool = True  # by heads, else guessed by what stands in the columns

    def as_dict(self) -> dict[str, Any]:
        return {"places": dict(self.places), "begin": self.begin, "is_taken": self.is_taken, "is_found": self.is_found}


@dataclass(frozen=True)
class Vocabulary:
    """The columns of one kind of list.

    `labels`: what each is called for whoever corrects them; `names`: heads, folded and without signs, of each, apart by "|";
    `contain`: where the whole head is none that is known, the first of these that holds one of its words; `needed`: without which there
    is no list. `weak` say less than the head above them ("Năm sinh" over "Nữ" is a year of birth); `pair` are two sub-heads
    that say something only where both stand there ("Nam" and "Nữ").
    """

    labels: "Mapping[str, StrOrPromise]"
    names: Mapping[str, str]
    contain: Sequence[tuple[str, Collection[str]]] = ()
    needed: str = "name"
    weak: Collection[str] = (IGNORED,)
    pair: Collection[str] = ()

    @cached_property
    def heads(self) -> dict[str, str]:
        return {name: column for column, names in self.names.items() for name in names.split("|")}

    def role(self, cell: str) -> str:
        """What a head says; "" for none that is known."""
        if len(cell) > LONGEST_HEAD:
            return ""
        keys = [key(cell), _words(text.fold(cell))]
        exact = next((self.heads[one] for one in keys if one in self.heads), "")
        if exact or len(keys[0].split()) > MOST_WORDS:
            return exact
        return self.otherwise(keys[0])

    def otherwise(self, said: str) -> str:
        return next((role for role, words in self.contain if any(holds(said, one) for one in words)), "")

    def are_heads(self, row: Row) -> bool:
        """More than a title, in which a word of a head may stand as well."""
        return len({role for role in map(self.role, row.cells) if role}) > 1

    def detect(self, sheet: Sheet) -> Columns | None:
        """By the row of heads, or two of them, that names most; None without one."""
        best: tuple[int, dict[str, int], int] = (0, {}, 1)
        for index, row in enumerate(sheet.rows[:HEADS_WITHIN]):
            below = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else None
            for found, after in ((self._one(row), 1), (self._two(row, below), 2) if below else ({}, 1)):
                if self.needed in found and len(found) > best[0] and len(found) > 1:
                    following = sheet.rows[index + after :]
                    begin = following[0].number if following else row.number + after
                    best = (len(found), found, begin)
        if not best[0]:
            return None
        return Columns({role: at for role, at in best[1].items() if role in self.labels}, best[2], not sheet.is_hidden)

    def heads_of(self, sheet: Sheet, columns: Columns) -> Iterator[str]:
        """One head for each column, of one or two rows; what stands over them is no head."""
        above = [row for row in sheet.rows if row.number < columns.begin][-2:]
        cells = (
            [row.cells for row in above[-1:]]
            if len(above) == 2 and not self.are_heads(above[0])
            else [one.cells for one in above]
        )
        for at in range(max(len(row.cells) for row in sheet.rows)):
            words = [row[at] for row in cells if at < len(row) and row[at]]
            yield text.nfc(" ".join(dict.fromkeys(words)))[:100] or _("Cột %(letter)s") % {"letter": letter(at)}

    def _one(self, row: Row) -> dict[str, int]:
        return placed(map(self.role, row.cells))

    def _two(self, row: Row, below: Row) -> dict[str, int]:
        """The head above with the one below ("Năm sinh": "Nam" | "Nữ"), else whichever of both says something."""
        roles, above = [], ""
        are_paired = set(self.pair) <= set(map(self.role, below.cells))  # one of both is the cell of a person
        for head, sub in zip(row.cells, [*below.cells, *[""] * len(row.cells)], strict=False):
            above = head or (above if sub else "")
            both = self.role(f"{above} {sub}") if sub and sub != head else ""
            alone = self.role(sub)
            if alone in self.pair and not are_paired:
                alone = IGNORED
            roles.append(both or (alone if alone not in self.weak else "") or self.role(head) or alone)
        return placed(roles) if any(map(self.role, below.cells)) else {}


def key(cell: str) -> str:
    """A head as the vocabulary has it, without what stands in brackets unless that is all."""
    said = re.sub(r"\([^)]*\)", " ", text.fold(cell))
    return _words(said) or _words(text.fold(cell))


def _words(folded: str) -> str:
    return " ".join(re.findall(r"\w+", folded))


def holds(said: str, words: str) -> bool:
    return f" {words} " in f" {said} "


def placed(roles: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, role in enumerate(roles):
        if role and role not in found:
            found[role] = place
    found.pop(IGNORED, None)
    return found


def typed(said: str, labels: Collection[str]) -> dict[str, int]:
    """ "name=B,phone=D" → places. Raises ValueError for what is none of the columns or no letter of Excel's."""
    places = {}
    for one in filter(None, map(str.strip, said.split(","))):
        role, _equals, at = one.partition("=")
        if role not in labels:
            raise ValueError(f"{role}: {', '.join(labels)}")
        places[role] = column_index_from_string(at.strip().upper()) - 1
    return places


def letter(place: int) -> str:
    return str(get_column_letter(place + 1))
