"""What is decided of each row of a list of people."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from accounts.models import Person
from lib import phones
from lib.lists import Question
from lib.lists.rows import Other
from provinces.models import Place

from .lines import Line

NEW = "new"


class Verdict(StrEnum):
    NEW = "new"  # is registered as a person
    KNOWN = "known"  # is in the records, and something is written
    ALREADY = "already"  # there is nothing to write
    TWICE = "twice"  # in this file
    ASK = "ask"
    REFUSED = "refused"
    SKIPPED = "skipped"  # as somebody decided


@dataclass(frozen=True)
class Planned[L: Line]:
    line: L
    verdict: Verdict
    why: str = ""
    person: Person | None = None
    place: Place | None = None
    token: UUID | None = None
    questions: tuple[Question, ...] = ()
    is_elsewhere: bool = (
        False  # the person lives outside the places of whoever imports, who is shown no more than the list says
    )

    @property
    def phone(self) -> str:
        return self.line.phones[0] if self.line.phones else ""

    @property
    def masked_phone(self) -> str:
        return phones.masked(self.phone) if self.phone else ""

    @property
    def is_written(self) -> bool:
        return self.verdict in (Verdict.NEW, Verdict.KNOWN)

    @property
    def mark(self) -> str:
        """What was looked at."""
        return f"{self.line.key}:{self.verdict}:{self.person.pk if self.person else ''}"


@dataclass(frozen=True)
class Plan[P: Planned]:  # type: ignore[type-arg]
    lines: Sequence[P]
    others: Sequence[Other]

    def of(self, *verdicts: Verdict) -> list[P]:
        return [one for one in self.lines if one.verdict in verdicts]

    @property
    def written(self) -> list[P]:
        return [one for one in self.lines if one.is_written]

    @property
    def left(self) -> list[P]:
        """What does not come in, to be taken along and put right."""
        return self.of(Verdict.ASK, Verdict.REFUSED, Verdict.SKIPPED)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(one.verdict for one in self.lines)
        return {verdict.value: found[verdict] for verdict in Verdict}

    @property
    def fingerprint(self) -> str:
        """Of what was looked at: what changed since is shown again before it is written."""
        return hashlib.sha256("|".join(one.mark for one in self.lines).encode()).hexdigest()[:16]
