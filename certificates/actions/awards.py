from django.db import transaction

from certificates.models import Award, Issuer, Template
from certificates.rules import WORKSHOP
from courses.models import Course


@transaction.atomic
def configure_award(
    *,
    course: Course,
    issuer: Issuer,
    duration: str,
    template: Template | None = None,
    validity_months: int | None = None,
    course_kind: str = "",
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
    if course_kind:
        fields["course_kind"] = course_kind
    return Award.objects.update_or_create(course=course, defaults=fields)[0]


def configure_award_of_workshops(*, course: Course, issuer: Issuer, duration: str) -> Award:
    """As the issuer's other certificates look that were configured last."""
    last = Award.objects.filter(issuer=issuer, template__isnull=False).order_by("-pk").first()
    template = last.template if last else None
    return configure_award(course=course, issuer=issuer, duration=duration, template=template, course_kind=WORKSHOP)


@transaction.atomic
def end_award(*, course: Course) -> bool:
    """No more certificates for completing a course; those that were issued stay. Whether there was one to end."""
    return bool(Award.objects.filter(course=course, is_active=True).update(is_active=False))
