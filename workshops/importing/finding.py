"""At what level of offices a delegate stood on the day of a workshop."""

from datetime import date

from accounts.importing.offices import level_of
from accounts.models import OfficialLevel


def level_then(unit: str, day: date | None) -> str:
    """Of somebody who is known: the level of the office for which a delegate came, where the records of today cannot say it; "" otherwise."""
    level = level_of(unit, day) if unit else ""
    return level if level == OfficialLevel.DISTRICT else ""
