"""Read models of courses."""

from .models import Activity
from .rules import Step


def steps_of(course_id: int) -> list[Step]:
    """The activities on offer in a course, in order."""
    rows = Activity.objects.offered().filter(course=course_id).order_by("position", "pk")
    return [Step(pk, is_required) for pk, is_required in rows.values_list("pk", "is_required")]
