from typing import Any

from django.utils import timezone

from courses.actions import publish_activity

from .models import WorkshopPage


def workshop_published(sender: type, instance: WorkshopPage, **kwargs: Any) -> None:
    if instance.live:  # else its hour is to come
        publish_activity(page=instance, at=timezone.now())
