"""Numbers and times as a Vietnamese report writes them."""

from django.utils import timezone

from lib import dates

from .facts import Presence


def decimal(number: float, places: int = 1) -> str:
    """4.84 → "4,8", with the minus sign of print; what rounds to nought has none."""
    return f"{number:z.{places}f}".replace(".", ",").replace("-", "−")


def percent(share: float) -> str:
    return f"{decimal(share * 100)}%"


def grouped(number: int) -> str:
    return dates.grouped(number)


def session_in_words(one: Presence) -> str:
    begins, ends = (f"{timezone.localtime(at):%H:%M}" for at in (one.starts_at, one.ends_at))
    room = f", {one.room}" if one.room else ""
    return f"{begins}–{ends}, {dates.short(dates.local_day(one.starts_at))}{room}"
