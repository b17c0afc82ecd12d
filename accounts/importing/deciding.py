"""What is decided of each row of a register, and the register as somebody looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accounts.models import Product, Subject
from lib.lists import Columns, Decisions, Question, Sheet, planned
from provinces.models import Place

from .lines import Line


class Verdict(StrEnum):
    NEW = "new"  # a subject that the register does not have
    MORE = "more"  # a product that a known subject does not have
    CHANGED = "changed"  # something that the register says otherwise
    SAME = "same"
    TWICE = "twice"  # in this file
    ASK = "ask"
    REFUSED = "refused"
    SKIPPED = "skipped"  # as somebody decided


@dataclass(frozen=True)
class Change:
    """Of a field of the subject or of the product: what the register says, and what the file does."""

    of: str
    field: str
    before: Any
    after: Any
    words: str


@dataclass(frozen=True)
class Planned:
    """`group` are the rows of one subject: its place and folded name. `subject` is the one that the register has; `also` is the group of
    the file that this one is said to be as well. `changes` of the subject stand at the first row of its group."""

    line: Line
    verdict: Verdict
    why: str = ""
    place: Place | None = None
    group: tuple[int, str] | None = None
    subject: Subject | None = None
    also: tuple[int, str] | None = None
    product: Product | None = None
    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def is_written(self) -> bool:
        return self.verdict in (Verdict.NEW, Verdict.MORE, Verdict.CHANGED)

    @property
    def mark(self) -> str:
        """What was looked at."""
        changes = [(change.of, change.field, str(change.before)) for change in self.changes]
        subject, place = (one.pk if one else "" for one in (self.subject, self.place))
        return f"{self.line.key}:{self.verdict}:{subject}:{self.also}:{place}:{changes}"

    @property
    def is_other_name(self) -> bool:
        """The register gets to know this name as another one of a subject."""
        known = self.subject.search if self.subject else ""
        return bool(self.group) and (bool(self.also) or bool(known and self.group and known != self.group[1]))


@dataclass(frozen=True)
class Register:
    """A file as it was read, with what somebody said about it."""

    sheets: Sequence[Sheet]
    columns: Sequence[Columns]
    decisions: Decisions = field(default_factory=dict)
    place: int | None = None  # for rows that say none
    is_filling: bool = False  # what the register says stays; only what it does not say is taken


@dataclass(frozen=True)
class Plan(planned.Plan[Planned]):
    verdicts = Verdict

    @property
    def subjects(self) -> int:
        """New ones, however many rows they have."""
        return len({one.group for one in self.of(Verdict.NEW) if not one.also})

    @property
    def products(self) -> int:
        """New ones."""
        return len([one for one in self.of(Verdict.NEW, Verdict.MORE) if one.line.product])
