"""What a learner is told of quizzes that people mark: that one waits, and for a month that it was marked."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import learning
from lib.registries import News

from .models import Attempt, AttemptState, Item, ResultPart

TOLD_FOR = timedelta(days=30)


def of_marking(person_id: int, now: datetime) -> list[News]:
    """The newest first, and of each quiz the last attempt alone."""
    marked = Exists(Item.objects.filter(attempt=OuterRef("pk"), marked_at__gte=now - TOLD_FOR))
    of_the_same = Attempt.objects.filter(enrolment=OuterRef("enrolment"), quiz=OuterRef("quiz"))
    later = Exists(of_the_same.filter(number__gt=OuterRef("number")))
    mine = Attempt.objects.filter(enrolment__person=person_id, annulled_at=None)
    told = mine.filter(Q(state=AttemptState.MARKING) | Q(marked, state=AttemptState.FINISHED)).exclude(later)
    return [
        _news(attempt, now) for attempt in told.select_related("quiz__activity__course").order_by("-finished_at", "-pk")
    ]


def _news(attempt: Attempt, now: datetime) -> News:
    activity = attempt.quiz.activity
    page = learning.course_page(activity.course)
    title = f"{page.title if page else activity.course.title}: {learning.activity_title(activity)}"
    address = reverse("quizzes:result", args=[attempt.pk])
    if attempt.state == AttemptState.MARKING:
        return News(title, _("Đã nộp, đang chờ cán bộ chấm."), address, is_settled=False)
    if ResultPart.SCORE not in attempt.quiz.shown_at(now):
        return News(title, _("Cán bộ đã chấm xong."), address)
    return News(
        title, _("Cán bộ đã chấm xong: đạt.") if attempt.passed else _("Cán bộ đã chấm xong: chưa đạt."), address
    )
