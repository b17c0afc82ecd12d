from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from .access import signed_in_with_password

ADMIN = "/quan-tri/"
# Wagtail's own log-in, log-out and password pages: allauth's do this work here.
OWN_DOORS = ("login/", "logout/", "password_reset/")


class AdminNeedsPassword:
    """The admin opens for a session that began with a staff password; a PIN, a phone code or a card is not enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ADMIN):
            is_own_door = request.path.removeprefix(ADMIN).startswith(OWN_DOORS)
            if is_own_door or not signed_in_with_password(request):
                if request.user.is_authenticated and not is_own_door:
                    return render(request, "accounts/needs_password.html", status=403)
                there = ADMIN if is_own_door else request.get_full_path()
                return redirect_to_login(there, reverse("account_login"))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RateLimited):
            return render(request, "429.html", status=429)
        return None
