"""Many people written down at once, as `register_for` writes each of them: in as many queries for thousands as for a few."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry

from accounts.models import Consent, ConsentText, Person, PersonKind, Subject, User
from accounts.queries import REGISTERED, is_or_was_colleague
from provinces.models import Place

from .logins import end_proof
from .people import refuse_another, refuse_missing

AT_ONCE = 5_000  # values of a query


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Somebody of a list; fields as of `register_for`."""

    form_token: UUID
    name: str
    place: Place
    kind: str
    birth_year: int | None = None
    phone: str = ""
    subject_name: str = ""
    subject_kind: str = ""
    subject_role: str = ""
    official_level: str = ""

    @property
    def subject_key(self) -> tuple[int, str] | None:
        is_of_one = self.kind == PersonKind.SUBJECT and self.subject_name
        return (self.place.pk, Subject.folded(self.subject_name)) if is_of_one else None


@transaction.atomic
def register_list(
    *, people: Sequence[Listed], consents: Iterable[ConsentText], how: str, by: User | None, at: datetime
) -> list[Person]:
    """In the order of `people`. Whose token is known is there already and left alone. Of several with one number the first gets it as
    log-in. Raises Refusal as `register_for` does, and nobody is written then."""
    given, known = list(consents), _known(people)
    if known.keys() != {one.form_token for one in people}:
        refuse_missing(given)
    for one in people:
        if before := known.get(one.form_token):
            refuse_another(before, one.name, one.birth_year, one.place)
    new = list({one.form_token: one for one in people if one.form_token not in known}.values())
    log_ins = _log_ins({one.phone for one in new if one.phone}, at)
    made = _made(new, subjects_of(new, at), at)
    Consent.objects.bulk_create(
        Consent(person=person, text=one, given_at=at, how=how, recorded_by=by) for person in made for one in given
    )
    _give_numbers(new, made, log_ins, by)
    _note(made, how, by, at)
    known |= {one.form_token: one for one in made if one.form_token}
    return [known[one.form_token] for one in people]


def _known(people: Sequence[Listed]) -> dict[UUID, Person]:
    rows = Person.objects.select_related("subject", "place__parent")
    found = (
        one for some in batched((one.form_token for one in people), AT_ONCE) for one in rows.filter(form_token__in=some)
    )
    return {one.form_token: one for one in found if one.form_token}


def _log_ins(phones: Iterable[str], at: datetime) -> dict[str, User]:
    """As `user_for_phone`: held until the transaction ends, made where there is none. In one order, so that two lists with the same
    numbers wait for each other instead of both giving up."""
    wanted = sorted(phones)
    known = _held(wanted)
    new = [User(phone=phone, date_joined=at) for phone in wanted if phone not in known]
    for one in new:
        one.set_unusable_password()
    User.objects.bulk_create(new, ignore_conflicts=True)  # somebody may begin to sign up at this moment
    return known | _held([str(one.phone) for one in new])


def hold_log_ins(phones: Iterable[str]) -> None:
    """Those that there are, until the transaction ends."""
    _held(sorted(set(phones)))


def _held(phones: Iterable[str]) -> dict[str, User]:
    rows = User.objects.select_for_update().order_by("phone")
    return {str(one.phone): one for some in batched(phones, AT_ONCE) for one in rows.filter(phone__in=some)}


def subjects_of(people: Sequence[Listed], at: datetime) -> dict[tuple[int, str], Subject]:
    """By place and folded name; who is named first says how it is spelled and of what kind it is. Held, as `_subject` holds one."""
    named = {key: one for one in reversed(people) if (key := one.subject_key)}
    found = _subjects_of(named)
    missing = [
        Subject(name=one.subject_name, kind=one.subject_kind, place=one.place, created_at=at).spelled()
        for key, one in sorted(named.items(), key=lambda pair: pair[0])
        if key not in found
    ]
    if missing:  # somebody else may write one down at this moment
        Subject.objects.bulk_create(missing, ignore_conflicts=True)
        found |= _subjects_of(named.keys() - found.keys())
    return found


def _subjects_of(keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Subject]:
    wanted = sorted(keys)
    places, rows = {place for place, _search in wanted}, Subject.objects.select_for_update(no_key=True, of=("self",))
    found = (
        one
        for some in batched(sorted({search for _place, search in wanted}), AT_ONCE)
        for one in rows.filter(place__in=places, search__in=some).order_by("pk")
    )
    return {(one.place_id, one.search): one.meant for one in found}


def _made(people: Sequence[Listed], subjects: Mapping[tuple[int, str], Subject], at: datetime) -> list[Person]:
    return Person.objects.bulk_create(
        Person(
            name=one.name,
            place=one.place,
            kind=one.kind,
            birth_year=one.birth_year,
            contact_phone=one.phone,
            subject=subjects[one.subject_key] if one.subject_key else None,
            subject_role=one.subject_role if one.kind == PersonKind.SUBJECT else "",
            official_level="" if one.kind == PersonKind.SUBJECT else one.official_level,
            form_token=one.form_token,
            created_at=at,
        ).spelled()
        for one in people
    )


def _give_numbers(
    people: Sequence[Listed], made: Sequence[Person], log_ins: Mapping[str, User], by: User | None
) -> None:
    first = {one.phone: person for one, person in zip(reversed(people), reversed(made), strict=True) if one.phone}
    given = [user for user in log_ins.values() if not user.person_id and not is_or_was_colleague(user)]
    for user in given:
        if user.phone_verified_at:
            end_proof(user=user)
        user.person = first[str(user.phone)]
        if by is None:
            user.profile_draft = {}
    changed = ["person", "profile_draft"]
    User.objects.bulk_create(given, update_conflicts=True, unique_fields=["pk"], update_fields=changed)


def _note(made: Sequence[Person], how: str, by: User | None, at: datetime) -> None:
    kind, context = ContentType.objects.get_for_model(Person), get_active_log_context()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(one.pk),
            label=one.log_title,
            action=REGISTERED,
            timestamp=at,
            user=by or context.user,
            uuid=context.uuid,
            data={"how": how},
        )
        for one in made
    )
