from django.db import transaction

from certificates.models import Award, Issuer, Template
from courses.models import Course


@transaction.atomic
def configure_award(
    *,
    course: Course,
    issuer: Issuer,
    duration: str,
    template: Template | None = None,
    validity_months: int | None = None,
) -> Award:
    """Without a template the paper looks like the award's `design`, one of our own; without months it never ends."""
    fields: dict[str, object] = {
        "issuer": issuer,
        "duration": duration,
        "is_active": True,
        "validity_months": validity_months,
    }
    if template:
        fields |= {"template": template, "design": template.look}
    return Award.objects.update_or_create(course=course, defaults=fields)[0]
