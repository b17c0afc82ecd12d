"""What a learner has in hand in quizzes: what is running, what waits to be marked, and for a month what was marked."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import learning
from lib import dates
from lib.registries import Work

from . import rules
from .models import Attempt, AttemptState, Item, ResultPart

TOLD_FOR = timedelta(days=30)


def of(enrolment_ids: Collection[int], now: datetime) -> list[Work]:
    """Entry of the registry `own_work`. A running attempt is gone on with, also when its quiz was taken off the site; of a quiz that
    people mark the last attempt is told of."""
    marked = Exists(Item.objects.filter(attempt=OuterRef("pk"), marked_at__gte=now - TOLD_FOR))
    of_the_same = Attempt.objects.filter(enrolment=OuterRef("enrolment"), quiz=OuterRef("quiz"))
    later = Exists(of_the_same.filter(number__gt=OuterRef("number")))
    told = Q(state=AttemptState.MARKING) | Q(marked, state=AttemptState.FINISHED, annulled_at=None)
    mine = Attempt.objects.filter(enrolment__in=enrolment_ids).exclude(later)
    found = mine.filter(told | Q(state__in=AttemptState.running())).select_related("quiz__activity")
    ordered = sorted(found.order_by("-finished_at", "-pk"), key=_by_urgency)
    return [_work(attempt, now) for attempt in ordered]


def _by_urgency(attempt: Attempt) -> tuple[bool, bool, float]:
    """What is running comes first, and of that what ends soonest; the rest stays in its order."""
    ends = attempt.due_at if attempt.is_running else None
    return not attempt.is_running, ends is None, ends.timestamp() if ends else 0


def _work(attempt: Attempt, now: datetime) -> Work:
    activity = attempt.quiz.activity
    title = learning.activity_title(activity)
    whose = (attempt.enrolment_id, activity.pk)
    if attempt.is_running:
        address = reverse("quizzes:attempt", args=[attempt.pk])
        words, action = _until_when(attempt, now)
        return Work(*whose, address, title, words, action, is_running=True)
    address = reverse("quizzes:result", args=[attempt.pk])
    if attempt.state == AttemptState.MARKING:
        return Work(*whose, address, title, _("Đã nộp, đang chờ cán bộ chấm."))
    return Work(*whose, address, title, _how_it_went(attempt, now), is_settled=True)


def _until_when(attempt: Attempt, now: datetime) -> tuple[str, str]:
    """And what there is to do. Whoever opens it learns what its clock has made of it."""
    phase = attempt.clock.phase(now)
    if attempt.due_at is None or phase is rules.Phase.RUNNING:
        end = {"at": dates.moment(attempt.due_at)} if attempt.due_at else {}
        return (_("Bài có tính giờ: làm đến %(at)s.") % end if end else ""), _("Làm tiếp")
    if phase is rules.Phase.OVERDUE:
        end = {"at": dates.moment(attempt.clock.last_moment())}
        return _("Đã hết giờ làm bài. Hãy nộp trước %(at)s.") % end, _("Nộp bài")
    return _("Đã hết giờ làm bài. Mở bài ra để xem."), _("Mở bài")


def _how_it_went(attempt: Attempt, now: datetime) -> str:
    if ResultPart.SCORE not in attempt.quiz.shown_at(now):
        return _("Cán bộ đã chấm xong.")
    return _("Cán bộ đã chấm xong: đạt.") if attempt.passed else _("Cán bộ đã chấm xong: chưa đạt.")
