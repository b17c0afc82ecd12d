"""What is asked of workshops by several rooms."""

from datetime import datetime

from django.db.models import Min

from . import rules
from .models import HOLDING, Quota, Registration, RegistrationSource, Workshop


def pool(workshop: Workshop, quota: Quota | None) -> rules.Pool:
    """The seats from which a registration takes one: its quota's, or those that no quota sets apart."""
    taken = seats_taken(workshop, quota)
    if quota is not None:
        return rules.Pool(quota.seats, taken)
    return rules.Pool(rules.open_seats(workshop.capacity, workshop.quotas.values_list("seats", flat=True)), taken)


def seats_taken(workshop: Workshop, quota: Quota | None, *, as_promised: bool = False) -> int:
    """Of a quota, or of those that no quota sets apart; `as_promised` without who came unannounced, for whom there may be no seat."""
    held = Registration.objects.filter(workshop=workshop, state__in=HOLDING, quota=quota)
    if as_promised:
        held = held.exclude(source=RegistrationSource.WALK_IN)
    return held.count()


def begins_at(workshop: Workshop) -> datetime | None:
    first: datetime | None = workshop.sessions.filter(cancelled_at=None).aggregate(first=Min("starts_at"))["first"]
    return first
