"""Enrolments and completions."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts import helping
from accounts.models import Person, User
from courses.models import Activity, Completion, Course, Enrolment, Source
from courses.queries import reopenings, takeable
from courses.signals import enrolment_reopened
from lib import generation, registries, text
from lib.refusals import Refusal

from .finishing import recompute_enrolment
from .publishing import number_activities
from .renewing import end_renewal, finish_renewals, note_again


@transaction.atomic
def enrol(*, person: Person, course: Course, at: datetime, source: str = Source.SELF) -> Enrolment:
    """Puts a person into a course, with the place and subject of the day. A second call gives the same enrolment.

    Raises Refusal when the course is not offered any more or another one has to be finished first. What cannot be taken
    now, a draft or a course that was withdrawn, is not asked for.
    """
    source = _as_done(source)
    known = person.enrolments.filter(course=course).first()
    if known:
        return known
    if course.retired_at:
        raise Refusal(
            _(
                "Chưa ghi danh được, vì khóa học này đã ngừng mở. Kết quả của người đã học vẫn được giữ; anh/chị chọn khóa khác nhé."
            )
        )
    missing = (
        course.prerequisites.offered()
        .exclude(enrolments__in=Enrolment.objects.filter(person=person, completed_at__isnull=False))
        .first()
    )
    if missing:
        raise Refusal(
            _("Chưa ghi danh được, vì khóa này cần học xong khóa “%(title)s” trước. Anh/Chị học khóa đó rồi quay lại.")
            % {"title": missing.title}
        )
    enrolment, _created = Enrolment.objects.get_or_create(
        person=person,
        course=course,
        defaults={
            "place": person.place,
            "person_kind": person.kind,
            "subject": person.subject,
            "source": source,
            "enrolled_at": at,
            "last_active_at": at,
        },
    )
    return enrolment


@transaction.atomic
def complete_activity(
    *,
    enrolment: Enrolment,
    activity: Activity,
    at: datetime,
    occurred_at: datetime | None = None,
    source: str = Source.SELF,
) -> bool:
    """Records that an enrolment finished an activity and, with the last required one, the course.

    In a renewal what was completed before counts there as done again. Returns whether this call recorded anything: a replay is
    harmless. Raises Refusal for an activity of another course.
    """
    if activity.course_id != enrolment.course_id:
        raise Refusal(_("Bài này không thuộc khóa học đang ghi danh."))
    source = _as_done(source)
    _completion, is_new = Completion.objects.get_or_create(
        enrolment=enrolment,
        activity=activity,
        defaults={"occurred_at": occurred_at or at, "recorded_at": at, "source": source},
    )
    if is_new:
        # Always an update: its row lock makes whoever takes something back, or completes the rest, wait and then see it all.
        Enrolment.objects.filter(pk=enrolment.pk).update(last_active_at=Greatest("last_active_at", at))
        recompute_enrolment(enrolment=enrolment, at=at)
    if enrolment.completed_at and note_again(
        enrolment=enrolment, activity=activity, at=at, occurred_at=occurred_at or at, source=source
    ):
        return True
    return is_new


def _as_done(source: str) -> str:
    """What people do themselves in a session that an officer opened to help is told apart."""
    return Source.HELPED if source == Source.SELF and helping.is_on() else source


@transaction.atomic
def reopen_enrolment(*, enrolment: Enrolment, activity: Activity, by: User, reason: str, at: datetime) -> None:
    """Takes a completed activity back, by staff and with a reason; its completion is kept in the log.

    A finished course is unfinished again; what hangs on it is told on commit. Raises Refusal without a reason, for an own
    enrolment, and for an activity that is not completed or that the course does not require any more.
    """
    if enrolment.person_id == by.person_id:
        raise Refusal(
            _(
                "Chưa mở lại bài nào, vì đây là lượt ghi danh của chính anh/chị. Kết quả vẫn giữ nguyên; hãy nhờ một cán bộ khác mở lại."
            )
        )
    reason = text.nfc(reason)[:200]
    if not reason:
        raise Refusal(_("Chưa mở lại bài nào, vì chưa có lý do. Hãy ghi lý do rồi bấm lại."))
    enrolment = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if activity not in takeable(enrolment):
        raise Refusal(
            _(
                "Chưa mở lại bài nào: bài này chưa hoàn thành, đã mở lại rồi, hoặc không còn bắt buộc trong khóa. Hãy chọn lại trong danh sách mới trên trang này."
            )
        )
    taken = _take(Completion.objects.get(enrolment=enrolment, activity=activity))
    for _name, undo in registries.taking_back:
        undo(enrolment.pk, activity.pk, by=by, reason=reason, at=at)
    log(
        instance=enrolment,
        title=f"{enrolment._meta.verbose_name} {enrolment.pk}",
        action="courses.reopened",
        user=by,
        data={"reason": reason, "at": at.isoformat(), "activity": activity.title, "completion": taken},
    )
    end_renewal(enrolment=enrolment, at=at)
    if enrolment.completed_at:
        Enrolment.objects.filter(pk=enrolment.pk).update(completed_at=None)
        told = {"enrolment_id": enrolment.pk, "reason": reason, "by": by, "at": at}
        transaction.on_commit(lambda: enrolment_reopened.send(Enrolment, **told))


def _take(completion: Completion) -> dict[str, Any]:
    """Deletes a completion; returns what it said."""
    said = {
        "activity": completion.activity_id,
        "occurred_at": completion.occurred_at.isoformat(),
        "recorded_at": completion.recorded_at.isoformat(),
        "source": completion.source,
    }
    completion.delete()
    return said


def reconcile(*, at: datetime) -> int:
    """Finishes enrolments whose last activity was recorded without finishing them; returns how many.

    Positions that an earlier version gave twice are put right as well, and what it offered before the hour of its page.
    """
    with transaction.atomic():  # pages are read anew once this is written
        generation.bump()
        for rows in (Course.objects.pageless(), Activity.objects.pageless()):
            rows.update(retired_at=at)
    for course in Course.objects.offered():
        with transaction.atomic():
            number_activities(course)
    repaired = 0
    unfinished = Enrolment.objects.filter(completed_at=None, completions__isnull=False).distinct()
    for enrolment in unfinished.iterator(chunk_size=500):
        repaired += recompute_enrolment(enrolment=enrolment, at=at)
    finish_renewals(at=at)
    for entry in reopenings():
        at_the_time = datetime.fromisoformat(entry.data["at"])
        enrolment_reopened.send(
            Enrolment, enrolment_id=int(entry.object_id), reason=entry.data["reason"], by=entry.user, at=at_the_time
        )
    return repaired
