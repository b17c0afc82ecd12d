"""Of which levels a place has posts."""

from accounts.models import OfficialLevel
from provinces.models import Level, Place


def levels_of(place: Place | None) -> list[OfficialLevel]:
    """A commune of its own; a province of its own and of all its communes; the country of all."""
    if place is None:
        return [OfficialLevel.CENTRE, OfficialLevel.PROVINCE, OfficialLevel.COMMUNE]
    if place.level == Level.COMMUNE:
        return [OfficialLevel.COMMUNE]
    return [OfficialLevel.PROVINCE, OfficialLevel.COMMUNE]
