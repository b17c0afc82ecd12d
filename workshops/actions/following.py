"""Who is called after a workshop, and what was answered."""

import random
from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import generation, text
from lib.refusals import Refusal
from provinces.queries import units_of_today
from workshops import queries, rules
from workshops.access import TO_CALL, follow_ups_visible_to
from workshops.models import Attendance, CallOutcome, FollowUp, Registration, Workshop

from .registering import locked


def draw_due(*, at: datetime) -> int:
    """A job: draws the call lists of workshops whose last session was long enough ago, once it is known who was there. People of a workshop
    that was entered long after its own day are called where its organiser asks for it (`ask_for_calls`). How many are to be called."""
    over = Workshop.objects.filter(followed_at=None, cancelled_at=None, sessions__cancelled_at=None)
    latest = F("created_at") - (rules.FOLLOWED_AFTER + rules.ENTERED_WITHIN)
    due = over.annotate(ended=Max("sessions__ends_at")).filter(ended__lte=at - rules.FOLLOWED_AFTER, ended__gte=latest)
    return sum(len(draw(workshop=workshop, at=at)) for workshop in due)


@transaction.atomic
def draw(*, workshop: Workshop, at: datetime) -> list[FollowUp]:
    """By lot, at most ten of each commune of today, of those who were there, can be called and agreed to be recorded. A second call draws
    nobody; before anybody is recorded to have been there nothing is drawn yet."""
    workshop = locked(workshop)
    if workshop.followed_at or not queries.present_count(workshop):
        return []
    return _drawn(workshop, at)


@transaction.atomic
def ask_for_calls(*, workshop: Workshop, by: User, at: datetime) -> list[FollowUp]:
    """The list that was not drawn by itself, or found nobody, as its organiser asks for it. Where there is one already it stays as it is.
    Raises Refusal before the day, of a cancelled workshop, and where nobody was there or can be called."""
    workshop = locked(workshop)
    ended = queries.ends_at(workshop)
    if FollowUp.objects.filter(registration__workshop=workshop).exists():
        return []
    if workshop.cancelled_at or ended is None or at < ended + rules.FOLLOWED_AFTER:
        raise Refusal(_("Chưa lập danh sách gọi, vì lớp đã hủy hoặc chưa học xong được ba tháng."))
    if not queries.present_count(workshop):
        raise Refusal(_("Chưa lập danh sách gọi, vì chưa ghi ai có mặt. Hãy nhập danh sách ký tên của lớp trước."))
    drawn = _drawn(workshop, at)
    if not drawn:
        raise Refusal(
            _("Chưa lập danh sách gọi, vì trong những người có mặt không ai có số điện thoại và đồng ý cho lưu.")
        )
    log(instance=workshop, action="workshops.calls_asked", user=by, timestamp=at, data={"drawn": len(drawn)})
    return drawn


def _drawn(workshop: Workshop, at: datetime) -> list[FollowUp]:
    workshop.followed_at = at
    workshop.save(update_fields=["followed_at"])
    present = Attendance.objects.filter(session__workshop=workshop, taken_back_at=None).values("registration")
    rows = Registration.objects.filter(pk__in=present, person__has_consented=True, person__merged_into=None)
    rows = rows.exclude(person__contact_phone="").order_by("number")
    units = units_of_today({one.place_id for one in rows})
    by_unit: dict[int, list[Registration]] = defaultdict(list)
    for one in rows:
        by_unit[units[one.place_id].pk].append(one)
    lot = random.Random(workshop.pk)  # noqa: S311 - a lot that anybody can draw again
    drawn = [
        FollowUp(registration=one, drawn_at=at)
        for unit in sorted(by_unit)
        for one in lot.sample(by_unit[unit], min(rules.CALLED_IN_A_COMMUNE, len(by_unit[unit])))
    ]
    generation.bump()
    return FollowUp.objects.bulk_create(drawn)


@transaction.atomic
def record_call(
    *,
    follow_up: FollowUp,
    outcome: str,
    by: User,
    at: datetime,
    used: str = "",
    what: str = "",
    hindrance: str = "",
) -> FollowUp:
    """What was said; typed again it takes the place of what was written before. Raises Refusal for somebody of other places, and for
    an answer that does not say whether anything was used."""
    mine = follow_ups_visible_to(by, TO_CALL).filter(pk=follow_up.pk).values("pk")
    found = FollowUp.objects.select_for_update(of=("self",)).filter(pk__in=mine).first()
    if found is None:
        raise Refusal(_("Chưa ghi, vì đại biểu này ngoài địa bàn của anh/chị."))
    is_answer = outcome == CallOutcome.ANSWERED
    if is_answer and not used:
        raise Refusal(_("Chưa ghi, vì câu 1 chưa chọn. Hãy chọn rồi bấm “Ghi lại”."))
    found.outcome, found.called_by, found.called_at = outcome, by, at
    found.used = used if is_answer else ""
    found.what, found.hindrance = (text.nfc(what)[:500], text.nfc(hindrance)[:500]) if is_answer else ("", "")
    found.save()
    title = f"{found._meta.verbose_name} {found.pk}"
    log(instance=found, title=title, action="workshops.called", user=by, timestamp=at, data={"outcome": outcome})
    return found
