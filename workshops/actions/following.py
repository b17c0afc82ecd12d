"""Who is called after a workshop, and what was answered."""

import random
from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import generation, text
from lib.refusals import Refusal
from provinces.queries import units_of_today
from workshops import rules
from workshops.access import TO_CALL, follow_ups_visible_to
from workshops.models import Attendance, CallOutcome, FollowUp, Registration, Workshop

from .registering import locked


def draw_due(*, at: datetime) -> int:
    """A job: draws the call lists of workshops whose last session was long enough ago. How many people are to be called."""
    over = Workshop.objects.filter(followed_at=None, cancelled_at=None, sessions__cancelled_at=None)
    due = over.annotate(ended=Max("sessions__ends_at")).filter(ended__lte=at - rules.FOLLOWED_AFTER)
    return sum(len(draw(workshop=workshop, at=at)) for workshop in due)


@transaction.atomic
def draw(*, workshop: Workshop, at: datetime) -> list[FollowUp]:
    """By lot, at most ten of each commune of today, of those who were there, can be called and agreed to be recorded. A second call draws
    nobody."""
    workshop = locked(workshop)
    if workshop.followed_at:
        return []
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
