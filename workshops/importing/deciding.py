"""What is decided of each row of a list of delegates, and the list as somebody looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.models import Person
from accounts.rosters import deciding
from accounts.rosters.deciding import NEW, Verdict
from lib.lists import Columns, Decisions, Sheet
from provinces.models import Place, PlaceQuerySet
from workshops.models import Quota

from .lines import Line

__all__ = ["BY_PLACE", "NEW", "Plan", "Planned", "Roster", "Scope", "Share", "Verdict"]
BY_PLACE = "auto"  # each one's own quota


@dataclass(frozen=True)
class Planned(deciding.Planned[Line]):
    """Whoever is written gets a seat; who is `ALREADY` there stands on the workshop's list."""

    then: Place | None = None  # what it was called on the day of a workshop that is over
    quota: Quota | None = None
    rooms: tuple[int, ...] = ()  # of parallel sessions those that the list names

    @property
    def of_day(self) -> Place | None:
        """The place as it was called on the workshop's day."""
        return self.then or self.place

    @property
    def mark(self) -> str:
        return f"{super().mark}:{self.quota.pk if self.quota else ''}:{self.rooms}"


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
class Plan(deciding.Plan[Planned]):
    shares: Sequence[Share] = ()

    @property
    def waiting(self) -> int:
        """Of those that are written, how many find no seat."""
        return sum(share.waiting for share in self.shares)
