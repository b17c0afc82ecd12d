"""What goes by itself after a time, and how much of it there is: the nightly job and `manage.py purge_personal_data`.

Other kinds have jobs of their own, with their time beside them: numbers nobody confirmed (two days), codes (a day), lists that wait to be
imported (an hour), what desks typed (DOOR_NOTES_DAYS), files of batches, lists of calls (400 days).
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actions import logins
from accounts.models import Consent, DataRequest, Person, PhoneChange, User
from lib.dates import local_day
from lib.registries import person_records
from messaging import actions as messaging

from .actions import erase_due
from .erasing import erase_person
from .proving import SENT

NIGHT_FROM, NIGHT_TO = 1, 5  # o'clock in this country
AT_ONCE = 200  # people in one night
ANONYMOUS_DAYS = 1  # what a session keeps of somebody who is not logged in: a number that a code was sent to
OF_NUMBERS = ("proven", LOGIN_SESSION_KEY, SENT)  # entries of sessions that tell one
OWN = ("accounts.", "reports.", "messaging.", "mfa.", "wagtailcore.", "demo.")  # records that are no reason to be kept


@dataclass(frozen=True)
class Step:
    """One kind of thing that is kept for a time: how much of it is over, and taking it away."""

    label: str | Promise
    count: Callable[[datetime], int]
    run: Callable[[datetime], int]


def months_before(at: datetime, months: int) -> datetime:
    """The same day of the month, or its last one: a month before 31 March is 28 February."""
    years, month = divmod(at.month - 1 - months, 12)
    year, month = at.year + years, month + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def idle_people(at: datetime) -> QuerySet[Person]:
    """Who signed up or was written down, never learnt, took part or was given anything, and has not been seen for a long time.

    What counts as a record is what other apps told the register of records: one that comes later counts by itself.
    """
    if not settings.IDLE_PERSON_MONTHS:
        return Person.objects.none()
    since = months_before(at, settings.IDLE_PERSON_MONTHS)
    rows = Person.objects.filter(
        erased_at=None, merged_into=None, merged_from=None, is_demo=False, created_at__lt=since
    )
    for one in Person._meta.related_objects:
        model: Any = one.related_model
        is_record = f"{model._meta.label}.{one.field.name}" in dict(
            person_records
        ) and not model._meta.label.startswith(OWN)
        if is_record:
            rows = rows.exclude(Exists(model._default_manager.filter(**{one.field.name: OuterRef("pk")})))
    recently = User.objects.filter(
        Q(last_login__gte=since) | Q(is_staff=True) | ~Q(display_name="") | Q(roles__isnull=False)
    )
    return rows.exclude(Exists(recently.filter(person=OuterRef("pk")))).exclude(
        Exists(Consent.objects.filter(person=OuterRef("pk"), given_at__gte=since))
    )


def _erase_idle(at: datetime) -> int:
    return sum(erase_person(person=one, by=None, at=at) for one in idle_people(at).order_by("pk")[:AT_ONCE])


def _due(at: datetime) -> QuerySet[DataRequest]:
    today = local_day(at)
    return DataRequest.objects.filter(kind="delete", state__in=DataRequest.UNSETTLED, erase_on__lte=today)


def _old_requests(at: datetime) -> QuerySet[DataRequest]:
    """Settled long ago; those of who was erased as well. An objection that still stands is kept as long as the person is."""
    stands = Q(stops_calls=True, person__erased_at=None)
    return DataRequest.objects.filter(~stands, settled_at__lt=months_before(at, settings.DATA_REQUEST_MONTHS))


def _old_changes(at: datetime) -> QuerySet[PhoneChange]:
    """Decided or not: a number that waits for a year is nobody's any more."""
    return PhoneChange.objects.filter(requested_at__lt=months_before(at, settings.PHONE_CHANGE_MONTHS))


def _orphans(at: datetime) -> Iterator[Session]:
    """Sessions of log-ins that are gone, and those in which nobody is logged in that still tell a number after a day."""
    kept_from = at + timedelta(seconds=settings.SESSION_COOKIE_AGE) - timedelta(days=ANONYMOUS_DAYS)
    known = set(User.objects.values_list("pk", flat=True))
    for session in Session.objects.iterator(chunk_size=2000):
        said = session.get_decoded()
        if (who := said.get(SESSION_KEY)) is not None:
            if int(who) not in known:
                yield session
        elif session.expire_date < kept_from and any(name in said for name in OF_NUMBERS):
            yield session


def _forget_sessions(at: datetime) -> int:
    keys = [one.session_key for one in _orphans(at)]
    return sum(
        Session.objects.filter(session_key__in=keys[first : first + 500]).delete()[0]
        for first in range(0, len(keys), 500)
    )


def _rows(old: Callable[[datetime], QuerySet[Any]], is_on: Callable[[], int] = lambda: 1) -> dict[str, Any]:
    def count(at: datetime) -> int:
        return old(at).count() if is_on() else 0

    def run(at: datetime) -> int:
        return old(at).delete()[0] if is_on() else 0

    return {"count": count, "run": run}


STEPS: dict[str, Step] = {
    "requested": Step(_("xóa theo yêu cầu đã đến ngày"), lambda at: _due(at).count(), lambda at: erase_due(at=at)),
    "idle": Step(_("người không có kết quả nào, lâu không vào"), lambda at: idle_people(at).count(), _erase_idle),
    "requests": Step(_("yêu cầu đã xong từ lâu"), **_rows(_old_requests, lambda: settings.DATA_REQUEST_MONTHS)),
    "phone-changes": Step(_("yêu cầu đổi số cũ"), **_rows(_old_changes, lambda: settings.PHONE_CHANGE_MONTHS)),
    "cards": Step(_("phiếu mã hết hạn từ lâu"), **_rows(logins.old_cards)),
    "messages": Step(_("tin nhắn cũ"), **_rows(messaging.old)),
    "sessions": Step(
        _("phiên đăng nhập của tài khoản không còn nữa"), lambda at: sum(1 for _one in _orphans(at)), _forget_sessions
    ),
}


def counted(at: datetime, names: Iterable[str] = STEPS) -> dict[str, int]:
    return {name: STEPS[name].count(at) for name in names}


def purge(at: datetime, names: Collection[str] = tuple(STEPS)) -> dict[str, int]:
    """Deletions first: sessions of who is erased go in the same round."""
    return {name: step.run(at) for name, step in STEPS.items() if name in names}


def nightly(*, at: datetime) -> int:
    """A job: once a night, as it looks through all sessions. What fails is tried again in the next round."""
    key = f"purged:{local_day(at)}"
    if not NIGHT_FROM <= localtime(at).hour < NIGHT_TO or cache.get(key):
        return 0
    count = sum(purge(at).values())
    cache.set(key, True, 24 * 3600)
    return count
