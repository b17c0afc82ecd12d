from typing import Any

from django.utils import timezone
from wagtail.models import Page

from courses.actions import publish_activity
from courses.models import Activity

from . import actions
from .models import QuizPage


def quiz_published(sender: type, instance: QuizPage, **kwargs: Any) -> None:
    """All ways on which pages go live meet here: a button, many pages, approval, a copy, the hour that was set."""
    if not instance.live:  # its hour is to come
        return
    if not instance.is_offered and instance.not_ready():
        actions.withhold_quiz(page=instance, at=timezone.now())
        return
    activity = publish_activity(page=instance, at=timezone.now())
    if activity:
        actions.ensure_quiz(activity=activity)


def quiz_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    """A draft belongs to the course in which it stands."""
    page = instance.specific
    if isinstance(page, QuizPage) and not page.live:
        actions.prepare_quiz(page=page, at=timezone.now())


def pages_arranged(sender: type, **kwargs: Any) -> None:
    """A quiz page that went live before its course, or was moved into a live one, has its row by now and gets its rules."""
    for activity in Activity.objects.offered().filter(kind=QuizPage.activity_kind, quiz=None):
        actions.ensure_quiz(activity=activity)
