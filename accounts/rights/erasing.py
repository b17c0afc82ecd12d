"""Erasing a person: everything at once or nothing, and once.

Each kind of record knows what of it law keeps (`registries.person_records`); docs/decisions/0027 says why.
"""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import Consent, Person, User
from lib.registries import hold_records, person_records

LOGGED = "accounts.person_erased"
OF_THE_LOG = "wagtailcore.ModelLogEntry"


@transaction.atomic
def erase_person(*, person: Person, by: User | None, at: datetime) -> bool:
    """Takes out of the database who somebody was, with every record that was joined to theirs. False where that was done before.

    One entry in the log says that it was done, about a number; `by` is None for the job.
    """
    held = hold(person)
    if held.erased_at:
        return False
    for one in [*_joined_to(held), held]:
        _erase(one, at)
    log(instance=held, title=held.log_title, action=LOGGED, user=by, timestamp=at)
    return True


def hold(person: Person) -> Person:
    """As it stands now, locked until the transaction ends, with its records; in the order in which two rows are joined."""
    hold_records([one.pk for one in [*_joined_to(person), person]])
    # Not FOR UPDATE: whoever enters a row about the person meanwhile would wait, and may hold what is needed here.
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _joined_to(person: Person) -> list[Person]:
    """Records that lead to this one, the farthest first."""
    found: list[Person] = []
    for one in person.merged_from.order_by("pk"):
        found += [*_joined_to(one), one]
    return found


def _erase(person: Person, at: datetime) -> None:
    """First the words of the log, while all rows are there that its entries are about."""
    person_records[OF_THE_LOG].erase(person.pk)
    Consent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at)
    for _name, records in reversed(list(person_records)):
        records.erase(person.pk)
    Person.objects.filter(pk=person.pk).update(erased_at=at)
