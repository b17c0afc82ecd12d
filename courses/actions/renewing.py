"""A finished course gone through once more (docs/decisions/0017-renewal.md). Nothing that was completed is taken back."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from courses import renewals
from courses.models import Activity, Enrolment, Renewal, RenewedStep
from courses.signals import enrolment_renewed
from lib.refusals import Refusal


@transaction.atomic
def begin_renewal(*, enrolment: Enrolment, at: datetime) -> Renewal:
    """A second call gives the same running renewal. Whether there is anything to renew is the caller's to know.

    Raises Refusal for a course that is unfinished, off the site or taken apart.
    """
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    running = Renewal.objects.running().filter(enrolment=enrolment).first()
    if running:
        return running
    if enrolment.completed_at is None:
        raise Refusal(_("Chưa gia hạn được, vì anh/chị chưa học xong khóa này. Anh/Chị học tiếp các bài còn lại nhé."))
    if enrolment.course.retired_at or not renewals.asked_again(enrolment.course_id):
        raise Refusal(
            _(
                "Chưa gia hạn được, vì khóa học này đang đóng. Giấy cũ và kết quả học vẫn được giữ nguyên; anh/chị quay lại sau hoặc hỏi đơn vị cấp."
            )
        )
    return Renewal.objects.create(enrolment=enrolment, begun_at=at)


@transaction.atomic
def note_again(*, enrolment: Enrolment, activity: Activity, at: datetime, occurred_at: datetime, source: str) -> bool:
    """What was done again counts in the renewal that runs, if one does; returns whether this call recorded it."""
    running = Renewal.objects.running().filter(enrolment=enrolment)
    if not running.exists():
        return False
    # Its lock makes whoever does the last but one meanwhile wait, and then see all of it; who reopens the course as well.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    renewal = running.first()
    if renewal is None:
        return False
    fields = {"occurred_at": occurred_at, "recorded_at": at, "source": source}
    _step, is_new = RenewedStep.objects.get_or_create(renewal=renewal, activity=activity, defaults=fields)
    if is_new:
        _touch(enrolment, at)
    finish_renewal(renewal=renewal, at=at)
    return is_new


def _touch(enrolment: Enrolment, at: datetime) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(last_active_at=Greatest("last_active_at", at))


@transaction.atomic
def finish_renewal(*, renewal: Renewal, at: datetime) -> bool:
    """Ends a renewal when all that is asked again was done; returns whether this call did it."""
    if not renewals.is_done(renewal):
        return False
    finished_at = max(at, renewal.begun_at)
    if not Renewal.objects.running().filter(pk=renewal.pk).update(completed_at=finished_at):
        return False
    transaction.on_commit(lambda: enrolment_renewed.send(Enrolment, enrolment_id=renewal.enrolment_id, at=at))
    return True


def finish_renewals(*, at: datetime) -> int:
    """Those of which less is asked since; returns how many."""
    running = Renewal.objects.running().filter(enrolment__course__retired_at=None)
    return sum(finish_renewal(renewal=one, at=at) for one in running.iterator(chunk_size=500))


def end_renewal(*, enrolment: Enrolment, at: datetime) -> int:
    """A course that is unfinished again has nothing to renew."""
    return Renewal.objects.running().filter(enrolment=enrolment).update(ended_at=at)
