"""What Wagtail tells about pages becomes rows here; each receiver calls one action."""

from typing import Any

from django.utils import timezone
from wagtail.models import Page

from lib import generation

from . import actions
from .models import ActivityPage, Course, CoursePage, LessonPage


def page_published(sender: type, instance: Page, **kwargs: Any) -> None:
    """Wagtail says so too of a page that was only given an hour and is not live before it."""
    generation.bump()
    if not instance.live:
        page_gone(sender, instance)
    elif isinstance(instance, CoursePage):
        actions.publish_course(page=instance, at=timezone.now())
    elif isinstance(instance, LessonPage):
        actions.publish_activity(page=instance, at=timezone.now())


def page_gone(sender: type, instance: Page, **kwargs: Any) -> None:
    """Unpublished, about to be deleted, or waiting for its hour."""
    generation.bump()
    if isinstance(instance, CoursePage | ActivityPage):
        actions.retire_page(page=instance, at=timezone.now())


def page_deleted(sender: type, instance: Page, **kwargs: Any) -> None:
    """Nobody waits for it any more; while it was being deleted it still stood, and somebody else may have published it."""
    page_gone(sender, instance)
    for course in Course.objects.filter(activities__translation_key=instance.translation_key):
        actions.finish_waiting(course=course, at=timezone.now())


def page_moved(sender: type, instance: Page, **kwargs: Any) -> None:
    generation.bump()
    page = instance.specific
    if not (page.live and isinstance(page, ActivityPage)):
        return
    if actions.publish_activity(page=page, at=timezone.now()) is None:  # into a course that is not on offer
        actions.retire_page(page=page, at=timezone.now())


def page_translated(sender: type, target_obj: Any, **kwargs: Any) -> None:
    page = target_obj.specific if isinstance(target_obj, Page) else None
    if isinstance(page, LessonPage):
        actions.forget_reviewer(page=page)


def anything_shown_changed(sender: type, **kwargs: Any) -> None:
    """Images, settings, redirects, view restrictions: cached pages may show them."""
    generation.bump()
