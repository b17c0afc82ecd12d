"""What is to come of a list, whatever it is a list of: told apart by verdict, counted, and shown before anything is written."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from .rows import Other

LEFT = ("ask", "refused", "skipped")  # as every kind of list calls what does not come in
MOST_SHOWN = 300  # rows of a verdict on the page
FIRST_SHOWN = 20  # of those who are new: read before the button is pressed


class Decided(Protocol):
    @property
    def verdict(self) -> StrEnum: ...
    @property
    def is_written(self) -> bool: ...
    @property
    def mark(self) -> str: ...


@dataclass(frozen=True)
class Plan[P: Decided]:
    """`verdicts`: those of this kind of list."""

    lines: Sequence[P]
    others: Sequence[Other]
    verdicts: ClassVar[type[StrEnum]]

    def of(self, *verdicts: str) -> list[P]:
        return [one for one in self.lines if one.verdict in verdicts]

    @property
    def written(self) -> list[P]:
        return [one for one in self.lines if one.is_written]

    @property
    def left(self) -> list[P]:
        """What does not come in, to be taken along and put right."""
        return self.of(*LEFT)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(one.verdict for one in self.lines)
        return {verdict.value: found[verdict] for verdict in self.verdicts}

    @property
    def fingerprint(self) -> str:
        """Of what was looked at: what changed since is shown again before it is written."""
        return hashlib.sha256("|".join(one.mark for one in self.lines).encode()).hexdigest()[:16]

    @property
    def shown(self) -> dict[str, Any]:
        """What a page of it needs to know; the first rows of those who are new, and the rest of them, by slices."""
        return {
            "plan": self,
            "groups": {verdict.value: self.of(verdict)[:MOST_SHOWN] for verdict in self.verdicts},
            "counts": self.counts,
            "others": [one for one in self.others if one.why != "head"][:MOST_SHOWN],
            "most": MOST_SHOWN,
            "first": f":{FIRST_SHOWN}",
            "rest": f"{FIRST_SHOWN}:",
        }
