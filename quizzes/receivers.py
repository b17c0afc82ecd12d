from typing import Any

from courses.actions import publish_activity
from courses.models import Activity

from . import actions
from .models import QuizPage


def quiz_published(sender: type, instance: QuizPage, **kwargs: Any) -> None:
    activity = publish_activity(page=instance)
    if activity:
        actions.ensure_quiz(activity=activity)


def pages_arranged(sender: type, **kwargs: Any) -> None:
    """A quiz page that went live before its course, or was moved into a live one, has its row by now and gets its rules."""
    for activity in Activity.objects.offered().filter(kind=QuizPage.activity_kind, quiz=None):
        actions.ensure_quiz(activity=activity)
