"""What people agree to and take back: the ledger, and the flag on the person that follows it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts import rules
from accounts.models import Consent, ConsentText, Person


@transaction.atomic
def give_consents(*, person: Person, texts: Iterable[ConsentText], at: datetime) -> None:
    """Agreement given later, or again after it was withdrawn; a text that runs already is left alone."""
    running = set(person.consents.filter(withdrawn_at=None).values_list("text", flat=True))
    for consent_text in texts:
        if consent_text.pk not in running:
            Consent.objects.create(person=person, text=consent_text, given_at=at)
    _follow_ledger(person)


@transaction.atomic
def withdraw_consent(*, person: Person, consent_id: int, at: datetime) -> bool:
    """Closes a running row of the ledger, and with it every other wording of that purpose; returns whether there was one.

    The rows themselves stay as evidence.
    """
    running = person.consents.filter(withdrawn_at=None)
    row = running.filter(pk=consent_id).select_related("text").first()
    if row is not None:
        running.filter(text__purpose=row.text.purpose).update(withdrawn_at=at)
    _follow_ledger(person)
    return row is not None


def _follow_ledger(person: Person) -> None:
    running = person.consents.filter(withdrawn_at=None).values_list("text__purpose", "text__version")
    person.has_consented = not rules.missing_consents(running)
    person.save(update_fields=["has_consented"])
