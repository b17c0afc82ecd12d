"""The ledger of agreements, and what a person's row says of it. One write at a time: the row must say what the ledger says."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import rules
from accounts.models import Consent, ConsentText, MinorityAnswer, Person, User


@transaction.atomic
def give_consents(
    *,
    person: Person,
    texts: Iterable[ConsentText],
    at: datetime,
    how: str = Consent.How.SELF,
    recorded_by: User | None = None,
) -> None:
    """Agreement given later, or again after it was withdrawn; a text that runs already is left alone."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    running = set(locked.consents.filter(withdrawn_at=None).values_list("text", flat=True))
    for consent_text in texts:
        if consent_text.pk not in running:
            Consent.objects.create(person=locked, text=consent_text, given_at=at, how=how, recorded_by=recorded_by)
    follow_ledger(person)


@transaction.atomic
def withdraw_consent(*, person: Person, consent_id: int, at: datetime) -> bool:
    """Closes a running row of the ledger, and with it every other wording of that purpose; returns whether there was one.

    The rows themselves stay as evidence.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    running = person.consents.filter(withdrawn_at=None)
    row = running.filter(pk=consent_id).select_related("text").first()
    if row is not None:
        running.filter(text__purpose=row.text.purpose).update(withdrawn_at=at)
    follow_ledger(person)
    return row is not None


@transaction.atomic
def answer_minority(*, person: Person, text: ConsentText, is_minority: bool, at: datetime) -> None:
    """What somebody says of themselves, in their own session; said again it is corrected. Nothing of it goes to the log.

    An agreement to another wording or language of the purpose stands. Nothing for who was erased or joined to another.
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if locked.is_gone:
        return
    if not locked.consents.filter(withdrawn_at=None, text__purpose=text.purpose).exists():
        give_consents(person=locked, texts=[text], at=at)
    MinorityAnswer.objects.update_or_create(person=locked, defaults={"is_minority": is_minority})


def follow_ledger(person: Person) -> None:
    """Behind the lock of the person's row. What rests on an agreement that is over goes with it."""
    running = list(person.consents.filter(withdrawn_at=None).values_list("text__purpose", "text__version"))
    if ConsentText.Purpose.MINORITY not in {purpose for purpose, _version in running}:
        MinorityAnswer.objects.filter(person=person).delete()
    person.has_consented = not rules.missing_consents(running)
    person.save(update_fields=["has_consented"])
