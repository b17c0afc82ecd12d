from typing import Any

from django.utils import timezone

from courses.actions import publish_activity
from courses.models import Activity, CoursePage

from . import actions
from .models import QuizPage


def quiz_published(sender: type, instance: QuizPage, **kwargs: Any) -> None:
    activity = publish_activity(page=instance, at=timezone.now())
    if activity:
        actions.ensure_quiz(activity=activity)


def course_published(sender: type, instance: CoursePage, **kwargs: Any) -> None:
    """Quiz pages that went live before their course get their row with it."""
    waiting = Activity.objects.offered().filter(
        course__translation_key=instance.translation_key, kind=QuizPage.activity_kind, quiz=None
    )
    for activity in waiting:
        actions.ensure_quiz(activity=activity)
