"""Fetching is authorising: whose workshops an officer plans and looks at, and which of their delegates."""

from django.db.models import QuerySet

from accounts.access import AnyUser, managed_places

from .models import Workshop

TO_MANAGE = "workshops.change_workshop"


def workshops_visible_to(user: AnyUser, permission: str) -> QuerySet[Workshop]:
    """Workshops held in the places in which a user may do this."""
    places = managed_places(user, permission)
    workshops = Workshop.objects.select_related("activity", "place__parent")
    return workshops if places is None else workshops.filter(place__in=places)
