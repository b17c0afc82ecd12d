"""Read models of certificates."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment
from lib import registries

from .models import Credential, CredentialStatus, SigningKey

# One valid paper an enrolment is all that the database allows, so that joining them counts nobody twice.
IS_CERTIFIED = Q(credentials__status=CredentialStatus.VALID)
STATE = registries.EnrolmentState(_("đã cấp giấy chứng nhận"), lambda now: IS_CERTIFIED)


def waiting() -> QuerySet[Enrolment]:
    """Finished enrolments that earned a certificate and have none that answers it; the oldest first."""
    finished = Enrolment.objects.filter(completed_at__isnull=False, course__award__is_active=True)
    own = Credential.objects.filter(answers(OuterRef("completed_at")), enrolment=OuterRef("pk"))
    return finished.exclude(Exists(own)).order_by("completed_at", "pk")


def unstated() -> QuerySet[Credential]:
    """Valid certificates that a phone cannot check without a network, of issuers that have a key; the oldest first."""
    of_signers = SigningKey.objects.in_use().values("issuer")
    held = Credential.objects.filter(statement="", status=CredentialStatus.VALID, issuer__in=of_signers)
    return held.select_related("issuer").order_by("pk")


def answers(completed_at: datetime | OuterRef) -> Q:
    """Credentials because of which a completion earns no other: a valid one, or one that lost its validity after it.

    Who earns the course again, after it was reopened, completes it later than that, and gets a new certificate.
    """
    return Q(status=CredentialStatus.VALID) | Q(status_at__gte=completed_at)


def reward(enrolment_id: int) -> str:
    """Entry of the registry `rewards`: where a holder finds the valid certificate of an enrolment."""
    held = Credential.objects.filter(enrolment=enrolment_id, status=CredentialStatus.VALID)
    return reverse("certificates:mine") if held.exists() else ""


def bears_a_name(person_id: int) -> bool:
    """Entry of the registry `names_on_paper`: a revoked certificate was printed as well."""
    return Credential.objects.filter(person=person_id).exists()
