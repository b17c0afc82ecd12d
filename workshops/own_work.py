"""The workshops to which a person goes, as the page of one's own learning tells them, and the seat for which somebody signs up."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import Http404
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _

from accounts.access import AnyUser
from certificates.models import Credential, CredentialStatus
from courses import learning, reading
from lib import dates
from lib.registries import Errand, Meeting

from . import access, showing
from .models import Attendance, Registration, RegistrationState, Session

WAITING, OFFERED, EXPIRED = RegistrationState.WAITING, RegistrationState.OFFERED, RegistrationState.EXPIRED
CANCELLED = RegistrationState.CANCELLED


def meetings(person_id: int, now: datetime) -> list[Meeting]:
    """One query, and none while no workshop has a day."""
    if not _is_any_dated():
        return []
    held = Q(workshop__sessions__cancelled_at=None)
    certified = Credential.objects.filter(
        status=CredentialStatus.VALID, person=person_id, enrolment__course=OuterRef("workshop__activity__course")
    )
    rows = Registration.objects.filter(person=person_id).exclude(state=RegistrationState.REPLACED)
    rows = rows.annotate(
        begins_at=Min("workshop__sessions__starts_at", filter=held),
        next_at=Min("workshop__sessions__starts_at", filter=held & Q(workshop__sessions__ends_at__gt=now)),
        first_at=Min("workshop__sessions__starts_at"),
        was_there=Exists(
            Attendance.objects.filter(registration=OuterRef("pk"), taken_back_at=None, session__cancelled_at=None)
        ),
        is_certified=Exists(certified),
        # Of parallel sessions the own room, where there is one to be told: the ticket tells several.
        room=Min("assignments__session__room"),
        rooms=Count("assignments", distinct=True),
    )
    rows = rows.filter(first_at__isnull=False).select_related("workshop__activity").order_by("first_at", "pk")
    coming: list[Any] = []
    past: list[Any] = []
    for one in rows:
        is_coming = one.next_at and one.state not in (CANCELLED, EXPIRED) and not one.workshop.cancelled_at
        (coming if is_coming else past).append(one)
    coming.sort(key=lambda one: one.next_at)
    return [_to_come(one, one.next_at) for one in coming] + [_of_before(one) for one in reversed(past)]


def _is_any_dated() -> bool:
    return reading.shelf.remember("is any workshop dated", Session.objects.exists)


def _to_come(one: Any, begins_at: datetime) -> Meeting:
    words = ""
    if one.state == WAITING:
        words = _("Đang ở danh sách dự bị")
    elif one.state == OFFERED and one.offered_until:
        words = _("Có chỗ cho anh/chị: xác nhận trước %(at)s") % {"at": dates.moment(one.offered_until)}
    return replace(_told(one, begins_at), words=words, is_urgent=one.state == OFFERED)


def _of_before(one: Any) -> Meeting:
    """`one` as `meetings` annotates it."""
    words = ""
    if one.workshop.cancelled_at:
        words = _("Lớp này đã hủy")
    elif one.was_there:
        words = _("Đã dự")
    elif one.state == CANCELLED:
        words = _("Anh/Chị đã hủy đăng ký")
    elif one.state == EXPIRED:
        words = _("Đã hết hạn giữ chỗ")
    elif one.state == WAITING:
        words = _("Đã ở danh sách dự bị")
    paper = reverse("certificates:mine") if one.is_certified else ""
    return replace(_told(one, one.begins_at or one.first_at), words=words, is_past=True, paper=paper)


def _told(one: Any, begins_at: datetime) -> Meeting:
    return Meeting(
        address=reverse("workshops:ticket", args=[one.code]),
        title=learning.activity_title(one.workshop.activity),
        begins_at=begins_at,
        where=", ".join(filter(None, [one.room if one.rooms == 1 else "", one.workshop.venue])),
        words="",
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
