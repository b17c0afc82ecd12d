"""What holders are told of the time that their certificates have left, and what they can do about it."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import learning, renewals
from courses.models import Activity, Renewal
from lib import dates
from lib.registries import Notice, Reward

from . import queries, validity
from .models import Credential, CredentialStatus

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Renewing(TypedDict):
    """What is asked for beside a credential: whether it is being renewed, and whether nothing of its course, which is open, is held on a day."""

    is_renewed_now: bool
    is_any_day: bool


def reward(enrolment_id: int) -> Reward | None:
    """Entry of the registry `rewards`: where a holder finds the valid certificate of an enrolment, expired or not."""
    held = Credential.objects.filter(enrolment=enrolment_id, status=CredentialStatus.VALID).select_related("award")
    credential = with_renewals(held).first()
    if credential is None:
        return None
    return Reward(reverse("certificates:mine"), notice_of(credential, timezone.localdate()))


def notice_of(credential: "WithAnnotations[Credential, Renewing]", today: date) -> Notice | None:
    """None before the window, for what holds no more, and where the course earns nothing now. Nobody has to renew what has no end: of that
    only a renewal that was begun is told."""
    last = credential.expires_on
    if not may_be_renewed(credential, today) or (last is None and not credential.is_renewed_now):
        return None
    is_late = validity.has_ended(last, today)
    if running := renewals.running(credential.enrolment_id):
        return _of_running(running, is_late=is_late)
    if last is None:
        return None
    address = reverse("certificates:renew", args=[credential.code])
    return Notice(_of_time(last, today), _("Gia hạn"), address, is_late=is_late)


def may_be_newer(credential: "WithAnnotations[Credential, Renewing]", today: date) -> bool:
    """Of what has no end: whether its holder may take the tests again for a newer day."""
    if credential.expires_on is not None or not may_be_renewed(credential, today):
        return False
    return credential.is_any_day and not credential.is_renewed_now


def with_renewals(credentials: QuerySet[Credential]) -> "QuerySet[WithAnnotations[Credential, Renewing]]":
    """With what is asked of each that has no end, in the same query."""
    dated = queries.held_on_a_day().filter(course=OuterRef("enrolment__course"))
    running = Renewal.objects.running().filter(enrolment=OuterRef("enrolment"))
    is_any_day = Q(enrolment__course__retired_at=None) & ~Exists(dated)
    return credentials.annotate(
        is_renewed_now=Exists(running), is_any_day=ExpressionWrapper(is_any_day, BooleanField())
    )


def may_be_renewed(credential: Credential, today: date) -> bool:
    award = credential.award
    is_open = credential.status == CredentialStatus.VALID and award.is_active
    return is_open and validity.is_renewable(credential.expires_on, award.renewal_days, today)


def _of_time(last: date, today: date) -> str:
    if validity.has_ended(last, today):
        said = _(
            "Giấy chứng nhận đã hết hạn từ ngày %(day)s. Anh/Chị bấm “Gia hạn” rồi làm lại những bài mà trang chỉ ra; làm xong và đạt là được cấp giấy mới."
        )
        return said % {"day": dates.localised(validity.ended_on(last))}
    left = (last - today).days
    if left == 0:
        return _(
            "Hôm nay là ngày cuối giấy chứng nhận có giá trị. Anh/Chị bấm “Gia hạn” rồi làm lại những bài mà trang chỉ ra; làm xong và đạt là được cấp giấy mới."
        )
    said = ngettext(
        "Giấy chứng nhận có giá trị đến hết ngày %(day)s, còn %(n)s ngày nữa. Anh/Chị bấm “Gia hạn” rồi làm lại những bài mà trang chỉ ra; làm xong và đạt là được cấp giấy mới. Trong lúc đó giấy cũ vẫn dùng được đến ngày cuối.",
        "Giấy chứng nhận có giá trị đến hết ngày %(day)s, còn %(n)s ngày nữa. Anh/Chị bấm “Gia hạn” rồi làm lại những bài mà trang chỉ ra; làm xong và đạt là được cấp giấy mới. Trong lúc đó giấy cũ vẫn dùng được đến ngày cuối.",
        left,
    )
    return said % {"n": left, "day": dates.localised(last)}


def _of_running(running: renewals.Progress, *, is_late: bool) -> Notice:
    said = _("Đang gia hạn: đã làm lại %(done)s/%(all)s bài.") % {"done": running.done_count, "all": running.count}
    activity = Activity.objects.filter(pk__in=running.left[:1]).select_related("course").first()
    if activity is None:
        return Notice(said, is_late=is_late)
    address = learning.address_of_activity(activity)
    return Notice(said, _("Làm tiếp"), address, is_link=True, is_late=is_late)
