"""Who may press the buttons."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.models import User

type AdminView = Callable[..., HttpResponse]


def officer(permission: str) -> Callable[[Callable[..., HttpResponse]], AdminView]:
    """Lets staff with a permission of this app in; the view gets the user as its second argument."""

    def guard(view: Callable[..., HttpResponse]) -> AdminView:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, User) or not user.has_perm(f"accounts.{permission}"):
                raise PermissionDenied
            return view(request, user, **kwargs)

        return guarded

    return guard
