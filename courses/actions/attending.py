"""What staff record for somebody who learnt in a room: on the word of a list that was signed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Person, User
from courses.models import Activity, Course, Enrolment, Source
from courses.queries import requirements_of
from lib import text
from lib.refusals import Refusal

from .records import complete_activity, enrol


@transaction.atomic
def record_attendance(
    *, person: Person, course: Course, by: User, reason: str, occurred_at: datetime, at: datetime
) -> Enrolment:
    """Enrols a person and completes all that the course requires, audited with the reason. What was done before stays as it was.

    Raises Refusal as `enrol` does, without a reason, for oneself, and for somebody who has not agreed to be recorded.
    """
    reason = text.nfc(reason)[:200]
    if not reason:
        raise Refusal(_("Chưa ghi gì, vì chưa có lý do. Hãy ghi lý do rồi bấm lại."))
    if person.pk == by.person_id:
        raise Refusal(_("Chưa ghi gì, vì trong đó có anh/chị. Hãy nhờ một cán bộ khác ghi cho anh/chị."))
    if not person.has_consented:
        raise Refusal(_("Người này chưa đồng ý cho ghi kết quả học, hoặc đã rút lại."))
    enrolment = enrol(person=person, course=course, at=at, source=Source.WORKSHOP)
    required = [step.activity_id for step in requirements_of(course.pk) if step.is_required]
    if not required:
        raise Refusal(_("Khóa học này chưa có bài bắt buộc nào, nên chưa ghi là học xong được."))
    recorded = [
        activity.title
        for activity in Activity.objects.filter(pk__in=required).order_by("position", "pk")
        if complete_activity(
            enrolment=enrolment, activity=activity, at=at, occurred_at=occurred_at, source=Source.WORKSHOP
        )
    ]
    if recorded:
        data = {"reason": reason, "activities": recorded, "occurred_at": occurred_at.isoformat()}
        title = f"{enrolment._meta.verbose_name} {enrolment.pk}"
        log(instance=enrolment, title=title, action="courses.attended", user=by, timestamp=at, data=data)
    enrolment.refresh_from_db()
    return enrolment
