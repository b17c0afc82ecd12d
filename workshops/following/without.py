"""Why a workshop has no call list: not yet, not unasked, or nobody to call."""

from dataclasses import dataclass
from datetime import date, datetime

from lib.dates import local_day
from workshops import queries, rules
from workshops.models import Workshop


@dataclass(frozen=True)
class Without:
    """`due`: the day from which it may be drawn, None where it never will be. `is_late`: it was entered so long after its own day that
    nobody is called unasked."""

    due: date | None
    is_due: bool = False
    is_late: bool = False
    is_nobody_there: bool = False
    has_looked: bool = False  # and found nobody who can be called


def of(workshop: Workshop, now: datetime) -> Without:
    ended = queries.ends_at(workshop)
    if ended is None or workshop.cancelled_at:
        return Without(None)
    due = ended + rules.FOLLOWED_AFTER
    return Without(
        local_day(due),
        is_due=due <= now,
        is_late=workshop.created_at > due + rules.ENTERED_WITHIN,
        is_nobody_there=not queries.present_count(workshop),
        has_looked=workshop.followed_at is not None,
    )
