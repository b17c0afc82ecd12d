"""Whose lists somebody may work through: those of the places in which they manage."""

from django.db.models import QuerySet

from accounts.access import AnyUser, managed_places
from provinces.models import Place
from reports.models import Contact

TO_CALL = "reports.change_contact"


def contacts_visible_to(user: AnyUser) -> QuerySet[Contact]:
    places = managed_places(user, TO_CALL)
    return Contact.objects.all() if places is None else Contact.objects.filter(list__place__in=places)


def communes_visible_to(user: AnyUser) -> QuerySet[Place]:
    """Those of today."""
    communes = Place.objects.current().communes()
    places = managed_places(user, TO_CALL)
    return communes if places is None else communes.filter(pk__in=places.values("pk"))
