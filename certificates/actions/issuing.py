"""Certificates of finished enrolments: exactly one each, numbered without gaps."""

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Person
from certificates import keys, queries, rules, validity
from certificates.models import Award, Counter, Credential, CredentialStatus, Issuer
from courses.models import Enrolment, Renewal
from lib import codes, dates
from lib.refusals import Refusal

from .keys import state
from .turns import AT_ONCE, in_turn

logger = logging.getLogger(__name__)


@transaction.atomic
def issue(*, enrolment_id: int, at: datetime) -> Credential | None:
    """The certificate of a finished enrolment: exactly one, however often this is called.

    None when the course earns none, the enrolment is not finished, whoever finished it was erased, or its certificate was revoked since. Who earned the
    course again after it was reopened gets a new one with a new number; the revoked one stays revoked.
    The counter's row lock makes numbers gapless and keeps two workers from issuing twice.
    Raises Refusal in the demo for an issuer that does not print the specimen mark, ValueError for a bad number pattern.
    """
    enrolments = Enrolment.objects.select_related("course", "person")
    # Whoever reopens the enrolment waits, and then finds what is issued here.
    enrolment = enrolments.select_for_update(of=("self",), no_key=True).get(pk=enrolment_id)
    awards = Award.objects.select_related("issuer", "template")
    award = awards.filter(course=enrolment.course_id, is_active=True).first()
    if award is None or enrolment.completed_at is None or enrolment.person.erased_at:
        return None
    counter = counter_of(award.issuer, at)
    earlier = Credential.objects.filter(queries.answers(enrolment.completed_at), enrolment=enrolment)
    if earlier:
        return next((one for one in earlier if one.status == CredentialStatus.VALID), None)
    expires_on = validity.last_day(dates.local_day(at), award.validity_months)
    kept = queries.printed_of_workshop(enrolment)
    return write(enrolment, award, counter, at=at, expires_on=expires_on, kept=kept)


def counter_of(issuer: Issuer, at: datetime) -> Counter:
    """The locked counter of the year: who issues for an issuer waits here for whoever else does."""
    if settings.DEMO and not issuer.is_specimen:
        raise Refusal(_("Bản dùng thử chỉ cấp giấy có dấu “BẢN MẪU”."))
    year = dates.local_day(at).year
    Counter.objects.get_or_create(issuer=issuer, year=year)
    counter = Counter.objects.select_for_update().get(issuer=issuer, year=year)
    counter.issuer = issuer
    return counter


def write(
    enrolment: Enrolment,
    award: Award,
    counter: Counter,
    *,
    at: datetime,
    expires_on: date | None,
    renewal: Renewal | None = None,
    pinned: Credential | None = None,
    kept: dict[str, str] | None = None,
) -> Credential:
    """A certificate with the next number. Its caller holds the enrolment and the counter, and knows that it is due.

    `pinned`: whose look it has. `kept`: what is printed as it was on the certificate that this one takes the place of, or as a
    workshop's list says.
    """
    issuer, year, sequence = counter.issuer, counter.year, counter.last + 1
    Counter.objects.filter(pk=counter.pk).update(last=F("last") + 1)
    number = rules.format_number(issuer.number_pattern, seq=sequence, year=year, code=issuer.code)
    enrolment.person = _person_to_print(enrolment.person_id)
    version = pinned.template_version if pinned else award.template and award.template.current
    with override("vi"):  # the document is Vietnamese, whatever language its holder reads the site in
        evidence = _evidence(
            enrolment,
            award,
            issuer,
            number=number,
            register=f"{sequence:04}/{year}",
            at=at,
            expires_on=expires_on,
            renewal=renewal,
        )
    credential = Credential(
        code=codes.random_code(rules.CODE_LENGTH),
        issuer=issuer,
        year=year,
        sequence=sequence,
        number=number,
        person=enrolment.person,
        enrolment=enrolment,
        award=award,
        design=version.data["look"] if version else (pinned or award).design,
        template_version=version,
        issued_at=at,
        expires_on=expires_on,
        renewal=renewal,
        evidence=evidence.as_dict() | (kept or {}),
        is_specimen=issuer.is_specimen,
    )
    _state(credential)
    credential.save(force_insert=True)
    return credential


def _state(credential: Credential) -> None:
    """What is wrong with a key must not keep anybody from their certificate: the job states it once that is mended."""
    if signer := keys.usable_signer(credential.issuer):
        state(credential, signer)


def _person_to_print(pk: int) -> Person:
    """As written now, and until the paper is there: whoever corrects the name meanwhile waits, and finds it printed."""
    Person.objects.select_for_update(no_key=True).get(pk=pk)  # alone: a locked row loses what is joined if that changed
    return Person.objects.select_related("place__parent", "subject").get(pk=pk)


def _evidence(
    enrolment: Enrolment,
    award: Award,
    issuer: Issuer,
    *,
    number: str,
    register: str,
    at: datetime,
    expires_on: date | None,
    renewal: Renewal | None,
) -> rules.Evidence:
    person = enrolment.person
    begun, ended = dates.local_day(enrolment.enrolled_at), dates.local_day(enrolment.completed_at or at)
    if renewal:
        begun, ended = dates.local_day(renewal.begun_at), dates.local_day(renewal.completed_at or at)
    day = dates.local_day(at)
    signatory = queries.signatory(issuer, person.place, day)
    born = f"{rules.BORN}{person.birth_year}" if person.birth_year else ""
    unit = (
        person.subject.name
        if person.subject
        else ("Cán bộ " + person.get_official_level_display() if person.official_level else "")
    )
    return rules.Evidence(
        name=person.name,
        who_line=" · ".join(filter(None, [born, unit])),
        address_line=person.place.full_name[:1].upper() + person.place.full_name[1:],
        course_kind=award.course_kind,
        course=enrolment.course.title,
        duration=award.duration,
        period=rules.period(begun, ended),
        period_short=rules.period_short(begun, ended),
        result="Đạt",
        issuer_parent=issuer.parent_name,
        issuer=issuer.name,
        place=issuer.place_name,
        issue_date=dates.in_words(day),
        issued_on=dates.short(day),
        signer_post=signatory.post if signatory else issuer.signer_post,
        signer=signatory.name if signatory else issuer.signer_name,
        number=number,
        register_number=register,
        issuer_en=issuer.name_en,
        course_en=award.course_en,
        signer_post_en=signatory.post_en if signatory else "",
        signature=signatory.signature.sha256 if signatory and signatory.signature else "",
        signer_seal=signatory.seal.sha256 if signatory and signatory.seal else "",
        expires_on=dates.short(expires_on) if expires_on else "",
        birth_year=str(person.birth_year or ""),
        unit=unit,
        commune=str(person.place) if person.place.parent else "",
        province=str(person.place.parent or person.place),
    )


def issue_missing(*, at: datetime, at_once: int | None = AT_ONCE) -> int:
    """Job: issues what a crash between completion and signal left out; without a bound all of it."""
    waiting = queries.waiting().values_list("pk", flat=True)
    return in_turn("issued", waiting, lambda pk: issue(enrolment_id=pk, at=at), at_once=at_once)
