"""How long a device is remembered, what a log-in code is called where its HMAC is made, and what was posted a moment ago.

A second tap, or a try after an answer that was lost on the way, posts the same once more. The session does not know it
again, because logging in has ended the session that the browser still names; so a device is told by its form token.
"""

from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY, clear_authentication_records
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY, stash_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from lib import codes, phones

from .models import UNFINISHED, User
from .queries import has_second_factor, has_staff_password

CODE = "login-code"
REPEAT_SECONDS = 60
STAFF_SESSION = 12 * 3600
PHONE_SESSION = 180 * 24 * 3600
SHARED_REST = 3600  # a browser that opens its tabs again brings the cookie of "until the browser closes" back
PROVEN_SECONDS = 600
SEEN_AGAIN = 300  # how often use of a shared device is written down: not with every page


def remember(request: HttpRequest, user: User, *, is_shared: bool) -> None:
    """A trainee's phone is remembered for 180 days, whoever is or will be staff for a working day, a shared device until the
    browser closes or an hour passes without a request (`rested`)."""
    request.session["is_shared_device"] = is_shared
    if is_shared:
        request.session.set_expiry(0)
        _seen(request)
    else:
        request.session.set_expiry(STAFF_SESSION if has_staff_password(user) else PHONE_SESSION)


def is_for_a_working_day(request: HttpRequest) -> bool:
    """One that is remembered for longer was begun by somebody who was to become no colleague yet."""
    session = request.session
    return session.get_expire_at_browser_close() or session.get_expiry_age() <= STAFF_SESSION


def methods_of(request: HttpRequest) -> set[str]:
    """In which ways this session has proved who it is, as allauth records it."""
    return {record.get("method", "") for record in request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])}


def forget_half_a_log_in(request: HttpRequest, user: User) -> None:
    """Whoever enters by a code or a card may have typed the password before and left at the second step: that opens no admin."""
    if "password" in methods_of(request) and "mfa" not in methods_of(request) and has_second_factor(user):
        clear_authentication_records(request)


def _seen(request: HttpRequest) -> None:
    request.session["shared_seen_at"] = int(timezone.now().timestamp())


def rested(request: HttpRequest, *, is_used: bool) -> bool:
    """Whether a shared device with somebody logged in was left alone for too long; `is_used` counts as use from now on."""
    session = request.session
    if not (session.get("is_shared_device") and SESSION_KEY in session):
        return False
    rest = timezone.now().timestamp() - session.get("shared_seen_at", 0)
    if is_used and SEEN_AGAIN < rest <= SHARED_REST:
        _seen(request)
    return rest > SHARED_REST


def _posted(request: HttpRequest, given: str) -> str:
    return "posted:" + codes.digest("posted", f"{request.COOKIES.get(settings.CSRF_COOKIE_NAME)}:{codes.tidy(given)}")


def _entered(request: HttpRequest, given: str) -> str:
    """An entry is told by its session's cookie too, which a second tap still sends: a form token alone may have been seen."""
    return _posted(request, f"{given}{codes.digest('session', request.COOKIES.get(settings.SESSION_COOKIE_NAME, ''))}")


def _kept(request: HttpRequest, key: str) -> Any:
    return cache.get(key) if request.COOKIES.get(settings.CSRF_COOKIE_NAME) else None


def keep_entry(request: HttpRequest, given: str, user: User) -> None:
    """Of a code or a card that opens an account now: the same device may post it again for a minute."""
    kept = {"user": user.pk, "is_shared": request.session.get("is_shared_device", False)}
    cache.set(_entered(request, given), kept, REPEAT_SECONDS)


def entry_again(request: HttpRequest, given: str) -> User | None:
    """Whose account this device has just opened with the same code or card."""
    if not (kept := _kept(request, _entered(request, given))):
        return None
    request.session["is_shared_device"] = kept["is_shared"]
    return User.objects.filter(pk=kept["user"], is_active=True).first()


def keep_proven(request: HttpRequest, user: User, *, method: str) -> None:
    """Of a number that somebody else wrote down: proved, in which way (`method`), and nobody is logged in until they say who they are."""
    at, token = int(timezone.now().timestamp()), codes.random_code(20)
    request.session["proven"] = {"user": user.pk, "phone": user.phone, "at": at, "token": token, "method": method}


def proven(request: HttpRequest) -> User | None:
    """The log-in that waits for that answer, with its person if it has one."""
    if not (kept := request.session.get("proven")) or timezone.now().timestamp() - kept["at"] > PROVEN_SECONDS:
        return None
    if not kept["phone"]:
        return None
    waiting = User.objects.filter(pk=kept["user"], phone=kept["phone"], phone_verified_at=None, is_active=True)
    return waiting.exclude(UNFINISHED).select_related("person__place__parent").first()


def proof(request: HttpRequest) -> str:
    """What the question's form sends along: a second tap is known by it, and nobody guesses it."""
    return str(request.session.get("proven", {}).get("token", ""))


def proven_by(request: HttpRequest) -> str:
    return str(request.session.get("proven", {}).get("method", "code"))


def forget_proven(request: HttpRequest) -> None:
    request.session.pop("proven", None)


def keep_asked(request: HttpRequest, phone: str) -> None:
    cache.set(_posted(request, phone), request.session[LOGIN_SESSION_KEY], REPEAT_SECONDS)


def asked_again(request: HttpRequest, phone: str) -> bool:
    """Whether this device has just been sent a code for the number: that code holds, and no second one is sent."""
    if kept := _kept(request, _posted(request, phone)):
        stash_login(request, Login.deserialize(kept))
    return bool(kept)


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """What was typed to get the code that this session still waits for: with one wrong digit only that one is typed again."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    if not (stage and LoginCodeVerificationProcess.resume(stage)):
        return {}
    shared = request.session.get("is_shared_device", False)
    return {"phone": phones.readable(stage.state["phone"]), "is_shared": shared}


def forget_asked(request: HttpRequest, phone: str) -> None:
    cache.delete(_posted(request, phone))
