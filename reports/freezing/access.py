"""Whose frozen figures somebody may see and make."""

from typing import Any

from django.db.models import QuerySet

from accounts.access import AnyUser, managed_places
from provinces.models import Place
from reports.models import Snapshot
from reports.queries import PERMISSION

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
    """Of a place of today that is theirs by a role that may; without one, of the country. A role elsewhere lends it nothing."""
    if not user.has_perm(TO_TAKE):
        return False
    places = managed_places(user, TO_TAKE)
    if place is None:
        return places is None
    return place.is_current if places is None else places.current().contains(place)
