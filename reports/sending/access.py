"""Which report of which place somebody may get, asked when it is ordered and at each sending."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access import AnyUser, managed_places
from accounts.groups import roles_with
from accounts.models import RoleAssignment, User
from lib.dates import local_day
from provinces.models import Place
from reports import queries
from reports.calling import access as calls

from .models import Subscription, What


def may_get(user: User, what: str, place: Place | None) -> bool:
    """A colleague who works here today, and whose own roles show that report of just that place."""
    permission = calls.TO_CALL if what == What.CALLS else queries.PERMISSION
    if not (user.is_active and user.is_staff and user.has_perm(permission)):
        return False
    if place is None:
        return managed_places(user, permission) is None
    return _shown(user, what).filter(pk=place.pk).exists()


def _shown(user: User, what: str) -> QuerySet[Place]:
    if what != What.CALLS:
        return queries.visible_places(user)
    communes = calls.communes_visible_to(user)
    whole = managed_places(user, calls.TO_CALL)
    provinces = Place.objects.current().provinces()
    return Place.objects.filter(
        Q(pk__in=communes.values("pk")) | Q(pk__in=(provinces if whole is None else whole).values("pk"))
    ).current()


def subscriptions_visible_to(user: AnyUser) -> QuerySet[Subscription]:
    """Those for oneself and those that one ordered; to administrators all."""
    rows = Subscription.objects.all()
    return rows if user.is_superuser else rows.filter(Q(user=user.pk) | Q(by=user.pk))


def colleagues_for(user: User, place: Place | None) -> list[User]:
    """Who may get any report of a place by a role in it or above it, oneself first. All of them: two questions, however many they are."""
    above = Q(place=None)
    if place:
        above |= Q(place=place) | Q(place=place.parent_id, place__isnull=False)
    roles = roles_with(queries.PERMISSION) | roles_with(calls.TO_CALL)
    today = RoleAssignment.objects.on(local_day(timezone.now())).filter(above, role__in=roles)
    some = User.objects.filter(pk__in=today.values("user"), is_active=True, is_staff=True).exclude(pk=user.pk)
    own = [user] if any(may_get(user, what, place) for what in What) else []
    return own + list(some.select_related("person").order_by("display_name", "pk"))
