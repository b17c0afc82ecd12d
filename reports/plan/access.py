"""Whose plans and outside classes somebody may see, and write down."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import AnyUser, managed_places
from provinces.models import Place, PlaceQuerySet
from reports.models import OutsideClass

TO_SET = "reports.change_target"
TO_SEE_OUTSIDE, TO_ADD_OUTSIDE, TO_CHANGE_OUTSIDE = (
    f"reports.{verb}_outsideclass" for verb in ("view", "add", "change")
)  # fmt: skip


def targets_of_my_places(rows: QuerySet[Any], user: AnyUser) -> QuerySet[Any]:
    """For the log of decisions; those of the country are for whoever has all of it."""
    places = managed_places(user, TO_SET)
    return rows if places is None else rows.filter(place__in=places)


def places_to_plan(user: AnyUser) -> PlaceQuerySet:
    """Places of today whose targets somebody may set: their own, and those below."""
    places = managed_places(user, TO_SET) if user.has_perm(TO_SET) else Place.objects.none()
    return Place.objects.current() if places is None else places.current()


def may_plan(user: AnyUser, place: Place | None) -> bool:
    """Without a place: the country's."""
    if not user.has_perm(TO_SET):
        return False
    return managed_places(user, TO_SET) is None if place is None else places_to_plan(user).contains(place)


def outside_visible_to(user: AnyUser, permission: str) -> QuerySet[OutsideClass]:
    places = managed_places(user, permission)
    return OutsideClass.objects.all() if places is None else OutsideClass.objects.filter(place__in=places)


def counting(places: QuerySet[Place] | None) -> QuerySet[OutsideClass]:
    """Those that count for a scope."""
    rows = OutsideClass.objects.filter(Q(removed_at=None)).order_by()
    return rows if places is None else rows.filter(place__in=places)
