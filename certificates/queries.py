"""Read models of certificates."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, ConsentText
from accounts.queries import erased_people
from courses.models import Activity, Enrolment, Renewal
from courses.queries import dated_kinds
from lib import registries
from lib.dates import local_day
from provinces.models import Place

from . import rules
from .models import (
    Award,
    Batch,
    BatchEntry,
    Credential,
    CredentialStatus,
    EntryState,
    Issuer,
    Signatory,
    SigningKey,
    WorkshopEntry,
)  # fmt: skip

# One valid paper an enrolment is all that the database allows, so that joining them counts nobody twice. One whose time is
# over counts as well: the person was certified, and figures of the past stay true (docs/decisions/0017-renewal.md).
EXPIRING_DAYS = 90
IS_CERTIFIED = Q(credentials__status=CredentialStatus.VALID)
STATE = registries.EnrolmentState(_("đã cấp giấy chứng nhận"), lambda now: IS_CERTIFIED)


def _with_valid(**which: Any) -> Q:
    """Enrolments by their valid certificate, without a join."""
    valid = Credential.objects.filter(status=CredentialStatus.VALID, **which)
    return Q(pk__in=valid.values("enrolment"))


EXPIRED_STATE = registries.EnrolmentState(
    _("giấy chứng nhận đã hết hạn"), lambda now: _with_valid(expires_on__lt=local_day(now))
)
EXPIRING_STATE = registries.EnrolmentState(
    _("giấy chứng nhận hết hạn trong 90 ngày tới"),
    lambda now: _expiring(now) & ~Q(person__in=erased_people()),  # nobody is left who could renew it
)


def _expiring(now: datetime) -> Q:
    today = local_day(now)
    return _with_valid(expires_on__range=(today, today + timedelta(days=EXPIRING_DAYS)))


def waiting() -> QuerySet[Enrolment]:
    """Finished enrolments that earned a certificate and have none that answers it; the oldest first. Not of who was erased: there is no
    name to print."""
    finished = Enrolment.objects.filter(completed_at__isnull=False, course__award__is_active=True)
    own = Credential.objects.filter(answers(OuterRef("completed_at")), enrolment=OuterRef("pk"))
    return finished.exclude(Exists(own)).exclude(person__in=erased_people()).order_by("completed_at", "pk")


def unstated() -> QuerySet[Credential]:
    """Valid certificates that a phone cannot check without a network, of issuers that have a key; the oldest first."""
    of_signers = SigningKey.objects.in_use().values("issuer")
    held = Credential.objects.filter(statement="", status=CredentialStatus.VALID, issuer__in=of_signers)
    return held.select_related("issuer").order_by("pk")


def reachable() -> QuerySet[Credential]:
    """Of people who may be sent a message: they agreed to it, and proved the number to be theirs."""
    agreed = Consent.objects.filter(
        person=OuterRef("person"), withdrawn_at=None, text__purpose=ConsentText.Purpose.MESSAGES
    )
    held = Credential.objects.filter(
        Exists(agreed),
        person__has_consented=True,
        person__user__is_active=True,
        person__user__phone_verified_at__isnull=False,
    )
    return held.exclude(person__user__phone=None)


def batch_entries_waiting() -> Exists:
    """Of a batch."""
    return Exists(BatchEntry.objects.filter(batch=OuterRef("pk"), state=EntryState.WAITING))


def under_way() -> QuerySet[BatchEntry]:
    """Waiting in a batch that is being drawn."""
    return BatchEntry.objects.filter(state=EntryState.WAITING, batch__in=Batch.objects.unfinished())


def in_a_batch(enrolment: OuterRef) -> Q:
    """Its valid certificate was drawn in one, or it waits in one. One that was stopped keeps no files: it drew nothing."""
    drawn = BatchEntry.objects.filter(
        state=EntryState.DONE, credential__status=CredentialStatus.VALID, batch__cancelled_at=None
    )
    return Q(Exists(drawn.filter(enrolment=enrolment))) | Q(Exists(under_way().filter(enrolment=enrolment)))


def answers(completed_at: datetime | OuterRef) -> Q:
    """Credentials because of which a completion earns no other: a valid one, or one that lost its validity after it.

    Who earns the course again, after it was reopened, completes it later than that, and gets a new certificate.
    """
    return Q(status=CredentialStatus.VALID) | Q(status_at__gte=completed_at)


def certifying_by_hand() -> QuerySet[Award]:
    """For whose courses a list of a workshop can be typed in."""
    awards = Award.objects.filter(is_active=True, course__retired_at=None).select_related("course", "issuer")
    return awards.filter(issuer__is_specimen=True) if settings.DEMO else awards


def renewals_to_honour() -> QuerySet[Renewal]:
    """Finished after all that a valid certificate stands for, which waits to be replaced."""
    valid = Credential.objects.filter(enrolment=OuterRef("enrolment"), status=CredentialStatus.VALID)
    older = valid.filter(Q(renewal=None) | Q(renewal__completed_at__lt=OuterRef("completed_at")))
    finished = Renewal.objects.filter(completed_at__gt=F("enrolment__completed_at"))
    finished = finished.exclude(enrolment__person__in=erased_people())
    return finished.filter(Exists(older), enrolment__course__award__is_active=True).order_by("completed_at", "pk")


def held_on_a_day() -> QuerySet[Activity]:
    """Whose course is gone through again with a class, and not whenever somebody likes."""
    return Activity.objects.filter(kind__in=dated_kinds(), retired_at=None)


def bears_a_name(person_id: int) -> bool:
    """Entry of the registry `names_on_paper`: a revoked certificate was printed as well."""
    return Credential.objects.filter(person=person_id).exists()


def signatory(issuer: Issuer, place: Place, day: date) -> Signatory | None:
    """Who signs on a day for people of a place: whoever signs for its province, else whoever signs for all."""
    holding = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    where = Q(province=place.province) | Q(province=None)
    found = Signatory.objects.filter(holding, where, issuer=issuer).select_related("signature", "seal")
    return found.order_by(F("province").asc(nulls_last=True), "-valid_from", "-pk").first()


def numbered_alike(issuer: Issuer) -> list[str]:
    """Names of other issuers whose numbers can be the same on sight: alike but for what differs from paper to paper."""
    said = _without_counts(issuer)
    return [one.name for one in Issuer.objects.exclude(pk=issuer.pk) if _without_counts(one) == said]


def _without_counts(issuer: Issuer) -> str:
    """ "{seq}/GCN-VP": the same for {year} as for a year that somebody typed would go too far."""
    return issuer.number_pattern.replace("{code}", issuer.code).casefold()


def printed_of_workshop(enrolment: Enrolment) -> dict[str, str]:
    """What a paper says of a course that was finished in a room: its days, how long, and that it was a workshop.

    A list of before it was asked for tells no duration: that of the course stands."""
    entries = WorkshopEntry.objects.filter(enrolment=enrolment, list__issued_at__gte=enrolment.completed_at)
    entry = entries.select_related("list").order_by("-list__issued_at").first()
    if entry:
        duration = {"duration": entry.list.duration} if entry.list.duration else {}
        return duration | _held(entry.list.began_on, entry.list.ended_on)
    days = next(filter(None, (ask(enrolment.pk) for _name, ask in registries.taught)), None)
    return _held(days.began_on, days.ended_on) if days else {}


def _held(began_on: date, ended_on: date) -> dict[str, str]:
    return {
        "course_kind": rules.WORKSHOP,
        "period": rules.period(began_on, ended_on),
        "period_short": rules.period_short(began_on, ended_on),
    }
