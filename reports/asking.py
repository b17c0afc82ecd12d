"""What an address of the board asks about."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.access import home_of
from accounts.models import User
from lib.typed import key_of
from provinces.models import Place

from .queries import PERMISSION, visible_places


def place_asked(request: HttpRequest, user: User) -> Place | None:
    """The place that is named, else the one place of whoever asks; 404 for one outside the scope, as if it did not exist."""
    value = request.GET.get("dia-ban", "")
    if not value:
        return home_of(user, PERMISSION)
    return get_object_or_404(visible_places(user).select_related("parent"), pk=key_of(value))
