"""Erasing a person: everything at once or nothing, and once.

Each kind of record knows what of it law keeps (`registries.person_records`); docs/decisions/0027 says why.
"""

from datetime import datetime, timedelta

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import Consent, Person, User
from lib.registries import hold_records, person_records

LOGGED = "accounts.person_erased"
OF_THE_LOG = "wagtailcore.ModelLogEntry"
LATE = timedelta(minutes=10)  # what somebody was in the middle of writing, when the person was erased


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


def erase_late(*, at: datetime) -> int:
    """A job: who wrote about a person while they were being erased waited, and wrote to a row without a name; that goes too.

    Returns how many people it looked at.
    """
    recent = list(Person.objects.filter(erased_at__gt=at - LATE, erased_at__lte=at).order_by("pk"))
    for person in recent:
        with transaction.atomic():
            _erase(hold(person), person.erased_at or at)
    return len(recent)


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
