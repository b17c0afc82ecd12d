"""Pure decisions about learning: what is complete, and what may be opened next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lib import dates

ACTIVE_DAYS = 30


@dataclass(frozen=True)
class Step:
    """One activity of a course as the rules see it, in course order."""

    activity_id: int
    is_required: bool


class Reason(StrEnum):
    OPEN = "open"
    SIGN_UP = "sign_up"  # nobody is logged in
    ENROL = "enrol"  # the person is not in the course
    ORDER = "order"  # an earlier required activity comes first


@dataclass(frozen=True)
class Readability:
    """Whether an activity may be opened, and if not, why; `first_id` is the activity that comes first."""

    reason: Reason
    first_id: int | None = None

    @property
    def ok(self) -> bool:
        return self.reason is Reason.OPEN


@dataclass(frozen=True)
class Reach:
    """How far somebody is in a course, and not who it is."""

    done: frozenset[int] = frozenset()
    is_enrolled: bool = False
    is_signed_in: bool = False


def active_since(now: datetime) -> datetime:
    """Whoever did something from this midnight on counts as active: 30 days, today included."""
    return dates.start_of_day(dates.local_day(now) - timedelta(days=ACTIVE_DAYS - 1))


def is_complete(steps: Iterable[Step], done: frozenset[int]) -> bool:
    """All required activities are done; a course without required ones is never complete by itself."""
    required = {step.activity_id for step in steps if step.is_required}
    return bool(required) and required <= done


def next_step(steps: Iterable[Step], done: frozenset[int]) -> int | None:
    """Where to continue: the first required activity that is not done, else the first optional one, else None."""
    open_steps = [step for step in steps if step.activity_id not in done]
    required = [step for step in open_steps if step.is_required]
    return next((step.activity_id for step in required + open_steps), None)


def readability(
    *,
    steps: list[Step],
    activity_id: int,
    is_sequential: bool,
    reach: Reach,
) -> Readability:
    """The first activity is open to everybody; the others to people in the course, in order where the course says so.

    What is done stays open. An unknown activity (retired, of another course) is judged as the last one.
    """
    ids = [step.activity_id for step in steps]
    if ids[:1] == [activity_id]:
        return Readability(Reason.OPEN)
    if not reach.is_enrolled:
        return Readability(Reason.ENROL if reach.is_signed_in else Reason.SIGN_UP)
    if activity_id in reach.done or not is_sequential:
        return Readability(Reason.OPEN)
    before = steps[: ids.index(activity_id)] if activity_id in ids else steps
    missing = next(
        (step.activity_id for step in before if step.is_required and step.activity_id not in reach.done), None
    )
    return Readability(Reason.OPEN) if missing is None else Readability(Reason.ORDER, missing)


def key_to(steps: Iterable[Step], activity_id: int, done: frozenset[int]) -> int | None:
    """The activity with which a later one opens where a course goes in order: the last one before it that is missing."""
    missing = None
    for step in steps:
        if step.activity_id == activity_id:
            return missing
        if step.is_required and step.activity_id not in done:
            missing = step.activity_id
    return None


@dataclass(frozen=True)
class Offer:
    """A course as one that might be taken next; `needs` are the courses that come first."""

    course_id: int
    topic_id: int
    needs: frozenset[int]


def suited(offers: Iterable[Offer], *, taken: frozenset[int], finished: frozenset[int], topic_id: int) -> list[Offer]:
    """What somebody could begin at once and has not begun, in the given order, the same topic first."""
    open_offers = [offer for offer in offers if offer.course_id not in taken and offer.needs <= finished]
    return sorted(open_offers, key=lambda offer: offer.topic_id != topic_id)


def percent(steps: Iterable[Step], done: frozenset[int]) -> int:
    """How much of the required activities is done, 0..100, rounded down so that 100 means all."""
    required = [step.activity_id for step in steps if step.is_required]
    return 100 * sum(activity in done for activity in required) // len(required) if required else 0
