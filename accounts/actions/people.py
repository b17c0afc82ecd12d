"""People and what they agreed to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import helping, rules
from accounts.models import Consent, ConsentText, Person, PersonKind, Subject, User
from accounts.queries import REGISTERED, is_name_on_paper, is_or_was_colleague
from lib import text
from lib.refusals import Refusal
from provinces.models import Place

from .logins import end_proof, user_for_phone


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
    contact_phone: str = "",
    subject_name: str = "",
    subject_kind: str = "",
    subject_role: str = "",
    official_level: str = "",
    how: str = Consent.How.SELF,
    recorded_by: User | None = None,
    form_token: UUID | None = None,
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
    refuse_missing(given)
    is_subject = kind == PersonKind.SUBJECT
    person = Person.objects.create(
        name=name,
        place=place,
        kind=kind,
        birth_year=birth_year,
        contact_phone=contact_phone or (user.phone if user else "") or "",
        subject=_subject(subject_name, subject_kind, place, at) if is_subject and subject_name else None,
        subject_role=subject_role if is_subject else "",
        official_level="" if is_subject else official_level,
        form_token=form_token,
        is_demo=is_demo,
        created_at=at,
    )
    for consent_text in given:
        Consent.objects.create(person=person, text=consent_text, given_at=at, how=how, recorded_by=recorded_by)
    if user is not None:
        user.person = person
        if recorded_by is None:  # else it may be a stranger's, who gets it back (`part_from_person`)
            user.profile_draft = {}
        user.save(update_fields=["person", "profile_draft"])
    return person


def register_for(
    *, form_token: UUID, name: str, birth_year: int | None, place: Place, by: User | None, at: datetime, **fields: Any
) -> Person:
    """An officer, or a command of the server (`by` None), writes somebody down (fields as of `register_person`), audited.

    The same form sent again (a double click, a slow network) gives the person of the first time. Raises Refusal when it
    comes back with another name, year or place: that may be another person, who needs a form of their own.
    """
    wanted = {"name": name, "birth_year": birth_year, "place": place, "by": by, "at": at} | fields
    try:
        with transaction.atomic():
            person = Person.objects.filter(form_token=form_token).first() or _register_for(
                form_token=form_token, **wanted
            )
    except IntegrityError:  # the other click was quicker
        person = Person.objects.get(form_token=form_token)
    refuse_another(person, name, birth_year, place)
    return person


def refuse_missing(consents: Iterable[ConsentText]) -> None:
    if missing := rules.missing_consents((one.purpose, one.version) for one in consents):
        raise Refusal(
            _(
                "Chưa đăng ký được, vì còn thiếu sự đồng ý: %(purposes)s. Hãy mở lại trang, đọc lời đồng ý rồi bấm lần nữa."
            )
            % {"purposes": _in_words(missing)}
        )


def refuse_another(person: Person, name: str, birth_year: int | None, place: Place) -> None:
    """The form of a person came back with what may be somebody else."""
    if (person.search, person.birth_year, person.place_id) != (text.fold(name), birth_year, place.pk):
        raise Refusal(
            _(
                "Lần gửi trước đã đăng ký cho %(name)s rồi, không mất gì. Nếu đây là người khác, hãy bấm Đăng ký lần nữa."
            )
            % {"name": person.name}
        )


def _register_for(*, form_token: UUID, phone: str, how: str, by: User | None, at: datetime, **fields: Any) -> Person:
    """A number that nobody uses becomes the person's log-in, unconfirmed until its first code; a number of somebody
    else's (couples share one) is only kept for calling.
    """
    user = user_for_phone(phone=phone, at=at) if phone else None
    if user is not None and (user.person_id or is_or_was_colleague(user)):
        user = None
    elif user is not None and user.phone_verified_at:
        end_proof(user=user)
    person = register_person(user=user, how=how, recorded_by=by, form_token=form_token, at=at, **fields)
    if phone and user is None:
        person.contact_phone = phone
        person.save(update_fields=["contact_phone"])
    log(instance=person, title=person.log_title, action=REGISTERED, user=by, data={"how": how})
    return person


@transaction.atomic
def correct_person(
    *,
    person: Person,
    name: str,
    birth_year: int | None,
    place: Place,
    kind: str,
    subject_name: str,
    subject_kind: str,
    subject_role: str,
    official_level: str,
    by: User,
    reason: str,
    at: datetime,
) -> list[str]:
    """An officer puts right what is written of a person; returns the names of the fields that changed.

    Enrolments keep the place of their day, and certificates what was printed. The audit log holds who, when, why and
    which fields, not their contents. Raises Refusal for oneself: a paper bears what two people have seen.
    """
    if person.pk == by.person_id:
        raise Refusal(
            _(
                "Chưa sửa gì, vì đây là thông tin của chính anh/chị. Hãy nhờ một cán bộ khác sửa giúp; tên chưa in trên giấy chứng nhận thì anh/chị tự sửa được ở trang Tài khoản."
            )
        )
    person = Person.objects.select_for_update().get(pk=person.pk)
    is_subject = kind == PersonKind.SUBJECT
    wanted = {
        "name": text.name(name),
        "birth_year": birth_year,
        "place": place,
        "kind": kind,
        "subject": _subject(subject_name, subject_kind, place, at) if is_subject and subject_name else None,
        "subject_role": subject_role if is_subject else "",
        "official_level": "" if is_subject else official_level,
    }
    rewritten = wanted["subject"] == person.subject and _rewrite(
        person.subject, subject_name, subject_kind, by=by, reason=reason
    )
    return _correct(person, wanted, by, reason, besides=["subject"] if rewritten else [])


@transaction.atomic
def correct_own_name(*, person: Person, name: str, by: User) -> bool:
    """People put their own name right, audited like an officer's correction; returns whether it changed. `by` is the officer while one helps.

    Raises Refusal once it stands on a paper: then somebody compares it with an identity card first.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if is_name_on_paper(person):
        raise Refusal(
            _(
                "Họ và tên đã in trên giấy chứng nhận nên anh/chị không tự sửa được nữa. Tên vẫn giữ như cũ; cần sửa thì nhờ cán bộ xã."
            )
        )
    said = (
        _("Sửa tên lúc cán bộ giúp học, chưa có giấy chứng nhận.")
        if helping.is_on()
        else _("Học viên tự sửa tên, chưa có giấy chứng nhận.")
    )
    return bool(_correct(person, {"name": text.name(name)}, by, said))


def _correct(person: Person, wanted: dict[str, Any], by: User, reason: str, besides: Iterable[str] = ()) -> list[str]:
    """`besides` names what was put right behind fields that stay."""
    differing = [field for field, value in wanted.items() if getattr(person, field) != value]
    for field in differing:
        setattr(person, field, wanted[field])
    changed = [*differing, *besides]
    if changed:
        person.save()
        log(
            instance=person,
            title=person.log_title,
            action="accounts.person_corrected",
            user=by,
            data={"fields": changed, "reason": reason},
        )
    return changed


def _in_words(purposes: Iterable[str]) -> str:
    return ", ".join(str(ConsentText.Purpose(purpose).label) for purpose in sorted(purposes))


def _subject(name: str, kind: str, place: Place, at: datetime) -> Subject:
    """The one of this name, or the one that it was joined to. Held, so that no joining goes past it meanwhile."""
    fields = {"name": name, "kind": kind, "created_at": at}
    rows = Subject.objects.select_for_update(no_key=True, of=("self",))
    return rows.get_or_create(place=place, search=Subject.folded(name), defaults=fields)[0].meant


def _rewrite(subject: Subject | None, name: str, kind: str, *, by: User, reason: str) -> bool:
    """The same subject, its diacritics or kind put right, for everybody who belongs to it: its own log tells who did."""
    if subject is None or subject.search != Subject.folded(
        name
    ):  # by a further name, which is no correction of its own
        return False
    wanted = {"name": text.name(name), "kind": kind}
    differing = [field for field, value in wanted.items() if getattr(subject, field) != value]
    if not differing:
        return False
    for field in differing:
        setattr(subject, field, wanted[field])
    subject.save(update_fields=differing)
    data = {"fields": differing, "reason": reason}
    log(instance=subject, title=subject.log_title, action="accounts.subject_corrected", user=by, data=data)
    return True
