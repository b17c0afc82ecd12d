"""Why a workshop has no call list, or who is missing from it: not yet, not unasked, or nobody to call."""

from dataclasses import dataclass
from datetime import date, datetime

from lib.dates import local_day
from workshops import queries, rules
from workshops.models import Workshop

from . import lot


@dataclass(frozen=True)
class Without:
    """`due`: the day from which it may be drawn, None where it never will be. `is_late`: it was entered so long after its own day that
    nobody is called unasked. `missing`: how many could be called and are on no list; `is_coming`: they are drawn by themselves, from
    `settles_at` on, or any moment now."""

    due: date | None
    missing: int = 0
    is_coming: bool = False
    settles_at: datetime | None = None
    is_due: bool = False
    is_late: bool = False
    is_nobody_there: bool = False
    has_looked: bool = False
    is_drawn: bool = False  # perhaps of other places than those of whoever looks


def of(workshop: Workshop, now: datetime) -> Without:
    ended = queries.ends_at(workshop)
    if ended is None or workshop.cancelled_at:
        return Without(None)
    due, recorded = ended + rules.FOLLOWED_AFTER, queries.last_recorded(workshop)
    settles_at = recorded + rules.RECORDED_WITHIN if recorded else None
    is_late, looked = workshop.created_at > due + rules.ENTERED_WITHIN, workshop.followed_at
    return Without(
        local_day(due),
        missing=len(lot.drawn_of(workshop)) if recorded and due <= now else 0,
        is_coming=bool(settles_at and not is_late and (looked is None or looked < settles_at)),
        settles_at=settles_at if settles_at and settles_at > now else None,
        is_due=due <= now,
        is_late=is_late,
        is_nobody_there=recorded is None,
        has_looked=looked is not None,
        is_drawn=queries.calls_that_count().filter(registration__workshop=workshop).exists(),
    )
