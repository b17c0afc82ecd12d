"""What accounts hold about a person, for merging, exporting and erasing."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Max, Model, Prefetch, Q

from lib import text
from lib.registries import PersonRecords, person_records

from . import rules
from .models import PENDING, Consent, Help, Move, MoveState, OneTimeCard, Person, PhoneChange, Subject, User


def register() -> None:
    person_records.add(
        "accounts.Consent.person",
        replace(_rows(Consent, ["text_id", "given_at", "how", "withdrawn_at"], keep=True), repoint=_repoint_consents),
    )
    person_records.add("accounts.OneTimeCard.person", _rows(OneTimeCard, ["issued_at", "used_at"], keep=False))
    person_records.add(
        "accounts.PhoneChange.person", _rows(PhoneChange, ["old_phone", "new_phone", "requested_at"], keep=False)
    )
    person_records.add(
        "accounts.Move.person",
        replace(_rows(Move, ["before__name", "after__name", "moves_on", "state"], keep=False), repoint=_repoint_moves),
    )
    person_records.add("accounts.Help.person", _rows(Help, ["begun_at", "ended_at"], keep=True))
    person_records.add(
        "mfa.Authenticator.user", PersonRecords(repoint=_stay_with_log_in, export=_export_factors, erase=_erase_factors)
    )
    person_records.add(
        "accounts.User.person",
        PersonRecords(repoint=_repoint_user, export=_export_user, erase=_erase_user, hold=_hold_users),
    )
    person_records.add(
        "accounts.Subject.leader", PersonRecords(repoint=_stay_written, export=_export_led, erase=_erase_led)
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


def _repoint_consents(from_id: int, to_id: int) -> int:
    """What was taken back on either row is taken back, where it was given before; agreed to again since, it stands. Of one wording that
    both agree to, the other row is closed by nobody and stays where it is, as evidence."""
    both = Consent.objects.filter(person__in=[from_id, to_id])
    taken_back = both.exclude(withdrawn_at=None).values("text__purpose").annotate(last=Max("withdrawn_at"))
    for purpose, last in taken_back.values_list("text__purpose", "last"):
        both.filter(withdrawn_at=None, given_at__lt=last, text__purpose=purpose).update(withdrawn_at=last)
    running = list(both.filter(person=to_id, withdrawn_at=None).values_list("text", flat=True))
    moving = Consent.objects.filter(person=from_id).exclude(withdrawn_at=None, text__in=running)
    return moving.update(person=to_id)


def _repoint_moves(from_id: int, to_id: int) -> int:
    """The history of both; of two moves ahead the one of the row that stays is done."""
    moves = Move.objects.filter(person=from_id)
    if Move.objects.filter(person=to_id, state__in=PENDING).exists():
        moves.filter(state__in=PENDING).update(state=MoveState.TAKEN_BACK)
    return moves.update(person=to_id)


def _hold_users(person_ids: Collection[int]) -> None:
    """A log-in is locked before its person, as by whoever says that a number is not theirs."""
    rows = User.objects.select_for_update(of=("self",)).filter(person__in=person_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


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


def _led_by(person_id: int) -> list[Subject]:
    """Subjects in whose row somebody is named as the leader, who belongs to them: by a name alone it may be anybody's."""
    person = Person.objects.select_related("subject").get(pk=person_id)
    is_led = person.subject is not None and text.fold(person.subject.leader) == person.search
    return [person.subject] if person.subject and is_led else []


def _stay_written(from_id: int, to_id: int) -> int:
    return 0


def _export_led(person_id: int) -> list[dict[str, Any]]:
    return [{"subject": one.name, "leader": one.leader, "phone": one.phone} for one in _led_by(person_id)]


def _erase_led(person_id: int) -> int:
    """The subject stays in the register, without the name of its leader and the number."""
    return Subject.objects.filter(pk__in=[one.pk for one in _led_by(person_id)]).update(leader="", phone="")


def _repoint_merged(from_id: int, to_id: int) -> int:
    return Person.objects.filter(merged_into=from_id).exclude(pk=to_id).update(merged_into=to_id)


def _nothing(person_id: int) -> list[dict[str, Any]]:
    return []


def _no_rows(person_id: int) -> int:
    return 0


def violations() -> list[str]:
    return [*_consents_apart(), *_names_with_records(), *_joined_people()]


def _names_with_records() -> list[str]:
    """Subjects that were joined to another, and still have what should have followed."""
    gone: Any = Subject.objects.exclude(merged_into=None)
    odd = gone.filter(Q(people__isnull=False) | Q(products__isnull=False) | Q(merged_into__merged_into__isnull=False))
    return [
        f"subject {pk} was joined to another and still has people or products, or leads on"
        for pk in sorted(set(odd.values_list("pk", flat=True)))
    ]


def _joined_people() -> list[str]:
    """People who were joined to another, and lead on or still have what should have followed."""
    gone: Any = Person.objects.exclude(merged_into=None)
    odd = gone.filter(
        Q(merged_into__merged_into__isnull=False) | Q(user__isnull=False) | Q(cards__isnull=False) | Q(merged_at=None)
    )
    return [
        f"person {pk} was joined to another and still has a log-in or cards, leads on, or nobody knows since when"
        for pk in sorted(set(odd.values_list("pk", flat=True)))
    ]


def _consents_apart() -> list[str]:
    """People whose row says otherwise than the ledger whether they agreed to what a learning record needs."""
    running = Prefetch("consents", Consent.objects.filter(withdrawn_at=None).select_related("text"), "running")
    people: Any = Person.objects.filter(merged_into=None).only("pk", "has_consented").prefetch_related(running)
    return [
        f"person {person.pk}: has_consented is {person.has_consented}, the ledger says otherwise"
        for person in people.iterator(chunk_size=2000)
        if person.has_consented
        == bool(rules.missing_consents((c.text.purpose, c.text.version) for c in person.running))
    ]
