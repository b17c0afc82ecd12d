"""Who is called after a workshop, and what was answered."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib import generation, text
from lib.refusals import Refusal
from workshops import queries, rules
from workshops.access import TO_CALL, follow_ups_visible_to
from workshops.following import lot
from workshops.models import Attendance, CallOutcome, FollowUp, Workshop

from .registering import locked


def draw_due(*, at: datetime) -> int:
    """A job: draws the call lists of workshops whose last session was long enough ago, once a day has gone by since somebody was last
    recorded to have been there: whoever types the signed lists of several sessions is through by then. Who is recorded later still is added
    in the same way. People of a workshop that was entered long after its own day are called where its organiser asks for it
    (`ask_for_calls`). How many are to be called."""
    latest = F("created_at") - (rules.FOLLOWED_AFTER + rules.ENTERED_WITHIN)
    over = Workshop.objects.filter(cancelled_at=None, sessions__cancelled_at=None)
    # Nobody is recorded of a workshop that is closed, so that those are not looked through again.
    over = over.filter(
        Q(followed_at=None) | Q(closed_at=None) | Q(closed_at__gt=F("followed_at") - rules.RECORDED_WITHIN)
    )
    due = over.annotate(ended=Max("sessions__ends_at"), recorded=Subquery(_LAST_RECORDED))
    due = due.filter(ended__lte=at - rules.FOLLOWED_AFTER, ended__gte=latest, recorded__lte=at - rules.RECORDED_WITHIN)
    new = due.filter(Q(followed_at=None) | Q(followed_at__lt=F("recorded") + rules.RECORDED_WITHIN))
    return sum(len(draw(workshop=workshop, at=at)) for workshop in new)


_LAST_RECORDED = (
    Attendance.objects.filter(session__workshop=OuterRef("pk"), session__cancelled_at=None, taken_back_at=None)
    .order_by()
    .values("session__workshop")
    .annotate(last=Max("recorded_at"))
    .values("last")
)


@transaction.atomic
def draw(*, workshop: Workshop, at: datetime) -> list[FollowUp]:
    """By lot, at most ten of each commune of today, of those who were there, can be called and agreed to be recorded (`lot.drawn_of`). A
    second call adds who was recorded since, where a commune has fewer than ten who answered or can be called, and leaves these as they are;
    who is no longer to be called is off the list for good then, as the place may have another's name. Before anybody is recorded
    to have been there nothing is drawn yet."""
    workshop = locked(workshop)
    return _drawn(workshop, at) if queries.present_count(workshop) else []


@transaction.atomic
def ask_for_calls(*, workshop: Workshop, by: User, at: datetime) -> list[FollowUp]:
    """The list that was not drawn by itself, or found nobody, as its organiser asks for it; of one that is there already, who is missing
    from it, which may be nobody. Raises Refusal before the day, of a cancelled workshop, and where nobody was there or can be called."""
    workshop = locked(workshop)
    ended = queries.ends_at(workshop)
    if workshop.cancelled_at or ended is None or at < ended + rules.FOLLOWED_AFTER:
        raise Refusal(_("Chưa lập danh sách gọi, vì lớp đã hủy hoặc chưa học xong được ba tháng."))
    if not queries.present_count(workshop):
        raise Refusal(_("Chưa lập danh sách gọi, vì chưa ghi ai có mặt. Hãy nhập danh sách ký tên của lớp trước."))
    drawn = _drawn(workshop, at)
    if drawn:
        log(instance=workshop, action="workshops.calls_asked", user=by, timestamp=at, data={"drawn": len(drawn)})
    elif not FollowUp.objects.filter(registration__workshop=workshop).exists():
        raise Refusal(
            _("Chưa lập danh sách gọi, vì trong những người có mặt không ai có số điện thoại và đồng ý cho lưu.")
        )
    return drawn


def _drawn(workshop: Workshop, at: datetime) -> list[FollowUp]:
    workshop.followed_at = at
    workshop.save(update_fields=["followed_at"])
    drawn = [FollowUp(registration=one, drawn_at=at) for one in lot.drawn_of(workshop)]
    mine = FollowUp.objects.filter(registration__workshop=workshop)
    gone, _by_model = mine.exclude(pk__in=queries.calls_that_count().values("pk")).delete()
    if drawn or gone:
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
    """What was said; typed again it takes the place of what was written before. Raises Refusal for somebody of other places, for whoever is
    no longer to be called, and for an answer that does not say whether anything was used."""
    mine = follow_ups_visible_to(by, TO_CALL).filter(pk=follow_up.pk).values("pk")
    found = FollowUp.objects.select_for_update(of=("self",)).filter(pk__in=mine).first()
    if found is None:
        raise Refusal(_("Chưa ghi, vì đại biểu này ngoài địa bàn của anh/chị, hoặc không còn trong danh sách gọi."))
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
