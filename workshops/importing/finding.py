"""As whom somebody is written down who is known by unit and post alone."""

from datetime import date

from accounts.importing.offices import is_official, level_of
from accounts.models import OfficialLevel, PersonKind, SubjectKind


def standing(unit: str, post: str, day: date | None) -> dict[str, str]:
    """`day` of the workshop for which somebody is written down."""
    if is_official(unit, post):
        return {"kind": PersonKind.OFFICIAL, "official_level": level_of(unit, day)}
    return {"kind": PersonKind.SUBJECT, "subject_name": unit, "subject_kind": SubjectKind.told_by(unit)}


def level_then(unit: str, day: date | None) -> str:
    """Of somebody who is known: the level of the office for which a delegate came, where the records of today cannot say it; "" otherwise."""
    level = level_of(unit, day) if unit else ""
    return level if level == OfficialLevel.DISTRICT else ""
