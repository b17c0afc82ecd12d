"""The workshops to which a person goes, as the page of one's own learning tells them, and the seat for which somebody signs up."""

from datetime import datetime

from django.db.models import Min, Q
from django.http import Http404
from django.urls import ResolverMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import AnyUser
from courses import learning, reading
from lib import dates
from lib.registries import Errand, Meeting

from . import access, showing
from .models import HOLDING, Registration, RegistrationState, Session

STATES = (*HOLDING, RegistrationState.WAITING)


def meetings(person_id: int, now: datetime) -> list[Meeting]:
    """One query, and none while no workshop is to come."""
    if _last_end() < now:
        return []
    to_come = Q(workshop__sessions__cancelled_at=None, workshop__sessions__ends_at__gt=now)
    rows = Registration.objects.filter(person=person_id, state__in=STATES, workshop__cancelled_at=None)
    rows = rows.annotate(begins_at=Min("workshop__sessions__starts_at", filter=to_come))
    rows = rows.filter(begins_at__isnull=False).select_related("workshop__activity").order_by("begins_at")
    return [_meeting(one, one.begins_at) for one in rows]


def _last_end() -> datetime:
    """When the last session of all that are planned ends; long ago where there is none."""
    long_ago = timezone.make_aware(datetime(2000, 1, 1))

    def find() -> datetime:
        ends = Session.objects.filter(cancelled_at=None).order_by("-ends_at").values_list("ends_at", flat=True)
        return ends.first() or long_ago

    return reading.shelf.remember("last workshop ends", find)


def _meeting(one: Registration, begins_at: datetime) -> Meeting:
    words = ""
    if one.state == RegistrationState.WAITING:
        words = _("Đang ở danh sách dự bị")
    elif one.state == RegistrationState.OFFERED and one.offered_until:
        words = _("Có chỗ cho anh/chị: xác nhận trước %(at)s") % {"at": dates.moment(one.offered_until)}
    return Meeting(
        address=reverse("workshops:ticket", args=[one.code]),
        title=learning.activity_title(one.workshop.activity),
        begins_at=begins_at,
        where=one.workshop.venue,
        words=words,
        is_urgent=one.state == RegistrationState.OFFERED,
    )


def errand(user: AnyUser, match: ResolverMatch) -> Errand | None:
    """A seat that somebody came for, as the way through log-in and sign-up tells it; nothing of what they may not see."""
    if match.view_name != "workshops:register":
        return None
    try:
        shown = showing.of(match.kwargs["slug"])
    except Http404:
        return None
    if not access.admits(user, shown.workshop):
        return None
    return Errand(
        words=_("Đăng ký dự lớp"),
        title=shown.title,
        when=_when(shown.begins_at, shown.ends_at),
        address=reverse("workshops:page", args=[shown.workshop.slug]),
        step=_("Giữ chỗ"),
        go=_("Tiếp tục: giữ chỗ"),
    )


def _when(begins_at: datetime | None, ends_at: datetime | None) -> str:
    if begins_at is None or ends_at is None:
        return ""
    first, last = dates.local_day(begins_at), dates.local_day(ends_at)
    if first == last:
        return dates.moment(begins_at)
    return _("từ %(first)s đến %(last)s") % {"first": dates.localised(first), "last": dates.localised(last)}
