from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from . import helping
from .access import has_to_set_up_second_factor, is_read, page_to_return_to, signed_in_with_password
from .actions import end_help
from .models import User
from .queries import has_roles_but_none_today, own_roles
from .sessions import rested

ADMIN = "/quan-tri/"
UNSENT = "chua-gui=1"  # tells a form that what was typed before did not arrive (static/js/keep.js)
# Wagtail's own log-in, log-out and password pages: allauth's do this work here.
OWN_DOORS = ("login/", "logout/", "password_reset/")
OWN_FACTORS = f"{ADMIN}account/hai-buoc/"
FURNITURE = (f"{ADMIN}sprite/", f"{ADMIN}jsi18n/")  # what every page of the admin looks and speaks with
PULSE = f"{ADMIN}editing-sessions/"  # an open editor sends it by itself, also when nobody is there


class SharedDevicesRest:
    """Ends the session of a shared device that nobody used for an hour. What the browser holds of a form stays in it: its
    writer may come back (static/js/keep.js)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if rested(request, is_used=not request.path.startswith(PULSE)):
            if helped := helping.of(request):  # nobody is there: the officer comes in anew
                end_help(pk=helped["help"], at=timezone.now())
                helping.throw_away(helped["waiting"])
            logout(request)
            if is_read(request) and not (request.method == "POST" and request.path.startswith(ADMIN)):
                messages.warning(
                    request,
                    _(
                        "Máy dùng chung để yên quá một giờ nên đã tự đăng xuất. Những gì đã lưu vẫn còn; anh/chị đăng nhập lại là làm tiếp được."
                    ),
                )
        return self.get_response(request)


class HelpedLearning:
    """What is recorded in a session that an officer opened to help is marked so. It ends after four hours, and at the first
    request after the officer lost the role there or the learner took the agreement back or moved away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if said := helping.why_over(request):
            known = helping.of(request)
            end_help(pk=known["help"], at=timezone.now())
            helping.throw_away(known["waiting"])
            logout(request)
            messages.warning(request, said)
        with helping.helped(bool(helping.of(request))):
            return self.get_response(request)


class AdminNeedsPassword:
    """The admin opens for a session that began with a staff password and passed the second step, where its account has one; a
    PIN, a phone code or a card is not enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == f"{ADMIN}logout/" and request.user.is_authenticated:
            return redirect("account_logout")  # whose button takes along what the browser keeps of the leaver
        if request.path.startswith(ADMIN):
            is_own_door = request.path.removeprefix(ADMIN).startswith(OWN_DOORS)
            if is_own_door or not signed_in_with_password(request):
                if request.user.is_authenticated and not is_own_door:
                    return _closed(request, request.user)
                there = ADMIN if is_own_door else _way_back(request)
                return redirect_to_login(there, reverse("account_login"))
            if has_to_set_up_second_factor(request) and not request.path.startswith((OWN_FACTORS, *FURNITURE)):
                return redirect("mfa_index")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RateLimited):
            return render(request, "429.html", status=429)
        return None


def _closed(request: HttpRequest, user: User) -> HttpResponse:
    """What somebody who is logged in reads in place of the admin."""
    if has_roles_but_none_today(user):
        return render(request, "accounts/colleague.html", own_roles(user), status=403)
    return render(request, "accounts/needs_password.html", status=403)


def _way_back(request: HttpRequest) -> str:
    """A form whose session ended while it was filled in: said, and led back to where it can be sent again."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    if is_read(request):
        messages.warning(
            request,
            _(
                "Trang để lâu nên máy đã tự đăng xuất; lần gửi vừa rồi chưa lưu được, những gì đã lưu trước đó vẫn còn. Anh/Chị đăng nhập lại rồi gửi lần nữa."
            ),
        )
    page = page_to_return_to(request, otherwise=ADMIN)
    return f"{page}?{UNSENT}" if page.startswith(ADMIN) else ADMIN
