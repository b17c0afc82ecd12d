"""Who came to the door and is on no list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import actions as people
from accounts.models import ConsentText, Person, PersonKind
from certificates.actions.by_hand import kind_of
from lib import text
from lib.refusals import Refusal
from provinces.models import Place
from provinces.queries import units_of_today
from workshops.importing.finding import is_official, level_of
from workshops.importing.matching import numbers_of
from workshops.models import Registration, Workshop


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
    person = person_of(newcomer, nonce, at)
    if Registration.objects.filter(workshop=workshop, person=person).exists():
        return person, True
    here, theirs = workshop.place_id, person.place_id
    today = units_of_today({here, theirs})
    return person, today[here].province == today[theirs].province


def person_of(newcomer: Newcomer, nonce: UUID, at: datetime) -> Person:
    """Somebody of this very name and number is known; everybody else is written down."""
    wanted = text.fold(text.name(newcomer.name))
    if newcomer.phone:
        named: Callable[[Person], bool] = lambda one: newcomer.phone in numbers_of(one)  # noqa: E731
        same = Person.objects.filter(search=wanted[:120], merged_into=None).select_related("user").order_by("pk")
        if known := next(filter(named, same), None):
            return known
    if not newcomer.consents:
        raise Refusal(_("Chưa ghi được: hãy mời anh/chị ấy đọc và ký phiếu đồng ý trước, rồi đánh dấu vào ô."))
    is_of_office = is_official(newcomer.unit, "")
    return people.register_for(
        form_token=nonce,
        name=text.name(newcomer.name),
        birth_year=None,
        place=newcomer.place,
        phone=newcomer.phone,
        kind=PersonKind.OFFICIAL if is_of_office else PersonKind.SUBJECT,
        subject_name="" if is_of_office else newcomer.unit,
        subject_kind="" if is_of_office else kind_of(newcomer.unit),
        official_level=level_of(newcomer.unit) if is_of_office else "",
        consents=newcomer.consents,
        how="paper",
        by=None,
        at=at,
    )
