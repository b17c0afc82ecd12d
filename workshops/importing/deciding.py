"""What is decided of each row of a list, and the list as somebody looked at it."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from lib import phones
from lib.lists import Columns, Decisions, Question, Sheet
from lib.lists.rows import Other
from provinces.models import Place, PlaceQuerySet
from workshops.models import Quota

from .lines import Line

NEW = "new"
BY_PLACE = "auto"  # each one's own quota


class Verdict(StrEnum):
    NEW = "new"  # is registered as a person, and gets a seat
    KNOWN = "known"  # is in the records, and gets a seat
    ALREADY = "already"  # is on the workshop's list
    TWICE = "twice"  # in this file
    ASK = "ask"
    REFUSED = "refused"
    SKIPPED = "skipped"  # as somebody decided


@dataclass(frozen=True)
class Planned:
    line: Line
    verdict: Verdict
    why: str = ""
    person: Person | None = None
    place: Place | None = None
    then: Place | None = None  # what it was called on the day of a workshop that is over
    token: UUID | None = None
    quota: Quota | None = None
    rooms: tuple[int, ...] = ()  # of parallel sessions those that the list names
    questions: tuple[Question, ...] = ()
    is_elsewhere: bool = (
        False  # the person lives outside the places of whoever imports, who is shown no more than the list says
    )

    @property
    def of_day(self) -> Place | None:
        """The place as it was called on the workshop's day."""
        return self.then or self.place

    @property
    def phone(self) -> str:
        return self.line.phones[0] if self.line.phones else ""

    @property
    def masked_phone(self) -> str:
        return phones.masked(self.phone) if self.phone else ""

    @property
    def is_written(self) -> bool:
        return self.verdict in (Verdict.NEW, Verdict.KNOWN)


@dataclass(frozen=True)
class Roster:
    """A file as it was read, with what somebody said about it."""

    sheets: Sequence[Sheet]
    columns: Sequence[Columns]
    decisions: Decisions = field(default_factory=dict)
    quota: str = ""  # key of one, BY_PLACE, or none
    place: int | None = None  # for rows that say none


@dataclass(frozen=True)
class Scope:
    """Whom and where whoever imports may write down; None: everywhere."""

    people: QuerySet[Person]
    places: PlaceQuerySet | None


@dataclass(frozen=True)
class Share:
    """Of those that are written, how many want a seat of a quota, or (None) of what no quota sets apart; for how many of a full quota
    there is one outside quotas, and how many find none."""

    quota: Quota | None
    people: int
    room: int | None  # seats that are left; None: any number
    outside: int
    waiting: int


@dataclass(frozen=True)
class Plan:
    lines: Sequence[Planned]
    others: Sequence[Other]
    shares: Sequence[Share] = ()

    @property
    def waiting(self) -> int:
        """Of those that are written, how many find no seat."""
        return sum(share.waiting for share in self.shares)

    def of(self, *verdicts: Verdict) -> list[Planned]:
        return [one for one in self.lines if one.verdict in verdicts]

    @property
    def written(self) -> list[Planned]:
        return [one for one in self.lines if one.is_written]

    @property
    def left(self) -> list[Planned]:
        """What does not come in, to be taken along and put right."""
        return self.of(Verdict.ASK, Verdict.REFUSED, Verdict.SKIPPED)

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(one.verdict for one in self.lines)
        return {verdict.value: found[verdict] for verdict in Verdict}

    @property
    def fingerprint(self) -> str:
        """Of what was looked at: what changed since is shown again before it is written."""
        said = "|".join(
            f"{one.line.key}:{one.verdict}:{one.person.pk if one.person else ''}:{one.quota.pk if one.quota else ''}:{one.rooms}"
            for one in self.lines
        )
        return hashlib.sha256(said.encode()).hexdigest()[:16]
