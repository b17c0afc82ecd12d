"""Read models of certificates."""

from django.db.models import QuerySet

from courses.models import Enrolment


def waiting() -> QuerySet[Enrolment]:
    """Finished enrolments whose course earns a certificate that was never issued; the oldest first."""
    finished = Enrolment.objects.filter(completed_at__isnull=False, course__award__is_active=True, credentials=None)
    return finished.order_by("completed_at", "pk")
