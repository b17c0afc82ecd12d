"""What pages tell of a workshop."""

import re
from datetime import datetime
from uuid import UUID

from django import template

from accounts.models import Person
from lib import phones
from lib.dates import local_day
from workshops import showing
from workshops.models import Registration, ScanOutcome, Workshop
from workshops.showing import Shown

register = template.Library()
register.simple_tag(showing.next_cards)


@register.simple_tag
def same_day(first: datetime, last: datetime) -> bool:
    return local_day(first) == local_day(last)


@register.simple_tag
def workshop_of(key: UUID) -> Shown | None:
    """Of a page by the key that it shares with its activity; None while nothing is planned."""
    slug = Workshop.objects.filter(activity__translation_key=key).values_list("slug", flat=True).first()
    return showing.of(slug) if slug else None


@register.simple_tag
def own_ticket(key: UUID, person: Person | None) -> Registration | None:
    """What somebody has in the workshop of a page: shown to that person alone."""
    if person is None:
        return None
    return Registration.objects.filter(workshop__activity__translation_key=key, person=person).first()


@register.filter
def masked(phone: str) -> str:
    return phones.masked(phone) if phone else ""


@register.filter
def dialled(contact: str) -> str:
    """The address that calls a number, where somebody is reached by one; "" where it is anything else."""
    return f"tel:{re.sub(r'[ .()-]', '', contact)}" if re.fullmatch(r"\+?[0-9 .()-]{8,20}", contact) else ""


@register.simple_tag
def scan_outcomes() -> list[tuple[str, str]]:
    """Why nobody was recorded, for the script of a desk."""
    return [(value, str(label)) for value, label in ScanOutcome.choices]
