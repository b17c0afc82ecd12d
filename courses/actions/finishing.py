"""When a course is finished: with the last required activity, or when less is required than before."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery

from courses import rules
from courses.models import Completion, Course, Enrolment
from courses.queries import requirements_of
from courses.signals import enrolment_completed


@transaction.atomic
def recompute_enrolment(*, enrolment: Enrolment, at: datetime) -> bool:
    """Sets `completed_at` once, when all required activities are done; returns whether this call did it.

    The moment is that of the last completion, so that a repair tells the same date as the event would have.
    """
    done = frozenset(enrolment.completions.values_list("activity_id", flat=True))
    if not rules.is_complete(requirements_of(enrolment.course_id), done):
        return False
    finished_at = enrolment.completions.aggregate(last=Max("recorded_at"))["last"] or at
    if not Enrolment.objects.filter(pk=enrolment.pk, completed_at=None).update(completed_at=finished_at):
        return False
    transaction.on_commit(lambda: enrolment_completed.send(Enrolment, enrolment_id=enrolment.pk, at=at))
    return True


@transaction.atomic
def finish_waiting(*, course: Course, at: datetime) -> int:
    """Finishes who has done all that a course on offer still asks for, once it asks for less; returns how many.

    All together, because an editor who publishes waits for it; what a finished course brings is left to the jobs that
    repair a missed signal. What is off the site finishes nobody: it is being taken apart, or corrected.
    """
    required = {step.activity_id for step in requirements_of(course.pk) if step.is_required}
    if not required or not Course.objects.offered().filter(pk=course.pk).exists():
        return 0
    done = Count("completions", filter=Q(completions__activity__in=required))
    waiting = Enrolment.objects.filter(course=course, completed_at=None).alias(done=done).filter(done=len(required))
    latest = Completion.objects.filter(enrolment=OuterRef("pk")).order_by("-recorded_at").values("recorded_at")[:1]
    # Locked first, in one order, and counted again: a completion that is being taken back must not finish anybody.
    locking = Enrolment.objects.select_for_update(no_key=True).filter(pk__in=waiting.values("pk")).order_by("pk")
    locked = list(locking.values_list("pk", flat=True))
    still = Enrolment.objects.filter(pk__in=waiting.values("pk")).filter(pk__in=locked)
    return still.update(completed_at=Subquery(latest))
