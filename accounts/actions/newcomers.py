"""A list of people written into the records at once, once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, get_active_log_context
from wagtail.models import ModelLogEntry

from accounts.models import ConsentText, Person, Subject, User
from accounts.newcomers import Listing, Plan, Planned, Scope, Verdict, plan
from lib import dates
from lib.refusals import Refusal
from provinces.models import Place

from .lists import AT_ONCE, Listed, hold_log_ins, register_list, subjects_of

WRITTEN = ("birth_year", "contact_phone", "subject", "subject_role", "official_level")


@dataclass(frozen=True)
class ImportedPeople:
    plan: Plan
    new: Sequence[Person] = ()
    changed: int = 0

    @property
    def has_changed(self) -> bool:
        return bool(self.new or self.changed)


@transaction.atomic
def import_people(
    *,
    listing: Listing,
    scope: Scope,
    seen: str | None,
    consents: Iterable[ConsentText],
    how: str,
    by: User | None,
    at: datetime,
) -> ImportedPeople:
    """All rows that need no decision, or none of them: who is new is registered, of who is known what the records do not say is written down.
    What was imported before changes nothing. The log knows whom a file wrote down (`Listing.key`).

    `seen` is the fingerprint of the plan that was looked at: raises Refusal where another would be written now (None: whatever comes), and
    as `register_list` does without the consents that are required.
    """
    this_year = dates.local_day(at).year
    first = plan(listing, scope=scope, this_year=this_year)
    # Of two lists of one commune the second waits, and finds what the first has written.
    _hold(Place, {one.place.pk for one in first.lines if one.place})
    hold_log_ins(one.phone for one in first.of(Verdict.NEW) if one.phone)  # before people, as everywhere
    _hold(Person, {one.person.pk for one in first.of(Verdict.KNOWN) if one.person})
    planned = plan(listing, scope=scope, this_year=this_year)
    if seen is not None and planned.written and seen != planned.fingerprint:
        raise Refusal(_("Chưa nhập: hồ sơ vừa thay đổi từ lúc anh/chị xem. Hãy xem lại rồi bấm lần nữa."))
    with _in_the_log_as(listing.key, by):
        listed = [_listed(one) for one in planned.of(Verdict.NEW)]
        new = register_list(people=listed, consents=consents, how=how, by=by, at=at) if listed else []
        changed = _complete(planned.of(Verdict.KNOWN), by, at)
    return ImportedPeople(planned, new, changed)


def _hold(model: type[Place] | type[Person], keys: set[int]) -> None:
    rows = model._default_manager.select_for_update(no_key=model is Place).order_by("pk")
    for some in batched(sorted(keys), AT_ONCE):
        list(rows.filter(pk__in=some).values_list("pk"))


@contextmanager
def _in_the_log_as(key: UUID, by: User | None) -> Iterator[None]:
    with LogContext(user=by or get_active_log_context().user, generate_uuid=False) as context:
        context.uuid = key
        yield


def _listed(one: Planned) -> Listed:
    assert one.place is not None  # noqa: S101 (the plan found it)
    assert one.token is not None  # noqa: S101 (who is new has one)
    return Listed(
        form_token=one.token,
        name=one.line.name,
        birth_year=int(one.line.born) if one.line.born else None,
        place=one.place,
        phone=one.phone,
        **one.standing,
    )


def _complete(known: Sequence[Planned], by: User | None, at: datetime) -> int:
    """Of people who are in the records: what the list says besides."""
    subjects = subjects_of([_member(one, one.person) for one in known if one.person and _changes_subject(one)], at)
    people = []
    for one in known:
        assert one.person is not None  # noqa: S101 (known)
        for change in one.changes:
            is_subject = change.field == "subject"
            after = subjects[one.person.place_id, Subject.folded(one.subject_name)] if is_subject else change.after
            setattr(one.person, change.field, after)
        people.append(one.person)
    Person.objects.bulk_update(people, WRITTEN, batch_size=500)
    kind, context = ContentType.objects.get_for_model(Person), get_active_log_context()
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(one.person.pk),
            label=one.person.log_title,
            action="accounts.person_corrected",
            timestamp=at,
            user=context.user,
            uuid=context.uuid,
            data={"fields": [change.field for change in one.changes], "how": "import"},
        )
        for one in known
        if one.person
    )
    return len(people)


def _changes_subject(one: Planned) -> bool:
    return any(change.field == "subject" for change in one.changes)


def _member(one: Planned, person: Person) -> Listed:
    """As `subjects_of` is asked for a subject: by the place where the person lives."""
    return Listed(
        form_token=one.token or UUID(int=0),
        name=person.name,
        place=person.place,
        kind=one.standing["kind"],
        subject_name=one.subject_name,
        subject_kind=one.standing["subject_kind"],
    )
