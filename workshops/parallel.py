"""Parallel sessions: which they are, whose each of them is, and how many seats are left. Whoever asks about rooms asks here.

Sessions that are held at overlapping hours are one slot of time: a delegate goes to one of them, and the slot counts once. Of a slot of one
session everybody's is that one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import BooleanField, Count
from django.db.models.expressions import RawSQL
from django.utils import timezone

from lib import text

from . import rules
from .models import HOLDING, Assignment, Attendance, Registration, Session, Workshop

# Whether another session is held at some of the same time. In plain SQL, of one table and no values: each check-in asks for it, and putting
# an `Exists` together anew takes a sixth of all that a check-in calls.
HAS_OTHERS = RawSQL(
    "EXISTS (SELECT 1 FROM workshops_session other WHERE other.workshop_id = workshops_session.workshop_id"
    " AND other.id <> workshops_session.id AND other.cancelled_at IS NULL"
    " AND other.starts_at < workshops_session.ends_at AND other.ends_at > workshops_session.starts_at)",
    (),
    output_field=BooleanField(),
)


@dataclass(frozen=True)
class Slot:
    sessions: tuple[Session, ...]

    @property
    def is_parallel(self) -> bool:
        return len(self.sessions) > 1

    @property
    def begins_at(self) -> datetime:
        return self.sessions[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return max(one.ends_at for one in self.sessions)

    @property
    def keys(self) -> list[int]:
        return [one.pk for one in self.sessions]

    @property
    def key(self) -> int:
        return min(self.keys)


def slots(sessions: Iterable[Session]) -> list[Slot]:
    """In the order of time; what was cancelled is in none."""
    held = sorted(
        (one for one in sessions if one.cancelled_at is None), key=lambda one: (one.starts_at, one.room, one.pk or 0)
    )
    of: dict[int, list[Session]] = defaultdict(list)
    for number, one in zip(rules.overlapping((one.starts_at, one.ends_at) for one in held), held, strict=True):
        of[number].append(one)
    return [Slot(tuple(some)) for some in of.values()]


def of(workshop: Workshop) -> list[Slot]:
    return slots(workshop.sessions.all())


def choices(workshop: Workshop) -> list[Slot]:
    """Of which a delegate has to choose."""
    return [slot for slot in of(workshop) if slot.is_parallel]


def seats(slots: Iterable[Slot]) -> dict[int, rules.Pool]:
    """Of the rooms of slots; none of a session that is alone at its hour."""
    found = [one for slot in slots if slot.is_parallel for one in slot.sessions]
    return pools(found) if found else {}


def called(slots: Iterable[Slot], said: str) -> list[int]:
    """Keys of the rooms that somebody calls so ("2", "phòng 2", the session's name): of each slot one at most."""
    key = _bare(said)
    found = (
        next((one.pk for one in slot.sessions if key in {_bare(one.room), _bare(one.name)} - {""}), None)
        for slot in slots
    )
    return [one for one in found if one is not None]


def _bare(said: str) -> str:
    """Without the word that stands before every one of them."""
    return text.fold(said).removeprefix("phong ").removeprefix("p. ").removeprefix("p.").strip(" .")


def clashes(sessions: Iterable[Session]) -> list[tuple[Session, Session]]:
    """Pairs in one room, or in none that is named, at one hour: surely a mistake."""
    held = [one for slot in slots(sessions) for one in slot.sessions]
    return [
        (first, second)
        for at, first in enumerate(held)
        for second in held[at + 1 :]
        if second.starts_at < first.ends_at and text.fold(first.room) == text.fold(second.room)
    ]


def beside(session: Session) -> list[int]:
    """Keys of the others of its slot: one query for each row that was read."""
    if session.beside is None:
        session.beside = keys_beside(session, Session.objects.filter(workshop=session.workshop_id))
    return session.beside


def keys_beside(session: Session, among: Iterable[Session]) -> list[int]:
    mine = next((slot.keys for slot in slots(among) if session.pk in slot.keys), [])
    return [key for key in mine if key != session.pk]


def elsewhere(session: Session, registration: Registration) -> Session | None:
    """To which other session of the slot a delegate goes; None for one who goes to this one, or has none yet."""
    others = beside(session)
    if not others:
        return None
    rows = Assignment.objects.filter(registration=registration, session__in=[session.pk, *others])
    found = {one.session_id: one.session for one in rows.select_related("session")}
    return None if session.pk in found else next(iter(found.values()), None)


def pools(sessions: Collection[Session], *, as_promised: bool = False) -> dict[int, rules.Pool]:
    """By session. `as_promised`: without who was taken in at the door, for whom there may be no seat."""
    rows = Assignment.objects.filter(session__in=sessions, registration__state__in=HOLDING)
    rows = rows.filter(at_door=False) if as_promised else rows
    taken: dict[int, int] = dict(rows.order_by().values("session").annotate(n=Count("pk")).values_list("session", "n"))
    return {one.pk: rules.Pool(one.seats, taken.get(one.pk, 0)) for one in sessions}


@dataclass(frozen=True)
class Rooms:
    """Of a workshop: its slots, and to which of parallel sessions each registration's delegate goes. Two queries for any number of them."""

    slots: list[Slot]
    assigned: Mapping[int, frozenset[int]]  # sessions by registration

    @cached_property
    def parallel(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.is_parallel]

    @cached_property
    def _slot_of(self) -> dict[int, Slot]:
        return {key: slot for slot in self.slots for key in slot.keys}

    def slot_of(self, session: Session) -> Slot:
        """Of one that is cancelled: itself alone."""
        return self._slot_of.get(session.pk) or Slot((session,))

    def chosen(self, registration: int, slot: Slot) -> Session | None:
        mine = self.assigned.get(registration, frozenset())
        return next((one for one in slot.sessions if one.pk in mine), None)

    def own(self, registration: int) -> list[Session]:
        """Where a delegate is expected, as far as it is known: of parallel sessions the own one."""
        found = (self.chosen(registration, slot) if slot.is_parallel else slot.sessions[0] for slot in self.slots)
        return [one for one in found if one is not None]

    def lacks(self, registration: int) -> list[Slot]:
        return [slot for slot in self.parallel if self.chosen(registration, slot) is None]

    def possible(self, registration: int) -> list[Session]:
        """The own ones, and all of a slot of which none is chosen yet."""
        mine = {one.pk for one in self.own(registration)} | {
            key for slot in self.lacks(registration) for key in slot.keys
        }
        return [one for slot in self.slots for one in slot.sessions if one.pk in mine]

    def is_expected(self, session: Session, registration: int) -> bool:
        slot = self.slot_of(session)
        return not slot.is_parallel or session.pk in self.assigned.get(registration, ())

    def is_unassigned(self, session: Session, registration: int) -> bool:
        """Belongs to some session of this one's slot, and nobody knows yet to which."""
        slot = self.slot_of(session)
        return slot.is_parallel and self.chosen(registration, slot) is None

    def is_elsewhere(self, session: Session, registration: int) -> bool:
        return not self.is_expected(session, registration) and not self.is_unassigned(session, registration)

    def said(self, registration: int) -> str:
        """The own rooms of parallel sessions in words, each with its hour where there are several slots; "" for none."""
        mine = [one for slot in self.parallel if (one := self.chosen(registration, slot))]
        if len(self.parallel) < 2:
            return "".join(one.where for one in mine)
        return "; ".join(f"{timezone.localtime(one.starts_at):%H:%M %d/%m} {one.where}" for one in mine)


def rooms(workshop: Workshop, *, slots: list[Slot] | None = None, of_one: Registration | None = None) -> Rooms:
    """`slots`: where they are known; `of_one`: of this registration alone."""
    found = of(workshop) if slots is None else slots
    assigned: dict[int, set[int]] = defaultdict(set)
    keys = [key for slot in found if slot.is_parallel for key in slot.keys]
    if keys:
        rows = Assignment.objects.filter(session__in=keys)
        rows = rows.filter(registration=of_one) if of_one else rows
        for registration, session in rows.values_list("registration", "session"):
            assigned[registration].add(session)
    return Rooms(found, {key: frozenset(some) for key, some in assigned.items()})


def presence(workshop: Workshop, *, only_closed: bool = False) -> dict[int, int]:
    """At how many slots each registration's delegate was; those who were at none are not in it. `only_closed`: as far as it is settled."""
    slot = {key: number for number, some in enumerate(of(workshop)) for key in some.keys}
    there: dict[int, set[int]] = defaultdict(set)
    rows = Attendance.objects.filter(session__in=slot, taken_back_at=None)
    rows = rows.filter(session__closed_at__isnull=False) if only_closed else rows
    for registration, session in rows.values_list("registration", "session"):
        there[registration].add(slot[session])
    return {registration: len(some) for registration, some in there.items()}


def unassigned(workshop: Workshop, found: Rooms | None = None) -> list[int]:
    """Keys of registrations with a seat whose delegates do not know all of their rooms, by the badge's number."""
    found = found or rooms(workshop)
    if not found.parallel:
        return []
    held = Registration.objects.filter(workshop=workshop, state__in=HOLDING).order_by("number")
    return [pk for pk in held.values_list("pk", flat=True) if found.lacks(pk)]
