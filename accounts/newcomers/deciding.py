"""What is decided of each row of a list of people, and the list as somebody looked at it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db.models import QuerySet

from accounts.models import OfficialLevel, Person, PersonKind, SubjectRole
from accounts.rosters import deciding
from accounts.rosters.deciding import Verdict
from lib.lists import Columns, Decisions, Sheet
from provinces.models import Place, PlaceQuerySet

from .lines import Line

__all__ = ["Change", "Listing", "Plan", "Planned", "Scope", "Verdict"]


@dataclass(frozen=True)
class Change:
    """Of a field of the records, what the list says. A subject is named (`Planned.subject_name`), as it may be a new one."""

    field: str
    after: Any
    words: str


@dataclass(frozen=True)
class Planned(deciding.Planned[Line]):
    """Who is new is registered; of who is known (`KNOWN`) `changes` are written. `standing`: as whom (`lines.standing_of`)."""

    standing: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @property
    def subject_name(self) -> str:
        return self.standing.get("subject_name", "")

    @property
    def as_what(self) -> str:
        """In words: an official of a level, or somebody's part in a subject."""
        said = self.standing
        if level := said.get("official_level"):
            return f"{PersonKind.OFFICIAL.label}, {OfficialLevel(level).label}"
        role = SubjectRole(said["subject_role"]).label if said.get("subject_role") else ""
        return ", ".join(filter(None, [self.subject_name, str(role)])) or (
            str(PersonKind(said["kind"]).label) if said else ""
        )

    @property
    def mark(self) -> str:
        changes = [(one.field, str(one.after)) for one in self.changes]
        return f"{super().mark}:{self.place.pk if self.place else ''}:{self.subject_name}:{changes}"


type Plan = deciding.Plan[Planned]


@dataclass(frozen=True)
class Listing:
    """A file as it was read, with what somebody said about it."""

    sheets: Sequence[Sheet]
    columns: Sequence[Columns]
    decisions: Decisions = field(default_factory=dict)
    place: int | None = None  # for rows that say none
    is_correcting: bool = False  # what the records say otherwise is written over

    @property
    def key(self) -> UUID:
        """The same file has the same: whom it wrote down is found by it in the log."""
        said = json.dumps([sheet.as_list() for sheet in self.sheets])
        return uuid5(NAMESPACE_OID, f"people:{hashlib.sha256(said.encode()).hexdigest()}")


@dataclass(frozen=True)
class Scope:
    """Whom whoever imports may see (`people`) and correct, and where people may be written down (None: everywhere); `home` is where places of
    one name are looked for first, `own` whoever imports."""

    people: QuerySet[Person]
    correctable: QuerySet[Person]
    places: PlaceQuerySet | None
    home: Place | None
    own: int | None = None
