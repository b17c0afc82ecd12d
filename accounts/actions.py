"""Every write about people, log-ins and roles."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lib import codes, phones, text
from lib.dates import local_day
from lib.refusals import Refusal
from messaging.actions import enqueue
from provinces.models import Place

from . import rules
from .models import (
    Consent,
    ConsentText,
    OneTimeCard,
    Person,
    PersonKind,
    PhoneChange,
    Role,
    RoleAssignment,
    Subject,
    User,
)

CARD = "one-time-card"
CARD_DAYS = 14
UNVERIFIED_DAYS = 2


@transaction.atomic
def user_for_phone(*, phone: str, at: datetime) -> User:
    """The log-in of a number; an unknown number gets one that is deleted after two days if no code confirms it."""
    user, created = User.objects.get_or_create(phone=phone, defaults={"date_joined": at})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def forget_unverified(*, at: datetime) -> int:
    """Deletes log-ins whose number nobody ever confirmed."""
    stale = User.objects.filter(
        phone_verified_at=None,
        person=None,
        is_staff=False,
        last_login=None,
        date_joined__lt=at - timedelta(days=UNVERIFIED_DAYS),
    )
    return stale.delete()[0]


def forget_cards(*, at: datetime) -> int:
    """Deletes cards a month after their last day, used or not."""
    return OneTimeCard.objects.filter(expires_at__lt=at - timedelta(days=30)).delete()[0]


@transaction.atomic
def keep_draft(*, user: User, values: dict[str, object]) -> None:
    """Keeps what a person typed in one step, so that a lost session loses nothing."""
    user.profile_draft = user.profile_draft | values
    user.save(update_fields=["profile_draft"])


@transaction.atomic
def register_person(
    *,
    user: User | None,
    name: str,
    place: Place,
    kind: str,
    consents: Iterable[ConsentText],
    at: datetime,
    birth_year: int | None = None,
    subject_name: str = "",
    subject_kind: str = "",
    subject_role: str = "",
    official_level: str = "",
    how: str = Consent.How.SELF,
    recorded_by: User | None = None,
    is_demo: bool = False,
) -> Person:
    """Makes the person behind a log-in, with a row in the consent ledger for each text that was agreed to.

    A second call for the same log-in (a double tap) gives the person of the first. A subject is found in the commune by
    its name, diacritics apart, or recorded as not yet confirmed.
    """
    if user is not None:
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.person_id and user.person:
            return user.person
    given = list(consents)
    if missing := rules.REQUIRED_CONSENTS - {consent_text.purpose for consent_text in given}:
        raise Refusal(_("Chưa có sự đồng ý cần thiết: %(purposes)s") % {"purposes": ", ".join(sorted(missing))})
    is_subject = kind == PersonKind.SUBJECT
    person = Person.objects.create(
        name=name,
        place=place,
        kind=kind,
        birth_year=birth_year,
        contact_phone=(user.phone or "") if user else "",
        subject=_subject(subject_name, subject_kind, place, at) if is_subject and subject_name else None,
        subject_role=subject_role if is_subject else "",
        official_level="" if is_subject else official_level,
        is_demo=is_demo,
        created_at=at,
    )
    for consent_text in given:
        Consent.objects.create(person=person, text=consent_text, given_at=at, how=how, recorded_by=recorded_by)
    if user is not None:
        user.person, user.profile_draft = person, {}
        user.save(update_fields=["person", "profile_draft"])
    return person


def _subject(name: str, kind: str, place: Place, at: datetime) -> Subject:
    known = Subject.objects.filter(place=place, search=text.fold(name)).first()
    return known or Subject.objects.create(name=name, kind=kind, place=place, created_at=at)


@transaction.atomic
def withdraw_consent(*, person: Person, consent_id: int, at: datetime) -> bool:
    """Closes a running row of the ledger; returns whether there was one. The row itself stays as evidence."""
    return bool(person.consents.filter(pk=consent_id, withdrawn_at=None).update(withdrawn_at=at))


@transaction.atomic
def set_pin(*, user: User, pin: str) -> None:
    """Raises Refusal for staff (they have a password) and for a weak PIN."""
    if user.is_staff:
        raise Refusal(_("Tài khoản cán bộ dùng mật khẩu, không dùng mã PIN."))
    birth_year = user.person.birth_year if user.person else None
    if rules.weak_pin(pin, birth_year):
        raise Refusal(_("Mã PIN chưa đủ an toàn."))
    user.set_password(pin)
    user.has_pin = True
    user.save(update_fields=["password", "has_pin"])


@transaction.atomic
def issue_card(*, person: Person, by: User, at: datetime) -> str:
    """A one-time code for printing, shown this once (XXXXX-XXXXX). Earlier unused cards of the person end."""
    person.cards.filter(used_at=None, expires_at__gt=at).update(expires_at=at)
    code = codes.random_code(10)
    card = OneTimeCard.objects.create(
        person=person,
        code_digest=codes.digest(CARD, code),
        issued_by=by,
        issued_at=at,
        expires_at=at + timedelta(days=CARD_DAYS),
    )
    log(instance=person, action="accounts.card_issued", user=by, data={"card": card.pk})
    return f"{code[:5]}-{code[5:]}"


@transaction.atomic
def use_card(*, code: str, at: datetime) -> User:
    """The log-in of a card's person, made now if there is none. Raises Refusal for an unknown, used or expired card."""
    claimed = OneTimeCard.objects.filter(
        code_digest=codes.digest(CARD, codes.tidy(code)), used_at=None, expires_at__gt=at, person__merged_into=None
    )
    card = claimed.select_related("person").first()
    if card is None or not claimed.update(used_at=at):
        raise Refusal(_("Mã này không đúng, đã dùng rồi hoặc đã hết hạn. Hãy xin cán bộ xã một phiếu mới."))
    user = User.objects.filter(person=card.person).first()
    if user is None:
        user = User(person=card.person, date_joined=at)
        user.set_unusable_password()
        user.save()
    if not user.is_active or user.is_staff:
        raise Refusal(_("Tài khoản này không đăng nhập bằng phiếu được. Hãy hỏi cán bộ xã của anh/chị."))
    return user


@transaction.atomic
def request_phone_change(*, name: str, place: Place, old_phone: str, new_phone: str, at: datetime) -> PhoneChange:
    """Puts the request into the queue of the place's officer; the same request twice is one."""
    change, _created = PhoneChange.objects.get_or_create(
        old_phone=old_phone,
        new_phone=new_phone,
        status=PhoneChange.Status.OPEN,
        defaults={"name": text.nfc(name), "place": place, "requested_at": at},
    )
    return change


@transaction.atomic
def decide_phone_change(
    *, change: PhoneChange, by: User, is_confirmed: bool, person: Person | None, reason: str, at: datetime
) -> None:
    """An officer's decision, audited. Confirming gives the person's log-in the new number and tells that number.

    Raises Refusal when the request was decided already, no person is chosen, or the new number belongs to somebody else.
    """
    change = PhoneChange.objects.select_for_update().get(pk=change.pk)
    if change.status != PhoneChange.Status.OPEN:
        raise Refusal(_("Yêu cầu này đã được quyết định rồi."))
    if is_confirmed:
        if person is None:
            raise Refusal(_("Hãy chọn người mà yêu cầu này thuộc về."))
        _give_number(person, change.new_phone, at)
    change.status = PhoneChange.Status.CONFIRMED if is_confirmed else PhoneChange.Status.REFUSED
    change.person, change.decided_by, change.decided_at, change.reason = person, by, at, reason
    change.save()
    log(
        instance=change,
        action="accounts.phone_change_decided",
        user=by,
        data={"status": change.status, "reason": reason},
    )
    body = (
        "Hoc OCOP: so dien thoai moi cua anh/chi da duoc xac nhan. Hay dang nhap bang so nay."
        if is_confirmed
        else "Hoc OCOP: yeu cau doi so dien thoai chua duoc xac nhan. Hay gap can bo xa cua anh/chi."
    )
    enqueue(to=change.new_phone, body=body, purpose="phone-change", at=at)


def _give_number(person: Person, phone: str, at: datetime) -> None:
    if User.objects.filter(phone=phone).exclude(person=person).exclude(person=None).exists():
        raise Refusal(_("Số mới đang thuộc về một người khác."))
    User.objects.filter(phone=phone, person=None, is_staff=False).delete()  # never finished signing up
    user = User.objects.filter(person=person).first() or User(person=person, date_joined=at)
    if not user.pk:
        user.set_unusable_password()
    user.phone, user.phone_verified_at = phone, None  # the next code confirms it
    user.save()
    person.contact_phone = phone
    person.save()


@transaction.atomic
def grant_role(
    *, user: User, role: str, place: Place | None, by: User | None, at: datetime, valid_until: date | None = None
) -> RoleAssignment:
    """Gives a role within a place. A PIN ends with it: staff need a password."""
    assignment, _created = RoleAssignment.objects.update_or_create(
        user=user,
        role=role,
        place=place,
        defaults={"valid_from": local_day(at), "valid_until": valid_until, "granted_by": by},
    )
    if user.has_pin:
        user.set_unusable_password()
        user.has_pin = False
    user.is_staff = True
    user.save(update_fields=["is_staff", "has_pin", "password"])
    sync_groups(user=user, at=at)
    log(instance=user, action="accounts.role_granted", user=by, data={"role": role, "place": str(place or "")})
    return assignment


@transaction.atomic
def end_role(*, assignment: RoleAssignment, by: User | None, at: datetime) -> None:
    user, role, place = assignment.user, assignment.role, str(assignment.place or "")
    assignment.delete()
    sync_groups(user=user, at=at)
    log(instance=user, action="accounts.role_ended", user=by, data={"role": role, "place": place})


def sync_groups(*, user: User, at: datetime) -> None:
    """Group membership follows the assignments of the day: Wagtail's permissions hang on groups."""
    roles = set(RoleAssignment.objects.on(local_day(at)).filter(user=user).values_list("role", flat=True))
    mine = [Group.objects.get_or_create(name=role)[0] for role in sorted(roles)]
    others = Group.objects.filter(name__in=[role for role in Role.values if role not in roles])
    user.groups.remove(*others)
    user.groups.add(*mine)
    is_administrator = Role.ADMINISTRATOR in roles
    if roles and (user.is_superuser != is_administrator or not user.is_staff):
        user.is_superuser, user.is_staff = is_administrator, True
        user.save(update_fields=["is_superuser", "is_staff"])
    elif not roles and user.is_staff and not user.is_superuser:
        user.is_staff = False
        user.save(update_fields=["is_staff"])


def end_expired_roles(*, at: datetime) -> int:
    """Takes the rights of assignments whose last day has passed."""
    expired = RoleAssignment.objects.filter(valid_until__lt=local_day(at), user__is_staff=True)
    users = {assignment.user for assignment in expired.select_related("user")}
    for user in users:
        sync_groups(user=user, at=at)
    return len(users)


@transaction.atomic
def create_staff(
    *,
    phone: str,
    name: str,
    password: str,
    roles: Iterable[tuple[str, Place | None]],
    by: User | None,
    at: datetime,
    is_demo: bool = False,
) -> User:
    """A staff member by name, phone number and password. Raises ValidationError for a weak password or a taken number."""
    number = phones.to_e164(phone)
    if User.objects.filter(phone=number).exists():
        raise ValidationError(_("Số điện thoại này đã có tài khoản."))
    validate_password(password)
    user = User(
        phone=number, phone_verified_at=at, display_name=text.nfc(name), is_staff=True, is_demo=is_demo, date_joined=at
    )
    user.set_password(password)
    user.save()
    for role, place in roles:
        grant_role(user=user, role=role, place=place, by=by, at=at)
    return user
