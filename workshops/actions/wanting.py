"""What is written down of a delegate: said just now, said before, or as the records have it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person, PersonKind
from lib import text
from provinces.models import Place
from workshops.models import Quota, Registration, RegistrationSource

NOTE_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A seat for somebody; fields as of `register`."""

    person: Person
    quota: Quota | None = None
    unit: str = ""
    post: str = ""
    note: str = ""
    gender: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None
    level: str = ""
    rooms: Collection[int] = ()


def details(made: Registration, wanted: Wanted, source: str) -> dict[str, Any]:
    """Fields of the row `made`, which may be new. What others leave open stays as it was said before; whoever registers alone was shown it in
    the form, so that what was emptied there is meant so."""
    unit, post, answers = text.nfc(wanted.unit)[:150], text.nfc(wanted.post)[:100], dict(wanted.answers)
    note = text.nfc(wanted.note) or made.note
    place, level = wanted.place, wanted.level
    if source != RegistrationSource.SELF:
        level = level or ("" if unit else made.official_level)
        unit, post, answers = unit or made.unit, post or made.post, answers or made.answers
        place, note = place or _place_of_the_day(made), both_notes(made.note, note)
    person = wanted.person
    is_official = person.kind == PersonKind.OFFICIAL
    return {
        "unit": unit or (person.subject.name if person.subject else ""),
        "post": post,
        "note": note[:NOTE_LENGTH],
        "gender": wanted.gender or made.gender,
        "answers": answers,
        "place": place or person.place,
        "person_kind": person.kind,
        "official_level": level if level and is_official else person.official_level,
        "subject": person.subject,
    }


def both_notes(before: str, now: str) -> str:
    """A list's "đi xe máy" is no reason to forget that somebody eats no meat."""
    return before if now in before.split("; ") else "; ".join(filter(None, (before, now)))


def _place_of_the_day(made: Registration) -> Place | None:
    """Where somebody lived on the day of a workshop of before; the records know the places of today."""
    return made.place if made.place_id and not made.place.is_current else None
