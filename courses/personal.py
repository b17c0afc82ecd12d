"""What courses hold about a person, and what must always be true of it."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AnyUser
from accounts.models import Person
from lib.registries import Fact, PersonFacts, PersonRecords

from . import learning
from .access import enrolments_visible_to
from .actions import joining
from .models import Activity, Completion, Course, Enrolment


def _hold(person_ids: Collection[int]) -> None:
    joining.hold(Enrolment.objects.filter(person__in=person_ids))


def _repoint(from_id: int, to_id: int) -> int:
    """Enrolments move; where both persons are in one course, theirs become one."""
    moved = 0
    for enrolment in Enrolment.objects.filter(person=from_id).order_by("pk"):
        twin = Enrolment.objects.filter(person=to_id, course=enrolment.course_id).first()
        if twin is None:
            enrolment.person_id = to_id
            enrolment.save(update_fields=["person"])
        else:
            joining.join_enrolments(gone=enrolment, kept=twin, at=timezone.now())
        moved += 1
    return moved


def _export(person_id: int) -> list[dict[str, Any]]:
    return [
        {
            "course": enrolment.course.title,
            "cohort": enrolment.cohort.name if enrolment.cohort else None,
            "enrolled_at": enrolment.enrolled_at.isoformat(),
            "completed_at": enrolment.completed_at.isoformat() if enrolment.completed_at else None,
            "completed": [completion.activity.title for completion in enrolment.completions.all()],
            "renewed_at": [one.completed_at.isoformat() for one in enrolment.renewals.all() if one.completed_at],
        }
        for enrolment in Enrolment.objects.filter(person=person_id)
        .select_related("course", "cohort")
        .prefetch_related("completions__activity", "renewals")
    ]


def _erase(person_id: int) -> int:
    """Learning records stay as figures without a name: the person's row is anonymised by accounts."""
    return 0


ENROLMENTS = PersonRecords(
    repoint=_repoint,
    export=_export,
    erase=_erase,
    hold=_hold,
    title=gettext_lazy("Khóa học"),
    kept=gettext_lazy(
        "Lượt học, ngày học xong, xã và chủ thể lúc ghi danh, không còn tên: để số liệu đã báo cáo vẫn đúng."
    ),
    words={
        "course": gettext_lazy("Khóa học"), "cohort": gettext_lazy("Nhóm học"), "enrolled_at": gettext_lazy("Ghi danh lúc"), "completed_at": gettext_lazy("Học xong lúc"),
        "completed": gettext_lazy("Bài đã xong"), "renewed_at": gettext_lazy("Học lại lúc"),
    },
    logged=lambda person_id: [Enrolment.objects.filter(person=person_id)],
)  # fmt: skip


def violations() -> list[str]:
    """Completions of an activity, and cohorts, of another course than the enrolment's; two activities in one position; offers
    without a page; what stayed with a record that was joined to another."""
    strays = Completion.objects.exclude(activity__course=F("enrolment__course")).values_list("pk", flat=True)
    misplaced = Enrolment.objects.filter(cohort__isnull=False).exclude(cohort__course=F("course"))
    offered = Activity.objects.offered().filter(course__retired_at=None).order_by()
    doubled = offered.values_list("course", "position").annotate(n=Count("pk")).filter(n__gt=1)
    of_gone = Enrolment.objects.exclude(person__merged_into=None)
    twins = Enrolment.objects.filter(person=OuterRef("person__merged_into"), course=OuterRef("course"))
    return (
        [f"completion {pk} belongs to another course" for pk in strays]
        + [f"enrolment {pk} is in a cohort of another course" for pk in misplaced.values_list("pk", flat=True)]
        + [f"course {course}: {n} activities in position {position}; run reconcile" for course, position, n in doubled]
        + [
            f"{row._meta.model_name} {row.pk} is on offer without a live page; run reconcile"
            for row in (*Course.objects.pageless(), *Activity.objects.pageless())
        ]
        + [
            f"enrolment {pk} stayed with a person who was joined to another"
            for pk in of_gone.exclude(Exists(twins)).order_by("pk").values_list("pk", flat=True)
        ]
    )


def _facts(person: Person, user: AnyUser) -> list[Fact]:
    mine = enrolments_visible_to(user, COURSES_OF_PERSON.permission).filter(person=person)
    visible = set(mine.values_list("pk", flat=True))
    return [
        Fact(row.title, _progress(row), reverse("enrolment:inspect", args=[row.enrolment.pk]))
        for row in learning.of(person, timezone.now()).courses
        if row.enrolment.pk in visible
    ]


def _progress(row: learning.LearnersCourse) -> str:
    if done_at := row.enrolment.completed_at:
        return _("học xong ngày %(day)s") % {"day": date_format(localdate(done_at), "SHORT_DATE_FORMAT")}
    return _("xong %(done)s/%(total)s bài") % {"done": row.done, "total": row.total}


COURSES_OF_PERSON = PersonFacts(gettext_lazy("Khóa học"), "courses.view_enrolment", _facts)
