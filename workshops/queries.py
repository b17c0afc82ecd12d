"""What is asked of workshops by several rooms."""

from datetime import datetime

from django.db.models import Min

from . import rules
from .models import HOLDING, Quota, Registration, Workshop


def pool(workshop: Workshop, quota: Quota | None) -> rules.Pool:
    """The seats from which a registration takes one: its quota's, or those that no quota sets apart."""
    held = Registration.objects.filter(workshop=workshop, state__in=HOLDING, quota=quota)
    if quota is not None:
        return rules.Pool(quota.seats, held.count())
    return rules.Pool(
        rules.open_seats(workshop.capacity, workshop.quotas.values_list("seats", flat=True)), held.count()
    )


def open_seats_taken(workshop: Workshop) -> int:
    """Of those that no quota sets apart."""
    return Registration.objects.filter(workshop=workshop, state__in=HOLDING, quota=None).count()


def begins_at(workshop: Workshop) -> datetime | None:
    first: datetime | None = workshop.sessions.filter(cancelled_at=None).aggregate(first=Min("starts_at"))["first"]
    return first
