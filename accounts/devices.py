"""Who tries a number: a device that has entered with it before, or a stranger. Each has tries of its own.

Without that, whoever knows a number could use up its tries and keep its owner out (OWASP calls this a device cookie;
docs/decisions/0002-log-in-by-phone.md has the figures). What the cookie holds is signed and names no number.
"""

from allauth.core.exceptions import RateLimited
from allauth.core.internal.ratelimit import RateLimitUsage, get_ip
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from lib import codes, limits

COOKIE = "device"
KEPT_SECONDS = 400 * 24 * 3600  # the longest that browsers allow: a session may end before
NUMBERS = 5  # a family's phone; the cookie must not grow with every number that an officer's phone helps in


def known_as(request: HttpRequest, phone: str) -> str:
    """The name of a device that has entered with the number before, or ""."""
    device, numbers = _read(request)
    return device if _mark(phone) in numbers else ""


def keep_known(request: HttpRequest, response: HttpResponse, phone: str | None) -> None:
    """Not on a shared device: whoever comes next would be taken for the owner."""
    if not phone or request.session.get("is_shared_device"):
        return
    device, numbers = _read(request)
    numbers = [_mark(phone), *(number for number in numbers if number != _mark(phone))][:NUMBERS]
    kept = signing.dumps([device, *numbers], salt=COOKIE)
    response.set_cookie(COOKIE, kept, KEPT_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax")


def take_try(request: HttpRequest, action: str, phone: str) -> RateLimitUsage:
    """Counts a try at a number, for the device or address that it comes from and for all of its kind together.

    What it returns gives the try back (`rollback`). Raises RateLimited; what is refused was no try, and costs none.
    """
    device = known_as(request, phone)
    counted = [] if device else [(f"{action}_by_address", "-")]
    counted += [(action, f"{phone} {device or get_ip(request)}"), (f"{action}_anywhere", f"{phone} {bool(device)}")]
    taken = RateLimitUsage([])
    try:
        for name, key in counted:
            taken.usage.extend(limits.take(request, name, key).usage)
    except RateLimited:
        taken.rollback()
        raise
    return taken


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, *numbers = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return codes.random_code(16), []
    return device, numbers


def _mark(phone: str) -> str:
    return codes.digest(COOKIE, phone)[:16]
