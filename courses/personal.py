"""What courses hold about a person, and what must always be true of it."""

from typing import Any

from django.db.models import Count, F

from lib.registries import PersonRecords

from .models import Activity, Completion, Enrolment


def _repoint(from_id: int, to_id: int) -> int:
    """Enrolments move; where both persons are in one course, the completions are joined in the remaining one."""
    moved = 0
    for enrolment in Enrolment.objects.filter(person=from_id):
        twin = Enrolment.objects.filter(person=to_id, course=enrolment.course_id).first()
        if twin is None:
            enrolment.person_id = to_id
            enrolment.save(update_fields=["person"])
        else:
            done = twin.completions.values("activity")
            enrolment.completions.exclude(activity__in=done).update(enrolment=twin)
        moved += 1
    return moved


def _export(person_id: int) -> list[dict[str, Any]]:
    return [
        {
            "course": enrolment.course.title,
            "enrolled_at": enrolment.enrolled_at.isoformat(),
            "completed_at": enrolment.completed_at.isoformat() if enrolment.completed_at else None,
            "completed": [completion.activity.title for completion in enrolment.completions.all()],
        }
        for enrolment in Enrolment.objects.filter(person=person_id)
        .select_related("course")
        .prefetch_related("completions__activity")
    ]


def _erase(person_id: int) -> int:
    """Learning records stay as figures without a name: the person's row is anonymised by accounts."""
    return 0


ENROLMENTS = PersonRecords(repoint=_repoint, export=_export, erase=_erase)


def violations() -> list[str]:
    """Completions of an activity that belongs to another course than the enrolment; two activities in one position."""
    strays = Completion.objects.exclude(activity__course=F("enrolment__course")).values_list("pk", flat=True)
    offered = Activity.objects.offered().filter(course__retired_at=None).order_by()
    doubled = offered.values_list("course", "position").annotate(n=Count("pk")).filter(n__gt=1)
    return [f"completion {pk} belongs to another course" for pk in strays] + [
        f"course {course}: {n} activities in position {position}; run reconcile" for course, position, n in doubled
    ]
