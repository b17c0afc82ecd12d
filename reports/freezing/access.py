"""Whose frozen figures somebody may see and make."""

from typing import Any

from django.db.models import QuerySet

from accounts.access import AnyUser, managed_places
from provinces.models import Place
from reports.models import Snapshot
from reports.queries import PERMISSION, visible_places

TO_TAKE = "reports.add_snapshot"


def snapshots_visible_to(user: AnyUser) -> QuerySet[Snapshot]:
    """Those of one's own places and below; those of the country for whoever sees all of it."""
    if not user.has_perm(PERMISSION):
        return Snapshot.objects.none()
    places = managed_places(user, PERMISSION)
    return Snapshot.objects.all() if places is None else Snapshot.objects.filter(place__in=places)


def snapshots_of_my_places(rows: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    """For the log of decisions."""
    return rows.filter(pk__in=snapshots_visible_to(user).values("pk"))


def may_take(user: AnyUser, place: Place | None) -> bool:
    """Of a place that one may ask the board about; without one, of the country."""
    if not user.has_perm(TO_TAKE):
        return False
    if place is None:
        return managed_places(user, PERMISSION) is None
    return visible_places(user).filter(pk=place.pk).exists()
