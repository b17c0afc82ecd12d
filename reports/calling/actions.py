"""Drawing the list of a week, and writing down what came of a call."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import Person, Subject, User
from lib.dates import local_day
from lib.refusals import Refusal
from lib.registries import Unfinished
from provinces.models import Level, Place
from provinces.queries import units_of_today
from reports.models import CallList, Contact, Outcome

from . import access, choosing

AT_ONCE = 100  # communes that a job draws in one round
KEPT = timedelta(days=400)  # a year of follow-up, and a month to compare with


def week_of(at: datetime) -> date:
    """Its Monday, in Vietnam."""
    today = local_day(at)
    return today - timedelta(days=today.weekday())


def drawn(*, place: Place, at: datetime) -> CallList:
    """The list of this week of a commune of today, which is drawn by whoever asks first."""
    week = week_of(at)
    found = CallList.objects.filter(place=place, week=week).first()
    try:
        return found or _draw(place, week, at)
    except IntegrityError:  # somebody else was first
        return CallList.objects.get(place=place, week=week)


@transaction.atomic
def _draw(place: Place, week: date, at: datetime) -> CallList:
    made = CallList.objects.create(place=place, week=week, drawn_at=at)
    Contact.objects.bulk_create(
        Contact(
            list=made,
            position=position,
            person_id=one.person,
            subject_id=one.subject,
            course_id=one.course,
            reason=one.reason,
            since=one.since,
        )
        for position, one in enumerate(choosing.due(place, at=at), start=1)
    )
    return made


def draw_due(*, at: datetime) -> int:
    """A job: the lists of this week, of communes that have people or subjects; how many were drawn."""
    written = {
        *Person.objects.filter(merged_into=None).values_list("place", flat=True).distinct(),
        *Subject.objects.open().values_list("place", flat=True).distinct(),
    }
    units = {unit.pk: unit for unit in units_of_today(written).values()}  # many are still written under a former one
    done = set(CallList.objects.filter(week=week_of(at)).values_list("place", flat=True))
    due = sorted(pk for pk, unit in units.items() if unit.level == Level.COMMUNE and unit.is_current and pk not in done)
    some = [units[pk] for pk in due[:AT_ONCE]]
    for place in some:
        drawn(place=place, at=at)
    return Unfinished(len(some)) if len(some) == AT_ONCE else len(some)


def forget_old(*, at: datetime) -> int:
    """A job: lists of long ago; how many."""
    old = CallList.objects.filter(week__lt=local_day(at - KEPT))
    count = old.count()
    if count:
        old.delete()
    return count


@transaction.atomic
def record(*, contact: Contact, outcome: str, by: User, at: datetime, seen: str = Outcome.TO_CALL) -> Contact:
    """What came of it; another outcome takes the place of what was said before, also back to "not yet", and the same one (a second
    press) changes nothing. `seen` is the outcome that was on show.

    Raises Refusal for what is no outcome, for somebody of other places, and where a colleague wrote down another one meanwhile.
    """
    if outcome not in Outcome.values:
        raise Refusal(_("Chưa ghi, vì chưa chọn kết quả. Hãy bấm một trong các kết quả."))
    mine = access.standing(access.contacts_visible_to(by).filter(pk=contact.pk)).values("pk")
    found = Contact.objects.select_for_update(of=("self",)).filter(pk__in=mine).first()
    if found is None:
        raise Refusal(
            _(
                "Chưa ghi, vì người hoặc chủ thể này không còn thuộc địa bàn của anh/chị, hoặc không còn trong danh sách."
            )
        )
    if outcome == found.outcome:
        return found
    if seen != found.outcome:
        said = _(
            "Chưa ghi, vì từ lúc anh/chị mở trang này, kết quả đã được ghi là “%(outcome)s”. Nếu vẫn cần đổi, hãy sửa lại ở dưới đây."
        )
        raise Refusal(said % {"outcome": found.get_outcome_display()})
    is_done = outcome != Outcome.TO_CALL
    found.outcome, found.by, found.at = outcome, by if is_done else None, at if is_done else None
    found.save(update_fields=["outcome", "by", "at"])
    about, data = found.person or found.subject, {"contact": found.pk, "outcome": outcome}
    assert about is not None  # noqa: S101 (the database says so)
    log(instance=about, title=about.log_title, action="reports.contacted", user=by, timestamp=at, data=data)
    return found
