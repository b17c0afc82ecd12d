"""What is decided of each row of a list of people."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from accounts.models import Person
from lib import phones
from lib.lists import Question, planned
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
class Plan[P: Planned](planned.Plan[P]):  # type: ignore[type-arg]
    verdicts = Verdict
