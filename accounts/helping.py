"""A learner's session that an officer opened to help: what it says, how it ends, and that what is done in it is marked.

On the officer's own device the officer's session waits at the server meanwhile. It never mixes with the learner's, and comes back only
for the officer's password: the phone may be in the learner's hands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from lib.typed import key_of

from .access import roles_that_allow
from .models import Consent, ConsentText, Help, User

HELPED = "helping"  # in the learner's session
WAITS = "officer_waits"  # in the session after it
LONGEST = timedelta(hours=4)
TO_HELP = "accounts.add_person"  # who may register somebody and print cards
_is_on: ContextVar[bool] = ContextVar("is_helped", default=False)


def is_on() -> bool:
    """Whether what is being recorded is done in a helped session."""
    return _is_on.get()


@contextmanager
def helped(is_helped: bool) -> Iterator[None]:
    token = _is_on.set(is_helped)
    try:
        yield
    finally:
        _is_on.reset(token)


def of(request: HttpRequest) -> dict[str, Any]:
    """What the session says of the help: `help` (key), `person`, `officer`, `until`; empty in any other session."""
    found: dict[str, Any] = request.session.get(HELPED, {})
    return found


def why_over(request: HttpRequest) -> str:
    """What the learner reads where the help of this session is over; "" for one that goes on, and for any other session."""
    if not (known := of(request)):
        return ""
    if known["until"] < timezone.now().timestamp():
        return _("Lần giúp học này đã quá bốn giờ nên tự kết thúc. Những gì đã lưu vẫn còn.")
    if not _may_go_on(known["help"]):
        return _(
            "Lần giúp học này đã kết thúc, vì cán bộ không còn phụ trách nơi ở của học viên, hoặc học viên đã rút đồng ý. Những gì đã lưu vẫn còn."
        )
    return ""


def _may_go_on(key: int) -> bool:
    """Whether what it was opened with still stands: the learner's agreement, and the officer's role where the learner lives. Asked with
    each request of a helped session: a row of an erased or joined person, or none at all, opens nothing."""
    agreed = Consent.objects.filter(
        person=OuterRef("person"), withdrawn_at=None, text__purpose=ConsentText.Purpose.HELP
    )
    running = Help.objects.filter(
        Exists(agreed),
        pk=key,
        by__is_active=True,
        person__has_consented=True,
        person__merged_into=None,
        person__erased_at=None,
    )
    given = running.select_related("by", "person").first()
    if given is None or given.by.is_superuser:
        return given is not None
    roles = roles_that_allow(given.by, TO_HELP)
    return any(one.place is None or given.person.place_id in one.place_ids for one in roles)


def officer_of(request: HttpRequest) -> Help | None:
    """The help of this session, with the officer."""
    if not (known := of(request)):
        return None
    return Help.objects.select_related("by").filter(pk=known["help"]).first()


def helper_of(request: HttpRequest) -> User | None:
    """The officer who helps in this session: what is not learning is theirs to answer for. None in any other session."""
    given = officer_of(request)
    return given.by if given else None


def mark(request: HttpRequest, given: Help, *, waiting: str = "") -> None:
    """After the learner was logged in: `waiting` is the officer's session on this device, if it is the officer's."""
    request.session[HELPED] = {
        "help": given.pk,
        "person": given.person.name,
        "officer": given.by.get_full_name(),
        "until": int((timezone.now() + LONGEST).timestamp()),
        "waiting": waiting,
    }


def _store(key: str | None = None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def set_aside(request: HttpRequest) -> str:
    """Leaves the officer's session at the server and goes on with an empty one; returns the key of what waits."""
    request.session.save()
    waiting = str(request.session.session_key)
    request.session = _store()
    return waiting


def officer_waiting(key: str) -> User | None:
    """Whose session waits, as long as it still would open anything."""
    kept = _store(key) if key else {}
    user = User.objects.filter(pk=key_of(kept.get(SESSION_KEY)), is_active=True).first()
    if user is None or not constant_time_compare(kept.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    return user


def take_up(request: HttpRequest, key: str) -> None:
    """The officer's session is this browser's again."""
    request.session.flush()
    request.session = _store(key)
    request.session.modified = True


def throw_away(key: str) -> None:
    if key:
        _store(key).delete()
