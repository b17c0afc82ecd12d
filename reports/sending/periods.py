"""When a report is due: at seven in Vietnam, on Mondays or on the first of a month."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from lib.dates import local_day

from .models import Every

HOUR = time(7)


def latest(every: str, at: datetime) -> datetime:
    """The last moment that was due. Whatever was due before and not sent is not sent any more: its successor tells more."""
    today = local_day(at)
    day = today - timedelta(days=today.weekday()) if every == Every.WEEK else today.replace(day=1)
    found = _at_seven(day)
    if found > at:
        day = day - timedelta(days=7) if every == Every.WEEK else (day - timedelta(days=1)).replace(day=1)
        found = _at_seven(day)
    return found


def following(every: str, at: datetime) -> datetime:
    """The next moment that will be due."""
    day = local_day(latest(every, at))
    return _at_seven(day + timedelta(days=7) if every == Every.WEEK else (day + timedelta(days=32)).replace(day=1))


def _at_seven(day: object) -> datetime:
    return timezone.make_aware(datetime.combine(day, HOUR), timezone.get_default_timezone())  # type: ignore[arg-type]
