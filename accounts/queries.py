from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page, WorkflowState

from lib import phones
from lib.registries import Registry, enrolled_people, names_on_paper, trained_people
from lib.text import fold
from provinces.models import Place

from .models import (
    ApprovalByAnother,
    Consent,
    ConsentText,
    DataRequest,
    Help,
    Person,
    Product,
    RoleAssignment,
    Subject,
    SubjectRole,
    User,
)
from .rules import (
    ASKED_APART,
    OWN_ONLY,
    REQUIRED_CONSENTS,
    STARS_ENDING,
    Held,
    are_alike,
    covers,
    gives_until,
    manages_colleagues,
    period_of_role,
)

ENDED_SHOWN = 3
REGISTERED = "accounts.person_registered"  # in the log
MOST_LISTED = 20_000  # of one file
LOG_SHOWN = CALLED = 20


def current_consent_texts(language: str) -> list[ConsentText]:
    """The newest wording of each purpose in a language, Vietnamese where there is no other; required ones first. Without what is asked
    apart, where it comes up."""
    texts = ConsentText.objects.exclude(purpose__in=ASKED_APART)
    return _newest(texts, language)


def texts_for_help(person: Person) -> list[ConsentText]:
    """What somebody has still to agree to before an officer helps; read aloud in the officer's language."""
    running = {row.text.purpose: row.text.version for row in running_consents(person)}
    wanted = _newest(ConsentText.objects.filter(purpose__in=[*REQUIRED_CONSENTS, ConsentText.Purpose.HELP]), "vi")
    return [one for one in wanted if one.purpose not in running or not covers(one.purpose, running[one.purpose])]


def _newest(texts: QuerySet[ConsentText], language: str) -> list[ConsentText]:
    newest: dict[str, ConsentText] = {}
    for text in texts.filter(language__in=["vi", language]).order_by("version"):
        known = newest.get(text.purpose)
        if known is None or text.language == language or known.version < text.version:
            newest[text.purpose] = text
    return sorted(newest.values(), key=lambda text: (not text.is_required, text.purpose))


def text_of(purpose: str, language: str) -> ConsentText:
    """The newest wording of a purpose in a language, Vietnamese where there is no other."""
    return _newest(ConsentText.objects.filter(purpose=purpose), language)[0]


def told_to_staff(consents: QuerySet[Consent]) -> QuerySet[Consent]:
    """Rows of the ledger without those that are only the person's own to see."""
    return consents.exclude(text__purpose__in=OWN_ONLY)


def numbers_of(person: Person) -> set[str]:
    """Under which somebody is known: of contact, and of the log-in."""
    user = getattr(person, "user", None)
    return {one for one in (person.contact_phone, user.phone if user else "") if one}


def running_consents(person: Person) -> list[Consent]:
    """What a person agrees to today: of each purpose the newest wording; required ones first."""
    rows = person.consents.filter(withdrawn_at=None).select_related("text").order_by("text__version", "pk")
    return sorted({row.text.purpose: row for row in rows}.values(), key=lambda row: not row.text.is_required)


def open_consent_texts(person: Person, language: str) -> list[ConsentText]:
    """What a person has not agreed to, took back, or agreed to in a wording that no longer tells all."""
    covered = {row.text.purpose for row in running_consents(person) if covers(row.text.purpose, row.text.version)}
    return [text for text in current_consent_texts(language) if text.purpose not in covered]


def is_asked_again(person: Person) -> bool:
    """Whether a required agreement runs, but in a wording that no longer tells all."""
    return not person.has_consented and any(row.text.purpose in REQUIRED_CONSENTS for row in running_consents(person))


def is_name_on_paper(person: Person) -> bool:
    """Whether a change of the name is an officer's: what was issued bears it."""
    return any(stands(person.pk) for _name, stands in names_on_paper)


def log_of(record: Person | Subject) -> list[tuple[ModelLogEntry, list[str]]]:
    """What was done about a person or a subject, the newest first, with the names of the fields that changed. Of a person with what was
    done to rows that were joined."""
    entries = ModelLogEntry.objects.for_instance(record)
    if isinstance(record, Person):
        for gone in record.merged_from.all():
            entries = entries | ModelLogEntry.objects.for_instance(gone)
    entries = entries.select_related("user__person").order_by("-timestamp", "-pk")
    models = (Product, Subject) if isinstance(record, Subject) else (Person,)
    fields = [field for model in models for field in model._meta.get_fields()]
    names = {field.name: str(getattr(field, "verbose_name", "")) for field in fields}
    return [
        (entry, [names.get(name) or name for name in entry.data.get("fields", [])]) for entry in entries[:LOG_SHOWN]
    ]


def people_listed_by(key: UUID) -> list[int]:
    """Whom a file wrote down, as the log knows it."""
    entries = ModelLogEntry.objects.filter(action=REGISTERED, uuid=key, content_type__model="person").order_by("pk")
    return [int(one) for one in entries.values_list("object_id", flat=True)[:MOST_LISTED]]


def erased_people() -> QuerySet[Person]:
    """Few: leaving them out is cheaper than joining everybody."""
    return Person.objects.filter(erased_at__isnull=False)


def is_left_in_peace(person: str) -> Q:
    """Whom nobody asks to learn: erased, having taken back an agreement without which nothing is recorded, or with a log-in that is
    switched off. Whoever took back another one, or is to be asked again, is none of them. `person` is the name of the field. Three lists,
    each short and found by an index of its own."""
    needed = Consent.objects.filter(person=OuterRef("pk"), text__purpose__in=REQUIRED_CONSENTS)
    taken_back, running = needed.filter(withdrawn_at__isnull=False), needed.filter(withdrawn_at=None)
    withdrawn = Person.objects.filter(Exists(taken_back), ~Exists(running), has_consented=False)
    switched_off = User.objects.filter(is_active=False, person__isnull=False).values("person")
    return Q(*((f"{person}__in", one) for one in (erased_people(), withdrawn, switched_off)), _connector=Q.OR)


def deletion_of(person: Person) -> DataRequest | None:
    """The one that has its day and was not taken back."""
    waiting = DataRequest.objects.filter(person=person, state__in=DataRequest.UNSETTLED)
    return waiting.filter(kind=DataRequest.Kind.DELETE).first()


def wants_no_calls(person: str) -> Q:
    """Whose objection to being called and reminded stands. They are counted as before; `person` is the name of the field."""
    return Q(**{f"{person}__in": DataRequest.objects.filter(stops_calls=True).values("person")})


def number_of(person: Person) -> str:
    """The number with which somebody logs in; "" for none."""
    return User.objects.filter(person=person).values_list("phone", flat=True).first() or ""


def helper_at(helps: Iterable[Help], moment: datetime) -> User | None:
    """Who helped at a moment, of the helps of one person; of two that ran, whose began last: the other may have ended by itself."""
    ran = [
        one for one in helps if one.begun_at and one.begun_at <= moment and (not one.ended_at or moment <= one.ended_at)
    ]
    return max(ran, key=lambda one: one.begun_at or moment).by if ran else None


def helped_by(user: User) -> tuple[int, int]:
    """How many people an officer has helped, and how many times."""
    helps = Help.objects.filter(by=user, begun_at__isnull=False)
    return helps.values("person").distinct().count(), helps.count()


def has_trained_leader() -> Exists:
    """Of a subject: somebody who heads it has finished a course."""
    return Exists(_people_of_subject(trained_people).filter(subject_role=SubjectRole.HEAD))


def has_learner() -> Exists:
    """Of a subject: somebody of it is enrolled in a course, or was to the end."""
    return Exists(_people_of_subject(enrolled_people))


def _people_of_subject(among: Registry[Any]) -> QuerySet[Person]:
    asked = Q(pk__in=())
    for _name, keys in among:
        asked |= Q(Exists(keys().filter(person=OuterRef("pk"))))  # of each of them, and not of everybody who has learnt
    return Person.objects.filter(asked, subject=OuterRef("pk"), merged_into=None)


def are_stars_ending(day: date, product: str = "") -> Q:
    """Of a product, or of what leads to products by `product`: its stars run out within half a year from `day` on."""
    return Q((f"{product}stars__isnull", False), (f"{product}valid_until__range", (day, day + STARS_ENDING)))


def alike(name: str, phone: str, leader: str, among: Iterable[Subject]) -> list[Subject]:
    """Subjects that may be the one of this name: called nearly so, or with the same number or leader."""
    numbers, bare, folded = set(phones.in_cell(phone)), fold(leader), fold(name)
    return [
        one
        for one in among
        if are_alike(folded, one.search)
        or (numbers and one.phone and numbers & set(phones.in_cell(one.phone)))
        or (len(bare.split()) > 1 and bare == fold(one.leader))
    ]


def people_called(people: QuerySet[Person], query: str) -> list[Person]:
    """A few of `people` by the words of a name, or by a number or its last digits; nobody where nothing was typed."""
    digits, words = phones.last_digits(query), fold(query).split()
    if not words:
        return []
    of_number = Q(user__phone__endswith=digits) | Q(contact_phone__endswith=digits)
    found = people.filter(of_number if digits else Q(*(Q(search__contains=word) for word in words)))
    return list(found.select_related("place__parent", "subject").order_by("sort_key")[:CALLED])


def has_staff_password(user: User) -> bool:
    """Whether the password opens the admin today, or will when a role begins: a PIN in its place would lock that door."""
    if user.is_staff:
        return True
    return not user.has_pin and user.has_usable_password() and user.roles.not_over(timezone.localdate()).exists()


def has_second_factor(user: Any) -> bool:
    """Whether an app or a passkey is set up; recovery codes alone are none."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def is_or_was_colleague(user: User) -> bool:
    """Whether somebody works here, or did until a role ended: only colleagues have a name of their own."""
    return user.is_staff or bool(user.display_name)


def is_written_down(user: User) -> bool:
    """Whether somebody else wrote the number down and nobody has proved it: then whoever does is asked whose it is."""
    return user.phone_verified_at is None and bool(user.person_id or is_or_was_colleague(user))


def has_roles_but_none_today(user: User) -> bool:
    """Whether the admin is closed because roles ended or have not begun, and not for want of a password."""
    if user.roles.on(timezone.localdate()).exists():
        return False
    return is_or_was_colleague(user) or user.roles.exists()


def colleagues_called(staff: QuerySet[User], query: str) -> QuerySet[User]:
    """Of some colleagues those whom the words of a name fit, or the last digits of a number; all where nothing was typed."""
    if digits := phones.last_digits(query):
        return staff.filter(phone__endswith=digits)
    words = fold(query).split()
    if not words:
        return staff
    # Colleagues are some thousands at most: their names are compared as they are, without a column for it.
    names = staff.values_list("pk", "display_name")
    return staff.filter(pk__in=[pk for pk, name in names if all(word in fold(name) for word in words)])


def roles_by_period(user: User, among: QuerySet[RoleAssignment] | None = None) -> dict[str, list[RoleAssignment]]:
    """The roles that a colleague holds, will hold and held (`among` those that may be seen), the latest first."""
    periods: dict[str, list[RoleAssignment]] = {"running": [], "coming": [], "past": []}
    mine = user.roles.all() if among is None else among.filter(user=user)
    assignments = mine.select_related("place__parent", "granted_by__person", "ended_by__person")
    for one in assignments.order_by("-valid_from", "-pk"):
        period = period_of_role(
            first=one.valid_from, last=one.valid_until, is_ended=one.ended_at is not None, today=timezone.localdate()
        )
        periods[period].append(one)
    return periods


def own_roles(user: User) -> dict[str, Any]:
    """What colleagues are told of their own roles; of those that ended the latest few that were not given again."""
    periods = roles_by_period(user)
    held = [one for one in periods["past"] if one.was_held]
    latest = {(one.role, one.place_id): one for one in [*reversed(held), *periods["coming"], *periods["running"]]}
    ended = [one for one in held if latest[one.role, one.place_id] is one]
    people, times = helped_by(user)
    return periods | {"ended": ended[:ENDED_SHOWN], "colleague": user, "helped_people": people, "helped_times": times}


def as_held(assignment: RoleAssignment) -> Held:
    return Held(assignment.role, assignment.place.level if assignment.place else "", assignment.valid_until)


def managing(assignments: Iterable[RoleAssignment]) -> list[RoleAssignment]:
    """Of somebody's roles of today those that make colleagues and give roles."""
    return [one for one in assignments if manages_colleagues(as_held(one))]


def delegable_until(assignments: Iterable[RoleAssignment], role: str, place: Place | None) -> date | None:
    """Until which day whoever holds these roles today may give one in a place; `date.max` without an end, None for never."""
    if place is None:
        return None
    covering = [one for one in assignments if one.place is None or place.pk in one.place_ids]
    return gives_until(role=role, level=place.level, held=map(as_held, covering))


def own_requests(user: User | AnonymousUser) -> list[Page]:
    """What somebody sent in for another one's approval, and may not make public meanwhile. Administrators may."""
    if not isinstance(user, User) or user.is_superuser:
        return []
    states = WorkflowState.objects.filter(requested_by=user, status=WorkflowState.STATUS_IN_PROGRESS)
    waiting = states.select_related("current_task_state__task")
    pages = [state.content_object for state in waiting if _asks_another(state)]
    return [page for page in pages if isinstance(page, Page)]


def _asks_another(state: WorkflowState) -> bool:
    step = state.current_task_state
    return step is not None and isinstance(step.task.specific, ApprovalByAnother)


def approved_by_another(user: User | AnonymousUser, page: Page) -> tuple[bool, bool]:
    """Whether somebody sent a page in, and whether somebody sent it in or wrote its last words: another one approves those."""
    step = page.current_workflow_task
    if not isinstance(user, User) or not isinstance(step, ApprovalByAnother):
        return False, False
    return step.is_sender(page, user), step.is_own(page, user)


def own_requests_among(user: User | AnonymousUser, pages: Sequence[Page], *, within: bool) -> list[Page]:
    """Of several pages, or of those below them as well."""
    return [
        own
        for own in own_requests(user)
        if any(own.pk == page.pk or (within and own.is_descendant_of(page)) for page in pages)
    ]
