"""Papers of two enrolments that become one: a person was written down twice. What was issued stays what it is."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from certificates.models import BatchEntry, Credential, CredentialStatus, WorkshopEntry


def stand_apart(from_id: int, to_id: int) -> bool:
    """Each bears a valid paper: neither can take the other's place without somebody who revokes one."""
    valid = Credential.objects.filter(enrolment__in=[from_id, to_id], status=CredentialStatus.VALID)
    return valid.values("enrolment").distinct().count() == 2


def on_one_list(from_id: int, to_id: int) -> bool:
    """A list that was signed named both: it stays as it was signed."""
    other = WorkshopEntry.objects.filter(enrolment=to_id, list=OuterRef("list"))
    return WorkshopEntry.objects.filter(Exists(other), enrolment=from_id).exists()


def join_papers(from_id: int, to_id: int, *, at: datetime) -> None:
    Credential.objects.filter(enrolment=from_id).update(enrolment=to_id)


def join_entries(from_id: int, to_id: int, *, at: datetime) -> None:
    WorkshopEntry.objects.filter(enrolment=from_id).update(enrolment=to_id)


def join_batches(from_id: int, to_id: int, *, at: datetime) -> None:
    """Of a batch that was to draw both, the entry of the one that stays is drawn."""
    both = BatchEntry.objects.filter(enrolment=to_id, batch=OuterRef("batch"))
    rows = BatchEntry.objects.filter(enrolment=from_id)
    rows.filter(Exists(both)).delete()
    rows.update(enrolment=to_id)
