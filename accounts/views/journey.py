"""Where somebody goes next, and who is asking."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.adapter import entered
from accounts.models import User
from lib import registries
from lib.registries import Errand


def next_address(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is on this site."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    return there if url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure()) else ""


def errand_of(request: HttpRequest) -> Errand | None:
    """What somebody came for: behind the address that travels along, else on this very page; None where they came to learn."""
    there = next_address(request)
    match = _match(there) if there else request.resolver_match
    if match is None:
        return None
    return next(filter(None, (ask(request.user, match) for _name, ask in registries.errands)), None)


def _match(address: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(address).path)
    except Resolver404:
        return None


def onward(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """To where the person wanted to go, else to the named page. (`redirect` would take "abc" for the name of a view.)"""
    return HttpResponseRedirect(next_address(request) or reverse(default))


def to(name: str, request: HttpRequest, there: str = "") -> HttpResponseRedirect:
    """The next step of a journey; where the person wanted to go travels along (`there`, where the address does not say it)."""
    there = there or next_address(request)
    return HttpResponseRedirect(reverse(name) + (f"?{urlencode({'next': there})}" if there else ""))


def enter(request: HttpRequest, user: User, *, method: str, there: str = "") -> HttpResponse:
    """Logs somebody in who came by another way than allauth's own views."""
    adapter = get_adapter(request)
    adapter.login(request, user)
    record_authentication(request, user, method=method)
    return entered(request, user, there or next_address(request) or adapter.get_login_redirect_url(request))


def the_user(request: HttpRequest) -> User:
    """The user of a view behind login_required."""
    user: Any = request.user
    return user
