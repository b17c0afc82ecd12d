"""Pure rules of requests about personal data: by which day they are answered and done.

Law 91/2025/QH15 (in force since 1/1/2026) gives the rights; the times are those of Decree 356/2025/NĐ-CP, as summarised in
print (plo.vn 889644, frasersvn.com and cdlaf.vn of January 2026): an answer within 2 working days of the receipt; withdrawal, restriction
and objection done within 15 days (20 where processors have to stop too: there are none here), other requests within 20;
one extension of at most 15 days, with its reason told. The last day is not moved off a weekend, though the Civil Code (91/2015/QH13,
article 148.5) would allow it: the nearer day is the safe one.
"""

from collections.abc import Collection
from datetime import date, timedelta

REPLY_WORKING_DAYS = 2
QUICK = frozenset({"withdraw", "restrict", "object"})
QUICK_DAYS, OTHER_DAYS, MOST_EXTENSION_DAYS = 15, 20, 15
# Labour Code 45/2019/QH14, article 112: the days off that have a fixed date. Those that move (Tết, the Hùng kings, the second day of
# 2/9) are announced each year: settings.PUBLIC_HOLIDAYS.
FIXED_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})
SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays and (day.month, day.day) not in FIXED_HOLIDAYS


def reply_by(received: date, holidays: Collection[date]) -> date:
    """The second working day after the one on which a request came; that day itself does not count (Civil Code, article 147.2)."""
    day, left = received, REPLY_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return day


def done_by(kind: str, received: date) -> date:
    return received + timedelta(days=QUICK_DAYS if kind in QUICK else OTHER_DAYS)


def extended(due: date, days: int) -> date | None:
    """The later day; None for more days than the decree allows, or none."""
    return due + timedelta(days=days) if 0 < days <= MOST_EXTENSION_DAYS else None


def erase_on(received: date, wait_days: int) -> date:
    """The day on which a deletion is done: after a time in which it may be taken back, and never after it is due."""
    return min(received + timedelta(days=wait_days), done_by("delete", received))
