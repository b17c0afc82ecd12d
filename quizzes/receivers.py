from typing import Any

from django.utils import timezone
from wagtail.models import Page

from courses.actions import publish_activity
from courses.models import Activity

from . import actions
from .models import QuizPage


def quiz_drafted(sender: type, instance: QuizPage, **kwargs: Any) -> None:
    if not instance.live:
        actions.prepare_quiz(page=instance, at=timezone.now())


def quiz_published(sender: type, instance: QuizPage, **kwargs: Any) -> None:
    activity = publish_activity(page=instance, at=timezone.now())
    if activity:
        actions.ensure_quiz(activity=activity)


def quiz_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    """A draft belongs to the course in which it stands."""
    if isinstance(page := instance.specific, QuizPage):
        quiz_drafted(sender, page)


def pages_arranged(sender: type, **kwargs: Any) -> None:
    """A quiz page that went live before its course, or was moved into a live one, has its row by now and gets its rules."""
    for activity in Activity.objects.offered().filter(kind=QuizPage.activity_kind, quiz=None):
        actions.ensure_quiz(activity=activity)
