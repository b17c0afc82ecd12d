"""The workshops to which a person goes, as the page of one's own learning tells them."""

from datetime import datetime

from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import learning, reading
from lib import dates
from lib.registries import Meeting

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
