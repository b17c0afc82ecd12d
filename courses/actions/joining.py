"""Two enrolments of one person in one course become one: the person was written down twice."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from courses.models import Completion, Enrolment
from lib import registries

from .finishing import recompute_enrolment
from .renewing import end_renewal


def hold(enrolments: QuerySet[Enrolment]) -> None:
    """Locks them, and before them what is locked before enrolments (an attempt under way)."""
    keys = list(enrolments.order_by("pk").values_list("pk", flat=True))
    for _name, records in registries.enrolment_records:
        if records.hold:
            records.hold(keys)
    list(Enrolment.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


@transaction.atomic
def join_enrolments(*, gone: Enrolment, kept: Enrolment, at: datetime) -> None:
    """All that hangs on `gone` hangs on `kept` from now on, which was begun with the first of both and finished as soon as one was;
    where the two are all that the course asks for together, it is finished by that.

    `gone` stays without anything, as a trace. Where something stands apart (each bears a valid paper), both stay as they are.
    """
    records = [one for _name, one in registries.enrolment_records]
    end_renewal(enrolment=gone, at=at)
    if any(one.stands_apart(gone.pk, kept.pk) for one in records if one.stands_apart):
        return
    _join_completions(gone, kept)
    gone.renewals.update(enrolment=kept)
    finished = [one.completed_at for one in (gone, kept) if one.completed_at]
    kept.enrolled_at = min(gone.enrolled_at, kept.enrolled_at)
    kept.last_active_at = max(gone.last_active_at, kept.last_active_at)
    kept.completed_at = min(finished, default=None)
    kept.cohort_id = kept.cohort_id or gone.cohort_id
    kept.save(update_fields=["enrolled_at", "last_active_at", "completed_at", "cohort"])
    Enrolment.objects.filter(pk=gone.pk).update(completed_at=None, cohort=None)
    for one in records:
        one.join(gone.pk, kept.pk, at=at)
    recompute_enrolment(enrolment=kept, at=at)


def _join_completions(gone: Enrolment, kept: Enrolment) -> None:
    """Of an activity that both completed, what was recorded first stays."""
    known = {one.activity_id: one for one in kept.completions.all()}
    for one in gone.completions.all():
        other = known.get(one.activity_id)
        if other and other.recorded_at <= one.recorded_at:
            one.delete()
            continue
        if other:
            other.delete()
        Completion.objects.filter(pk=one.pk).update(enrolment=kept)
