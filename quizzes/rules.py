"""Pure decisions about attempts: scores, passing, and whether another attempt may start."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction

from lib import text

LONGEST_TAG = 40
EXACT = Decimal("0.00001")


def score(fraction: Fraction, marks: Decimal) -> Decimal:
    """Marks earned, exact to 1e-5 and rounded half up, never above `marks`."""
    earned = Decimal(fraction.numerator) * marks / Decimal(fraction.denominator)
    return min(earned.quantize(EXACT, ROUND_HALF_UP), marks)


def has_passed(total: Decimal, maximum: Decimal, pass_percent: int) -> bool:
    """Reaching the pass mark exactly is enough; a quiz without marks is never passed."""
    return maximum > 0 and total * 100 >= maximum * pass_percent


class Hindrance(StrEnum):
    NONE = ""
    PASSED = "passed"
    USED_UP = "used_up"
    COOLDOWN = "cooldown"
    NOT_YET = "not_yet"
    CLOSED = "closed"


@dataclass(frozen=True)
class Earlier:
    """A finished attempt as the rules see it."""

    finished_at: datetime
    passed: bool


@dataclass(frozen=True)
class Opening:
    """From when until when attempts may start; None: ever."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def hindrance(self, now: datetime) -> Hindrance:
        if self.opens_at and now < self.opens_at:
            return Hindrance.NOT_YET
        return Hindrance.CLOSED if self.closes_at and now >= self.closes_at else Hindrance.NONE


def hindrance(
    earlier: Iterable[Earlier],
    *,
    allowed: int | None,
    cooldown_minutes: int,
    now: datetime,
    opening: Opening = Opening(),
) -> Hindrance:
    """Why no further attempt may start now. Who has passed needs none."""
    attempts = list(earlier)
    if any(attempt.passed for attempt in attempts):
        return Hindrance.PASSED
    if outside := opening.hindrance(now):
        return outside
    if allowed is not None and len(attempts) >= allowed:
        return Hindrance.USED_UP
    rested = rested_at(attempts, cooldown_minutes)
    if rested and now < rested:
        return Hindrance.COOLDOWN
    return Hindrance.NONE


def rested_at(earlier: Iterable[Earlier], cooldown_minutes: int) -> datetime | None:
    """When the wait after the last attempt is over; None without an attempt or a wait."""
    last = max((attempt.finished_at for attempt in earlier), default=None)
    return last + timedelta(minutes=cooldown_minutes) if last and cooldown_minutes else None


def deal(groups: Iterable[Sequence[int]], forms: Sequence[str] = ("A", "B")) -> dict[int, str]:
    """Which of two parallel forms each question goes into. Questions of one group are equally hard, so each group is halved; what is left
    over in one group and in the next goes to different forms."""
    dealt: dict[int, str] = {}
    first, second = forms
    for group in groups:
        dealt |= {pk: (first, second)[place % 2] for place, pk in enumerate(group)}
        if len(group) % 2:
            first, second = second, first
    return dealt


UNDER_WAY = timedelta(seconds=10)  # a save that left the phone in time may arrive a little later


class Phase(StrEnum):
    """What an attempt's time makes of it, whatever was written down when it was last looked at."""

    RUNNING = "running"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Clock:
    """Until when an attempt takes answers, and what then. `handling` is one of Moodle's three: "submit" hands in what was saved, "grace"
    waits so many minutes for the person to do so, "abandon" gives it up."""

    due_at: datetime | None = None
    handling: str = "submit"
    grace_minutes: int = 0

    def phase(self, now: datetime) -> Phase:
        if self.due_at is None or now < self.due_at + UNDER_WAY:
            return Phase.RUNNING
        if self.handling == "submit":
            return Phase.SUBMITTED
        return Phase.OVERDUE if now < self.last_moment() + UNDER_WAY else Phase.ABANDONED

    def last_moment(self) -> datetime:
        """Until when it can be handed in. Only for an attempt with an end."""
        if self.due_at is None:
            raise ValueError("an attempt without an end")
        return self.due_at + timedelta(minutes=self.grace_minutes if self.handling == "grace" else 0)


def due_at(started_at: datetime, limit: int | None, closes_at: datetime | None, extra_minutes: int) -> datetime | None:
    """When the time of an attempt is up: minutes given beyond the limit also hold beyond the hour at which the quiz closes."""
    ends = [started_at + timedelta(minutes=limit)] if limit else []
    ends += [closes_at] if closes_at else []
    return min(ends) + timedelta(minutes=extra_minutes) if ends else None


def narrow_first(pools: Sequence[set[int]]) -> list[int]:
    """In which order slots draw: who has few questions to choose from goes before who has many. Indices of `pools`."""
    return sorted(range(len(pools)), key=lambda index: len(pools[index]))


def sure_draws(pools: Sequence[set[int]], draws: Sequence[int]) -> list[int]:
    """How many questions each slot gets for certain: slots draw one after the other, no question twice, and one that draws
    before may by chance take what another needs."""
    sure = [0] * len(pools)
    order = narrow_first(pools)
    for turn, index in enumerate(order):
        lost = sum(min(draws[before], len(pools[index] & pools[before])) for before in order[:turn])
        sure[index] = max(0, min(draws[index], len(pools[index]) - lost))
    return sure


@dataclass(frozen=True)
class Piece:
    """A run of words; `is_changed` where the other text reads differently."""

    words: str
    is_changed: bool = False


def word_changes(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, so that an eye finds what changed. Joined again, the pieces are the texts."""
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    olds, news = [], []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        olds.append(Piece("".join(before[i:j]), tag != "equal"))
        news.append(Piece("".join(after[k:m]), tag != "equal"))
    return [piece for piece in olds if piece.words], [piece for piece in news if piece.words]


def tags(said: Iterable[str]) -> list[str]:
    """Commas part tags, blanks do not; capitals make no other."""
    parts = [text.nfc(tag) for one in said for tag in one.split(",")]
    return list({tag.casefold(): tag for tag in parts if tag}.values())


def is_open(answer: object, marks: Decimal) -> bool:
    """Whether an answer is still missing; what is only read needs none."""
    return answer is None and marks > 0
