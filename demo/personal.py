"""What the demo's phone holds of people: what was sent to their numbers, which `messaging` tells them of already."""

from accounts.models import Person
from accounts.rights.records import nothing, only_theirs, stay
from lib.registries import PersonRecords

from .models import PhoneMessage


def _erase(person_id: int) -> int:
    return only_theirs(Person.objects.get(pk=person_id), PhoneMessage.objects.all()).delete()[0]


PHONE_MESSAGES = PersonRecords(repoint=stay, export=nothing, erase=_erase)
