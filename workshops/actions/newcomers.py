"""Who came to the door and is on no list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import actions as people
from accounts.importing.offices import is_official, level_of
from accounts.models import ConsentText, Person, PersonKind, SubjectKind
from accounts.queries import numbers_of
from lib import text
from lib.refusals import Refusal
from provinces.models import Place
from provinces.queries import units_of_today
from workshops.models import HOLDING, Registration, Workshop

from .registering import refuse_without_consent


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody at the door who is on no list; `consents`: what was signed on paper."""

    name: str
    place: Place
    phone: str = ""
    unit: str = ""
    consents: tuple[ConsentText, ...] = ()

    @property
    def kept(self) -> dict[str, Any]:
        """As a scan keeps it until the organiser has looked."""
        return {"name": self.name, "place": self.place.pk, "phone": self.phone, "unit": self.unit}


def whom(newcomer: Newcomer, workshop: Workshop, nonce: UUID, at: datetime) -> tuple[Person, bool]:
    """Who a newcomer is, and whether the desk may know the records of that one: of whom its list has already, or of the workshop's own
    province, but not of somebody elsewhere, as a name and a number can be tried out."""
    person = person_of(newcomer, workshop, nonce, at)
    return person, _is_shown(person, workshop)


def _is_shown(person: Person, workshop: Workshop) -> bool:
    if Registration.objects.filter(workshop=workshop, person=person).exists():
        return True
    here, theirs = workshop.place_id, person.place_id
    today = units_of_today({here, theirs})
    return today[here].province == today[theirs].province


def person_of(newcomer: Newcomer, workshop: Workshop, nonce: UUID, at: datetime) -> Person:
    """Somebody of this very name and number is known; everybody else is written down.

    Raises Refusal for somebody known who took the agreement back: a paper in other hands does not give it anew. Of people elsewhere that would
    tell something, so who signed today under such a name and number is written down as somebody new.
    """
    if known := _known(newcomer):
        if (
            known.has_consented
            or Registration.objects.filter(workshop=workshop, person=known, state__in=HOLDING).exists()
        ):
            return known
        if _is_shown(known, workshop):
            refuse_without_consent(known)
    if not newcomer.consents:
        raise Refusal(_("Chưa ghi được: hãy mời anh/chị ấy đọc và ký phiếu đồng ý trước, rồi đánh dấu vào ô."))
    return _written_down(newcomer, nonce, at)


def _known(newcomer: Newcomer) -> Person | None:
    """Of several with one name and number, who agrees to what is recorded."""
    if not newcomer.phone:
        return None
    wanted = text.fold(text.name(newcomer.name))
    same = Person.objects.filter(search=wanted[:120], merged_into=None).select_related("user")
    rows = same.order_by("-has_consented", "pk")
    return next((one for one in rows if newcomer.phone in numbers_of(one)), None)


def _written_down(newcomer: Newcomer, nonce: UUID, at: datetime) -> Person:
    is_of_office = is_official(newcomer.unit, "")
    return people.register_for(
        form_token=nonce,
        name=text.name(newcomer.name),
        birth_year=None,
        place=newcomer.place,
        phone=newcomer.phone,
        kind=PersonKind.OFFICIAL if is_of_office else PersonKind.SUBJECT,
        subject_name="" if is_of_office else newcomer.unit,
        subject_kind="" if is_of_office else SubjectKind.told_by(newcomer.unit),
        official_level=level_of(newcomer.unit) if is_of_office else "",
        consents=newcomer.consents,
        how="paper",
        by=None,
        at=at,
    )
