"""What accounts hold about a person, for merging, exporting and erasing."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Model, Prefetch

from lib.registries import PersonRecords, person_records

from . import rules
from .models import Consent, OneTimeCard, Person, PhoneChange, User


def register() -> None:
    person_records.add(
        "accounts.Consent.person", _rows(Consent, ["text_id", "given_at", "how", "withdrawn_at"], keep=True)
    )
    person_records.add("accounts.OneTimeCard.person", _rows(OneTimeCard, ["issued_at", "used_at"], keep=False))
    person_records.add(
        "accounts.PhoneChange.person", _rows(PhoneChange, ["old_phone", "new_phone", "requested_at"], keep=False)
    )
    person_records.add(
        "mfa.Authenticator.user", PersonRecords(repoint=_stay_with_log_in, export=_export_factors, erase=_erase_factors)
    )
    person_records.add(
        "accounts.User.person", PersonRecords(repoint=_repoint_user, export=_export_user, erase=_erase_user)
    )
    person_records.add(
        "accounts.Person.merged_into", PersonRecords(repoint=_repoint_merged, export=_nothing, erase=_no_rows)
    )


def _rows(model: type[Model], fields: list[str], *, keep: bool) -> PersonRecords:
    """Rows of a model with a plain `person` foreign key; kept ones are evidence that law asks for."""
    manager = model._default_manager

    def export(person_id: int) -> list[dict[str, Any]]:
        return [
            {name: str(value) for name, value in row.items()}
            for row in manager.filter(person=person_id).values(*fields)
        ]

    return PersonRecords(
        repoint=lambda from_id, to_id: manager.filter(person=from_id).update(person=to_id),
        export=export,
        erase=_no_rows if keep else lambda person_id: manager.filter(person=person_id).delete()[0],
    )


def _repoint_user(from_id: int, to_id: int) -> int:
    """The log-in moves unless the other person has one; then it is switched off."""
    if User.objects.filter(person=to_id).exists():
        return User.objects.filter(person=from_id).update(is_active=False, person=None)
    return User.objects.filter(person=from_id).update(person=to_id)


def _export_user(person_id: int) -> list[dict[str, Any]]:
    return [
        {"phone": user.phone, "since": user.date_joined.isoformat()} for user in User.objects.filter(person=person_id)
    ]


def _erase_user(person_id: int) -> int:
    return User.objects.filter(person=person_id).delete()[0]


def _stay_with_log_in(from_id: int, to_id: int) -> int:
    return 0


def _export_factors(person_id: int) -> list[dict[str, Any]]:
    """Which there are, never what they hold."""
    return [
        {"kind": one.type, "since": one.created_at.isoformat(), "name": one.data.get("name", "")}
        for one in Authenticator.objects.filter(user__person=person_id).order_by("pk")
    ]


def _erase_factors(person_id: int) -> int:
    return Authenticator.objects.filter(user__person=person_id).delete()[0]


def _repoint_merged(from_id: int, to_id: int) -> int:
    return Person.objects.filter(merged_into=from_id).exclude(pk=to_id).update(merged_into=to_id)


def _nothing(person_id: int) -> list[dict[str, Any]]:
    return []


def _no_rows(person_id: int) -> int:
    return 0


def violations() -> list[str]:
    """People whose row says otherwise than the ledger whether they agreed to what a learning record needs."""
    running = Prefetch("consents", Consent.objects.filter(withdrawn_at=None).select_related("text"), "running")
    people: Any = Person.objects.filter(merged_into=None).only("pk", "has_consented").prefetch_related(running)
    return [
        f"person {person.pk}: has_consented is {person.has_consented}, the ledger says otherwise"
        for person in people.iterator(chunk_size=2000)
        if person.has_consented
        == bool(rules.missing_consents((c.text.purpose, c.text.version) for c in person.running))
    ]
