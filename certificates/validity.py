"""How long a certificate holds: pure decisions about its last day and when it can be renewed (docs/decisions/0017-renewal.md)."""

from calendar import monthrange
from datetime import date, timedelta

REMINDED = (60, 30, 7)  # days before the end


def last_day(issued: date, months: int | None) -> date | None:
    """The day of the same number so many months later, or that month's last one (Civil Code 2015, art. 147 and 148); None for ever."""
    if not months:
        return None
    year, month = divmod(issued.year * 12 + issued.month - 1 + months, 12)
    return date(year, month + 1, min(issued.day, monthrange(year, month + 1)[1]))


def has_ended(expires_on: date | None, today: date) -> bool:
    """The last day itself still counts."""
    return expires_on is not None and today > expires_on


def ended_on(expires_on: date) -> date:
    """The first day without validity."""
    return expires_on + timedelta(days=1)


def is_renewable(expires_on: date | None, days: int, today: date) -> bool:
    """From so many days before the end, and at any time after it; what has no end at any time."""
    return expires_on is None or expires_on <= last_to_renew(days, today)


def last_to_renew(days: int, today: date) -> date:
    """The latest end of those that can be renewed today."""
    return today + timedelta(days=days)


def reminder_due(expires_on: date, today: date) -> int | None:
    """Of the reminders whose day has come only the newest: who was not told for a week is told once. None after the last day."""
    left = (expires_on - today).days
    due = [days for days in REMINDED if left <= days]
    return min(due) if due and left >= 0 else None
