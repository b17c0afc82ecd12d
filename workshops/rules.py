"""Decisions about seats and time, on plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FOLLOWED_AFTER = timedelta(days=90)
CALLED_IN_A_COMMUNE = 10
ENTERED_WITHIN = timedelta(
    days=30
)  # after it was due to be followed: of one that was entered later nobody is called unasked
RECORDED_WITHIN = timedelta(
    days=1
)  # signed lists of one workshop are typed one after the other: nobody is drawn before
WELCOMED_FROM = timedelta(hours=1)  # before a session begins: the programme says so too
MOST_PHOTOS = 12  # of a report


@dataclass(frozen=True)
class Pool:
    """Seats of one kind: of a quota, or all that no quota sets apart. `seats` None: as many as come."""

    seats: int | None
    taken: int

    @property
    def free(self) -> int | None:
        return None if self.seats is None else max(self.seats - self.taken, 0)

    @property
    def has_room(self) -> bool:
        return self.free is None or self.free > 0

    def taking(self, seats: int) -> "Pool":
        return replace(self, taken=self.taken + seats)


def open_seats(capacity: int | None, set_apart: Iterable[int]) -> int | None:
    """What remains for everybody of the seats of a workshop once quotas have theirs."""
    return None if capacity is None else max(capacity - sum(set_apart), 0)


def seat_from(pools: Mapping[int | None, Pool], quota: int | None) -> list[int | None]:
    """Of which pools somebody may have a seat now, the first choice first: of the own quota, else of what no quota sets apart.

    So a free seat outside quotas goes to whoever has waited longest, also for a quota that is full; a seat of a quota goes to those of that
    quota alone; and whoever waits for a full quota holds nobody up.
    """
    return [key for key in dict.fromkeys((quota, None)) if pools[key].has_room]


class Window(StrEnum):
    NOT_YET = "not yet"
    OPEN = "open"
    OVER = "over"


def window(opens_at: datetime | None, closes_at: datetime | None, begins_at: datetime | None, now: datetime) -> Window:
    """Whether registration is open. Without a set end it goes on until the first session begins."""
    if opens_at and now < opens_at:
        return Window.NOT_YET
    end = closes_at or begins_at
    return Window.OVER if end and now >= end else Window.OPEN


def offer_ends(now: datetime, hours: int, begins_at: datetime | None) -> datetime:
    """An offer from the waiting list holds for some hours, and no longer than until the workshop begins."""
    end = now + timedelta(hours=hours)
    return min(end, begins_at) if begins_at else end


def has_begun(begins_at: datetime | None, now: datetime) -> bool:
    """Until then a seat goes from hand to hand; from then on the door decides, and a badge that hangs in the hall shows its code to all."""
    return begins_at is not None and begins_at <= now


# Of a session: people come early, and a queue at the door takes its time.
BEFORE, AFTER = timedelta(hours=3), timedelta(hours=1)
SOON = timedelta(minutes=45)  # before it begins, those who come are for the next session


def is_door_open(starts_at: datetime, ends_at: datetime, moment: datetime) -> bool:
    """Whether somebody who came at a moment came to this session."""
    return starts_at - BEFORE <= moment <= ends_at + AFTER


A_DAY_AHEAD = timedelta(days=1)  # a desk's phones may take the list along: there may be no network in the hall


def desk_ends(now: datetime, hours: int, turn: tuple[datetime, datetime] | None, last_end: datetime | None) -> datetime:
    """A desk's code holds for some hours, and no longer than the door of the workshop's last session is open.

    `turn`: from when to when those sessions are that the desk is for. Of one that is made before their door opens the hours begin with that, and
    last as long as the door does.
    """
    end = now + timedelta(hours=hours)
    if turn and now < turn[0] - BEFORE:
        end = max(turn[0] - BEFORE + timedelta(hours=hours), turn[1] + AFTER)
    return min(end, last_end + AFTER) if last_end else end


def needed_slots(slots: int, percent: int) -> int:
    """At how many of a workshop's time slots a delegate must be: a part counts as one, and one at least is needed."""
    return max(-(-slots * percent // 100), 1)


def was_there_enough(attended: int, slots: int, percent: int) -> bool:
    return attended >= needed_slots(slots, percent)


def overlapping(hours: Iterable[tuple[datetime, datetime]]) -> list[int]:
    """Of what begins and ends (in order of beginning): to which stretch of time each belongs, from 0. Those that share an hour with one of a
    stretch belong to it, so that nobody has to be in two at once."""
    found: list[int] = []
    until: datetime | None = None
    for begins, ends in hours:
        is_apart = until is None or begins >= until
        found.append((found[-1] if found else -1) + is_apart)
        until = ends if until is None or is_apart else max(until, ends)
    return found


def spread(people: Iterable[int], pools: Mapping[int, Pool]) -> dict[int, int]:
    """Each of some people (keys) to a room (key), evenly: to the one with the fewest, the first of equals. Who finds no seat is left out."""
    pools, found = dict(pools), dict[int, int]()
    for person in people:
        free = [key for key, pool in pools.items() if pool.has_room]
        if not free:
            break
        room = min(free, key=lambda key: pools[key].taken)
        found[person], pools[room] = room, pools[room].taking(1)
    return found


@dataclass(frozen=True)
class Move:
    """Of one person from a room (key) to another; None: to or from none."""

    origin: int | None
    to: int | None


def fitting(moves: Sequence[Move], pools: Mapping[int, Pool]) -> set[int]:
    """Which of some moves (by their index) can be made together, so that none of them ends in a room without a seat for it.

    Those who leave come first, then those who change rooms, then those who had none, each in their order; where the rooms are full those who
    change places with each other. What is left out would not fit beside what is found.
    """
    pools, found = dict(pools), set[int]()
    left = sorted(range(len(moves)), key=lambda at: (moves[at].to is not None, moves[at].origin is None))
    while step := _next(moves, left, pools):
        for at in step:
            origin, to = moves[at].origin, moves[at].to
            if origin is not None:
                pools[origin] = pools[origin].taking(-1)
            if to is not None:
                pools[to] = pools[to].taking(1)
        found.update(step)
        left = [at for at in left if at not in found]
    return found


def _next(moves: Sequence[Move], left: Sequence[int], pools: Mapping[int, Pool]) -> list[int]:
    for at in left:
        to = moves[at].to
        if to is None or pools[to].has_room:
            return [at]
    return _ring(moves, [at for at in left if moves[at].origin is not None])


def _ring(moves: Sequence[Move], left: Sequence[int]) -> list[int]:
    """Moves that end where the next begins, and the last where the first begins; none where there is no such ring."""
    while left != (kept := [at for at in left if moves[at].to in {moves[other].origin for other in left}]):
        left = kept
    if not left:
        return []
    leaving = {moves[at].origin: at for at in reversed(left)}
    way, room = dict[int | None, int](), moves[left[0]].origin
    while room not in way:
        way[room] = leaving[room]
        room = moves[leaving[room]].to
    rooms = list(way)
    return [way[one] for one in rooms[rooms.index(room) :]]


def has_passed(right: int, questions: int, percent: int) -> bool:
    """A test of the hall; what falls between two right answers counts as the upper one."""
    return questions > 0 and right * 100 >= percent * questions
