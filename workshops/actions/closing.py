"""A workshop is closed: attendance completes the activity for who was there enough, and whatever hangs on it follows."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from courses.access import TO_CHANGE_COHORTS, enrolments_visible_to
from courses.actions import complete_activity, enrol, join_cohort
from courses.models import Activity, Enrolment, Source
from lib import text
from lib.refusals import Refusal
from workshops import parallel, rules
from workshops.closing.verdicts import Verdict, judge
from workshops.models import Attendance, Session, Workshop

from .planning import held, noted


@dataclass
class Closed:
    """How many completed the workshop just now, and who could not, with the reason; how many sessions were still open."""

    completed: int = 0
    sessions: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def close_sessions(*, workshop: Workshop, sessions: Collection[Session], by: User, at: datetime) -> Closed:
    """Closes sessions and records what follows; with the last one the workshop is closed.

    Each delegate has a transaction of the own: whatever stops this half-way, a second call does the rest, and what was recorded is
    not recorded again. Raises Refusal for a workshop of other places or one that was cancelled, and for a session that has not begun.
    """
    with transaction.atomic():
        workshop = held(workshop, by, even_closed=True)
        early = next((one for one in sessions if one.starts_at > at and not one.cancelled_at), None)
        if early:
            raise Refusal(
                _("Chưa chốt, vì “%(session)s” chưa bắt đầu. Hãy bỏ dấu ở buổi ấy rồi bấm lại.") % {"session": early}
            )
        keys = [one.pk for one in sessions]
        fresh = Session.objects.filter(workshop=workshop, pk__in=keys, closed_at=None, cancelled_at=None)
        sessions_closed = fresh.update(closed_at=at)
        if sessions_closed:
            noted(workshop, "workshops.session_closed", by, at, sessions=keys)
        rest = Session.objects.filter(workshop=workshop, closed_at=None, cancelled_at=None)
        if not workshop.closed_at and not rest.exists():
            workshop.closed_at = at
            workshop.save(update_fields=["closed_at"])
    done = _complete(workshop, by, at)
    done.sessions = sessions_closed
    return done


@transaction.atomic
def reopen_workshop(*, workshop: Workshop, reason: str, by: User, at: datetime) -> None:
    """So that attendance can be corrected. What was completed stays; staff take it back on the enrolment's page."""
    workshop = held(workshop, by, even_closed=True)
    reason = text.nfc(reason)[:200]
    if not text.is_seen(reason):
        raise Refusal(_("Chưa mở lại, vì chưa có lý do. Hãy ghi lý do rồi bấm lại."))
    changed = Session.objects.filter(workshop=workshop, closed_at__isnull=False).update(closed_at=None)
    if changed or workshop.closed_at:
        workshop.closed_at = None
        workshop.save(update_fields=["closed_at"])
        noted(workshop, "workshops.reopened", by, at, reason=reason)


def _complete(workshop: Workshop, by: User, at: datetime) -> Closed:
    """Of who was there enough already in what is closed: what is still open can still be taken back."""
    closed, verdicts = Closed(), judge(workshop, by)
    settled = parallel.presence(workshop, only_closed=True)
    for one in verdicts.completing:
        if not rules.was_there_enough(settled.get(one.registration.pk, 0), verdicts.slots, workshop.needed_percent):
            continue
        try:
            closed.completed += _record(workshop, one, at)
        except Refusal as refusal:
            closed.failed.append((one.registration.person.name, str(refusal)))
    _gather(workshop, by, at)
    return closed


@transaction.atomic
def _record(workshop: Workshop, one: Verdict, at: datetime) -> bool:
    enrolment = enrol(person=one.registration.person, course=workshop.activity.course, at=at, source=Source.WORKSHOP)

    def complete(activity: Activity) -> bool:
        occurred_at = min(one.last_at or at, at)
        return complete_activity(
            enrolment=enrolment, activity=activity, at=at, occurred_at=occurred_at, source=Source.WORKSHOP
        )

    for quiz in Activity.objects.filter(pk__in=one.also):
        complete(quiz)
    return complete(workshop.activity)


def _gather(workshop: Workshop, by: User, at: datetime) -> None:
    """Those who were there go through the course together, but for those of places that are not this officer's."""
    cohort = workshop.cohort
    if cohort is None or cohort.closed_at:
        return
    there = Attendance.objects.filter(session__workshop=workshop, session__cancelled_at=None, taken_back_at=None)
    came = Enrolment.objects.filter(
        course=cohort.course_id, cohort=None, person__in=there.values("registration__person")
    ).exclude(person=by.person_id)
    mine = enrolments_visible_to(by, TO_CHANGE_COHORTS).filter(pk__in=came.values("pk"))
    if mine:
        join_cohort(cohort=cohort, enrolments=mine, by=by, at=at)
