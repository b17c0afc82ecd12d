"""Read models of certificates."""

from django.db.models import QuerySet
from django.urls import reverse

from courses.models import Enrolment

from .models import Credential, CredentialStatus


def waiting() -> QuerySet[Enrolment]:
    """Finished enrolments whose course earns a certificate that was never issued; the oldest first."""
    finished = Enrolment.objects.filter(completed_at__isnull=False, course__award__is_active=True, credentials=None)
    return finished.order_by("completed_at", "pk")


def reward(enrolment_id: int) -> str:
    """Entry of the registry `rewards`: where a holder finds the valid certificate of an enrolment."""
    held = Credential.objects.filter(enrolment=enrolment_id, status=CredentialStatus.VALID)
    return reverse("certificates:mine") if held.exists() else ""
