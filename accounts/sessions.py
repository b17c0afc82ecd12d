"""How long a device is remembered, and what a log-in code is called where its HMAC is made."""

from django.http import HttpRequest

from .models import User

CODE = "login-code"
STAFF_SESSION = 12 * 3600
PHONE_SESSION = 180 * 24 * 3600


def remember(request: HttpRequest, user: User, *, is_shared: bool) -> None:
    """A trainee's phone is remembered for 180 days, staff for a working day, a shared device until the browser closes."""
    request.session["is_shared_device"] = is_shared
    if is_shared:
        request.session.set_expiry(0)
    else:
        request.session.set_expiry(STAFF_SESSION if user.is_staff else PHONE_SESSION)
