"""As whom somebody is written down who is known by unit and post alone."""

from accounts.importing.finding import is_official, level_of
from accounts.models import PersonKind, SubjectKind


def standing(unit: str, post: str) -> dict[str, str]:
    if is_official(unit, post):
        return {"kind": PersonKind.OFFICIAL, "official_level": level_of(unit)}
    return {"kind": PersonKind.SUBJECT, "subject_name": unit, "subject_kind": SubjectKind.told_by(unit)}
