from django.db import transaction

from certificates.models import Award, Issuer
from courses.models import Course


@transaction.atomic
def configure_award(*, course: Course, issuer: Issuer, duration: str) -> Award:
    fields = {"issuer": issuer, "duration": duration, "is_active": True}
    return Award.objects.update_or_create(course=course, defaults=fields)[0]
