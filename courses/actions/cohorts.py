"""Cohorts: opened and closed, and who is in them. All of several or none; each change is in the log of the cohort."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from accounts.access import managed_places
from accounts.models import User
from courses.access import TO_CHANGE_COHORTS, TO_OPEN_COHORTS, cohorts_visible_to, enrolments_visible_to
from courses.models import Cohort, Course, Enrolment
from lib import text
from lib.refusals import Refusal
from provinces.models import Place

OUT_OF_REACH = gettext_lazy("Chưa đổi gì, vì có người ngoài địa bàn của anh/chị. Hãy tìm và chọn lại.")


@transaction.atomic
def open_cohort(
    *,
    course: Course,
    name: str,
    starts_on: date,
    by: User,
    at: datetime,
    ends_on: date | None = None,
    place: Place | None = None,
    organised_by: str = "",
) -> Cohort:
    """Without a place it is the whole country's, for whoever may do this everywhere.

    Raises Refusal for a place that is not theirs, a name that the course has already, days the wrong way round, and a course
    that is not offered.
    """
    if course.retired_at:
        raise Refusal(_("Chưa lập nhóm, vì khóa học này không mở. Hãy chọn khóa đang mở."))
    cohort = Cohort(course=course, starts_on=starts_on, ends_on=ends_on, place=place, created_by=by, created_at=at)
    cohort.name, cohort.organised_by = text.nfc(name), text.nfc(organised_by)
    _refuse_foreign_place(cohort, by, TO_OPEN_COHORTS)
    _write(cohort)
    _note(cohort, "courses.cohort_opened", by, at, _said_of(cohort))
    return cohort


@transaction.atomic
def change_cohort(
    *,
    cohort: Cohort,
    name: str,
    starts_on: date,
    by: User,
    at: datetime,
    ends_on: date | None = None,
    place: Place | None = None,
    organised_by: str = "",
) -> Cohort:
    """Its course stays. Raises Refusal as `open_cohort` does, and for a cohort that is another officer's."""
    cohort = _held(cohort, by)
    before = _said_of(cohort)
    cohort.name, cohort.organised_by = text.nfc(name), text.nfc(organised_by)
    cohort.starts_on, cohort.ends_on, cohort.place = starts_on, ends_on, place
    _refuse_foreign_place(cohort, by, TO_CHANGE_COHORTS)
    _write(cohort)
    after = _said_of(cohort)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        _note(cohort, "courses.cohort_changed", by, at, changed)
    return cohort


@transaction.atomic
def close_cohort(*, cohort: Cohort, by: User, at: datetime) -> None:
    """From now on its list stands as it is. A second call changes nothing."""
    cohort = _held(cohort, by)
    if cohort.closed_at is None:
        _set_closed(cohort, at)
        _note(cohort, "courses.cohort_closed", by, at, {})


@transaction.atomic
def reopen_cohort(*, cohort: Cohort, by: User, at: datetime) -> None:
    cohort = _held(cohort, by)
    if cohort.closed_at:
        _set_closed(cohort, None)
        _note(cohort, "courses.cohort_reopened", by, at, {})


@transaction.atomic
def join_cohort(*, cohort: Cohort, enrolments: Collection[Enrolment], by: User, at: datetime) -> int:
    """Returns how many are new in it; who was in it before stays so.

    Raises Refusal for a closed cohort, enrolments of another course or outside the officer's places, one's own, and for who is
    in another cohort (`move_to_cohort` says from where).
    """
    cohort = _open(_held(cohort, by))
    held = _held_members(enrolments, cohort, by)
    elsewhere = next((one for one in held if one.cohort_id not in (None, cohort.pk)), None)
    if elsewhere:
        said = _(
            "Chưa thêm ai: %(person)s đang ở nhóm “%(cohort)s”. Muốn chuyển thì bấm “Chuyển sang nhóm này” ở dòng của người ấy."
        )
        raise Refusal(said % {"person": elsewhere.person, "cohort": elsewhere.cohort})
    new = [one.pk for one in held if one.cohort_id is None]
    Enrolment.objects.filter(pk__in=new).update(cohort=cohort)
    if new:
        _note(cohort, "courses.cohort_joined", by, at, {"enrolments": new})
    return len(new)


@transaction.atomic
def move_to_cohort(*, cohort: Cohort, out_of: Cohort, enrolment: Enrolment, by: User, at: datetime) -> None:
    """Out of one cohort into another of the same course; both have it in their logs.

    Raises Refusal as `join_cohort` and `leave_cohort` do, and for one and the same: of two who move one person at once the slower one
    is told.
    """
    if cohort == out_of:
        raise Refusal(_("Chưa đổi gì, vì nhóm chuyển đến cũng là nhóm chuyển đi. Hãy tìm và chọn lại."))
    held = {one.pk: one for one in _held_cohorts([cohort, out_of], by)}
    cohort, out_of = _open(held[cohort.pk]), _open(held[out_of.pk])
    (enrolment,) = _held_members([enrolment], cohort, by)
    _refuse_who_is_gone(enrolment, out_of)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=cohort)
    _note(out_of, "courses.cohort_left", by, at, {"enrolments": [enrolment.pk], "into": cohort.pk})
    _note(cohort, "courses.cohort_joined", by, at, {"enrolments": [enrolment.pk], "out_of": out_of.pk})


@transaction.atomic
def leave_cohort(*, cohort: Cohort, enrolment: Enrolment, by: User, at: datetime) -> None:
    """The enrolment goes on without a cohort. Raises Refusal for a closed one, and for who is not in it any more."""
    cohort = _open(_held(cohort, by))
    (enrolment,) = _held_members([enrolment], cohort, by)
    _refuse_who_is_gone(enrolment, cohort)
    Enrolment.objects.filter(pk=enrolment.pk).update(cohort=None)
    _note(cohort, "courses.cohort_left", by, at, {"enrolments": [enrolment.pk]})


def _held(cohort: Cohort, by: User) -> Cohort:
    return _held_cohorts([cohort], by)[0]


def _held_cohorts(cohorts: Collection[Cohort], by: User) -> list[Cohort]:
    """A cohort is locked before its enrolments, and several in the order of their keys: everybody locks in this order."""
    mine = cohorts_visible_to(by, TO_CHANGE_COHORTS).filter(pk__in=[one.pk for one in cohorts]).values("pk")
    held = list(Cohort.objects.select_for_update(no_key=True).filter(pk__in=mine).order_by("pk"))
    if len(held) < len({one.pk for one in cohorts}):
        raise Refusal(_("Chưa đổi gì, vì nhóm học này ngoài địa bàn của anh/chị. Hãy nhờ cán bộ của nơi tổ chức."))
    return held


def _held_members(enrolments: Iterable[Enrolment], cohort: Cohort, by: User) -> list[Enrolment]:
    keys = {one.pk for one in enrolments}
    mine = enrolments_visible_to(by, TO_CHANGE_COHORTS).filter(pk__in=keys).values("pk")
    # The cohort is not joined: who waited for this lock would get the new key with the cohort of before beside it.
    locking = Enrolment.objects.select_for_update(of=("self",), no_key=True).select_related("person")
    held = list(locking.filter(pk__in=mine).order_by("pk"))
    if len(held) < len(keys):
        raise Refusal(str(OUT_OF_REACH))
    if any(one.course_id != cohort.course_id for one in held):
        raise Refusal(_("Chưa đổi gì, vì có người không ghi danh khóa học của nhóm này. Hãy tìm và chọn lại."))
    if any(one.person_id == by.person_id for one in held):
        raise Refusal(
            _("Chưa đổi gì, vì trong đó có anh/chị. Hãy nhờ một cán bộ khác đưa anh/chị vào nhóm hay bỏ khỏi nhóm.")
        )
    return held


def _open(cohort: Cohort) -> Cohort:
    if cohort.closed_at:
        said = _(
            "Chưa đổi gì, vì nhóm “%(cohort)s” đã đóng: danh sách của nhóm được giữ nguyên. Cần sửa thì mở lại nhóm trước."
        )
        raise Refusal(said % {"cohort": cohort})
    return cohort


def _refuse_who_is_gone(enrolment: Enrolment, cohort: Cohort) -> None:
    if enrolment.cohort_id != cohort.pk:
        said = _(
            "Chưa đổi gì: %(person)s không còn ở nhóm “%(cohort)s”, vì có người vừa chuyển hoặc bỏ ra. Hãy xem lại danh sách."
        )
        raise Refusal(said % {"person": enrolment.person, "cohort": cohort})


def _refuse_foreign_place(cohort: Cohort, by: User, permission: str) -> None:
    places = managed_places(by, permission)
    if places is None:
        return
    if cohort.place is None:
        raise Refusal(_("Hãy ghi địa bàn của nhóm: nhóm của cả nước do cán bộ trung ương lập."))
    if not places.contains(cohort.place):
        raise Refusal(_("Địa bàn này ngoài địa bàn của anh/chị. Hãy ghi tỉnh, xã hay phường mà anh/chị được giao."))


def _write(cohort: Cohort) -> None:
    """What the columns and constraints say of a row, in their words."""
    try:
        cohort.full_clean(exclude=["search"])
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from None
    cohort.save()


def _set_closed(cohort: Cohort, at: datetime | None) -> None:
    cohort.closed_at = at
    cohort.save(update_fields=["closed_at"])


def _said_of(cohort: Cohort) -> dict[str, Any]:
    return {
        "name": cohort.name,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat() if cohort.ends_on else None,
        "place": cohort.place_id,
        "organised_by": cohort.organised_by,
    }


def _note(cohort: Cohort, action: str, by: User, at: datetime, said: dict[str, Any]) -> None:
    log(instance=cohort, action=action, user=by, timestamp=at, data=said)
