"""Targets are set, classes outside this platform are written down, corrected and taken back; the log of decisions tells of each."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.access import managed_places
from accounts.models import User
from courses.models import Topic
from lib.dates import local_day
from lib.refusals import Refusal
from provinces.models import Place
from reports.models import Figure, OutsideClass, Target

from . import access

PRESSED_TWICE = timedelta(minutes=1)


def set_targets(
    *, place: Place | None, year: int, values: Mapping[str, int | None], by: User, at: datetime
) -> list[Target]:
    """Of a place, or of the country: by figure a number, or None for no target. Returns those that changed.

    Raises Refusal for a place that is not theirs to plan, and for who is late where two set the same target at once.
    """
    if not access.may_plan(by, place):
        raise Refusal(_("Chưa lưu, vì anh/chị không được giao đặt chỉ tiêu cho nơi này."))
    try:
        with transaction.atomic():
            return _set(place, year, values, by, at)
    except IntegrityError as error:
        raise Refusal(
            _("Chưa lưu, vì một cán bộ khác vừa ghi chỉ tiêu của nơi này. Hãy xem lại rồi bấm Lưu.")
        ) from error


def _set(place: Place | None, year: int, values: Mapping[str, int | None], by: User, at: datetime) -> list[Target]:
    known = {one.figure: one for one in Target.objects.select_for_update().filter(place=place, year=year)}
    changed = []
    for figure in Figure:
        value, target = values.get(figure), known.get(figure)
        before = target.value if target else None
        if value == before:
            continue
        target = target or Target(place=place, year=year, figure=figure)
        target.value, target.by, target.at = value, by, at
        target.save()
        said = {"before": before, "after": value}
        log(instance=target, action="reports.target_set", user=by, timestamp=at, data=said)
        changed.append(target)
    return changed


@transaction.atomic
def write_outside(*, by: User, at: datetime, **said: Any) -> OutsideClass:
    """`said` is place, day, title, topic, organiser, people, and as far as known women, officials, subjects, legal_base. Two presses of
    the button are one class.

    Raises Refusal for a place that is not theirs, for a day to come, for parts that are more than the whole, and for a class that is
    written down already, word for word.
    """
    made = OutsideClass(**said, by=by, at=at)
    _check(made, by, access.TO_ADD_OUTSIDE, local_day(at))
    # Of two at once the second waits, and finds the first one's.
    Place.objects.select_for_update(no_key=True).get(pk=made.place_id)
    if known := OutsideClass.objects.filter(**said, removed_at=None).first():
        return _second(known, by, at)
    made.save()
    log(instance=made, action="reports.outside_written", user=by, timestamp=at, data=_said_of(made))
    return made


def _second(known: OutsideClass, by: User, at: datetime) -> OutsideClass:
    if known.by_id == by.pk and at - known.at < PRESSED_TWICE:
        return known
    said = _(
        "Chưa ghi, vì lớp “%(title)s” với đúng những số này đã có trong danh sách. Nếu là một lớp khác, hãy ghi tên khác, ví dụ thêm “lớp 2”."
    )
    raise Refusal(said % {"title": known.title})


@transaction.atomic
def correct_outside(*, outside: OutsideClass, by: User, at: datetime, reason: str, **said: Any) -> OutsideClass:
    """As `write_outside`; raises Refusal also for one that was taken back."""
    found = _held(outside, by)
    before = _said_of(found)
    for name, value in said.items():
        setattr(found, name, value)
    _check(found, by, access.TO_CHANGE_OUTSIDE, local_day(at))
    after = _said_of(found)
    if fields := [name for name in after if after[name] != before[name]]:
        found.save()
        changes = {"fields": fields, "before": {name: before[name] for name in fields}, "reason": reason}
        log(instance=found, action="reports.outside_corrected", user=by, timestamp=at, data=changes)
    return found


@transaction.atomic
def remove_outside(*, outside: OutsideClass, by: User, at: datetime, reason: str) -> None:
    """It counts no longer, and stays in the log. Raises Refusal for another place's, and for one that was taken back before."""
    found = _held(outside, by)
    found.removed_at, found.removed_why = at, reason
    found.save(update_fields=["removed_at", "removed_why"])
    log(instance=found, action="reports.outside_removed", user=by, timestamp=at, data={"reason": reason})


def _held(outside: OutsideClass, by: User) -> OutsideClass:
    mine = access.outside_visible_to(by, access.TO_CHANGE_OUTSIDE).filter(pk=outside.pk).values("pk")
    found = OutsideClass.objects.select_for_update().filter(pk__in=mine).first()
    if found is None:
        raise Refusal(_("Chưa đổi gì, vì lớp này ngoài địa bàn của anh/chị."))
    if found.removed_at:
        raise Refusal(_("Chưa đổi gì, vì lớp này đã được bỏ khỏi danh sách."))
    return found


def _check(outside: OutsideClass, by: User, permission: str, today: date) -> None:
    places = managed_places(by, permission)
    if places is not None and not places.contains(outside.place):
        raise Refusal(_("Nơi này ngoài địa bàn của anh/chị. Hãy ghi tỉnh, xã hay phường mà anh/chị được giao."))
    if outside.day > today:
        raise Refusal(_("Lớp chưa khai giảng thì chưa ghi ở đây. Hãy xem lại ngày."))
    try:
        outside.full_clean()
    except ValidationError as error:
        raise Refusal(" ".join(dict.fromkeys(error.messages))) from error


def _said_of(outside: OutsideClass) -> dict[str, Any]:
    topic: Topic = outside.topic
    return {
        "place": outside.place_id,
        "day": outside.day.isoformat(),
        "title": outside.title,
        "topic": topic.name,
        "organiser": outside.organiser,
        "people": outside.people,
        "women": outside.women,
        "officials": outside.officials,
        "subjects": outside.subjects,
        "legal_base": outside.legal_base,
    }
