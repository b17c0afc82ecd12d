"""What people thought of it: asked of those who were there, once each, and kept without who said it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from lib.dates import local_day
from lib.refusals import Refusal
from workshops import queries
from workshops.models import (
    Attendance,
    FeedbackSheet,
    FormQuestion,
    QuestionKind,
    Registration,
    SheetSource,
    Stage,
    Workshop,
)

from .planning import held, noted
from .testing import Entry

# What is usually asked; the organiser changes it like questions of the own. Vietnamese, as all that organisers write.
USUAL: tuple[tuple[str, str], ...] = (
    (QuestionKind.FACES, "Nhìn chung, anh/chị thấy buổi tập huấn thế nào?"),
    (QuestionKind.SCALE, "Nội dung sát với công việc của anh/chị"),
    (QuestionKind.SCALE, "Báo cáo viên nói rõ, dễ hiểu"),
    (QuestionKind.SCALE, "Tài liệu rõ ràng, dùng được"),
    (QuestionKind.SCALE, "Tổ chức: thời gian, chỗ ngồi, đón tiếp"),
    (QuestionKind.SCALE, "Áp dụng được vào việc sắp tới"),
    (QuestionKind.TEXT, "Điều gì anh/chị thấy bổ ích nhất?"),
    (QuestionKind.TEXT, "Lần sau nên làm khác đi điều gì?"),
)


@transaction.atomic
def add_usual_questions(*, workshop: Workshop, by: User, at: datetime) -> int:
    """Behind those that are there; what is asked already is not asked twice. How many were added."""
    workshop = held(workshop, by)
    asked = queries.feedback_questions(workshop)
    known = {one.label for one in asked}
    last = max((one.position for one in asked), default=-1)
    made = [
        FormQuestion(workshop=workshop, stage=Stage.FEEDBACK, label=label, kind=kind)
        for kind, label in USUAL
        if label not in known
    ]
    for position, one in enumerate(made, last + 1):
        one.position = position
    FormQuestion.objects.bulk_create(made)
    if made:
        noted(workshop, "workshops.changed", by, at, part="questions")
    return len(made)


@transaction.atomic
def give_feedback(
    *, registration: Registration, answers: Mapping[str, Any], is_quotable: bool, at: datetime, source: str
) -> FeedbackSheet:
    """One sheet of somebody who was there, which does not say whose it is. Raises Refusal for whoever was not there or has given
    theirs, for an empty sheet, and once the workshop is over."""
    registration = (
        Registration.objects.select_for_update(of=("self",)).select_related("workshop").get(pk=registration.pk)
    )
    _refuse_over(registration.workshop)
    if registration.gave_feedback:
        raise Refusal(_("Số thẻ này đã gửi phiếu đánh giá. Mỗi người một phiếu; phiếu đã gửi vẫn được giữ."))
    if not was_there(registration):
        raise Refusal(
            _("Chưa thấy số thẻ này trong danh sách có mặt. Anh/Chị đến bàn điểm danh trước, rồi quay lại đây.")
        )
    _refuse_empty(answers)
    Registration.objects.filter(pk=registration.pk).update(gave_feedback=True)
    return FeedbackSheet.objects.create(
        workshop=registration.workshop,
        answers=dict(answers),
        source=source,
        given_on=local_day(at),
        is_quotable=is_quotable,
    )


def was_there(registration: Registration) -> bool:
    """At a session that counts: whoever was recorded at one that was cancelled was at none."""
    rows = Attendance.objects.filter(registration=registration, taken_back_at=None, session__cancelled_at=None)
    return rows.exists()


def _refuse_over(workshop: Workshop) -> None:
    if workshop.cancelled_at or workshop.closed_at:
        raise Refusal(_("Lớp này không còn mở, nên không nhận phiếu đánh giá nữa."))


def _refuse_empty(answers: Mapping[str, Any]) -> None:
    if not answers:
        raise Refusal(_("Phiếu chưa có câu trả lời nào. Hãy chọn ít nhất một câu rồi gửi."))


@dataclass(frozen=True)
class FeedbackEntered:
    sheet: FeedbackSheet
    entry: Entry
    differences: tuple[tuple[str, Any, Any], ...] = ()  # label of a question, what is kept, what was typed now


@transaction.atomic
def write_feedback(
    *,
    workshop: Workshop,
    number: int,
    answers: Mapping[str, Any],
    is_quotable: bool,
    by: User,
    at: datetime,
    is_sure: bool = False,
) -> FeedbackEntered:
    """A sheet of paper, known by the number that was written on it. Corrected, checked and typed later as the sheets of tests are.

    Raises Refusal for an empty sheet, and for more sheets than people were there.
    """
    workshop = held(workshop, by, even_closed=True)
    _refuse_empty(answers)
    rows = FeedbackSheet.objects.select_for_update(of=("self",))
    known = rows.filter(workshop=workshop, paper_number=number).first()
    if known is not None:
        return _again(known, answers, is_quotable, by, at, is_sure)
    present = queries.present_count(workshop)
    if FeedbackSheet.objects.filter(workshop=workshop).count() >= present:
        said = _(
            "Chưa ghi: lớp có %(present)s người có mặt và đã đủ chừng ấy phiếu. Nếu còn người chưa điểm danh, hãy ghi có mặt trước."
        )
        raise Refusal(said % {"present": present})
    made = FeedbackSheet.objects.create(
        workshop=workshop,
        answers=dict(answers),
        source=SheetSource.PAPER,
        given_on=_day_of(workshop, at),
        is_quotable=is_quotable,
        paper_number=number,
        entered_by=by,
    )
    return FeedbackEntered(made, Entry.WRITTEN)


def _day_of(workshop: Workshop, at: datetime) -> Any:
    """When it was filled in, though it is typed days later."""
    last = workshop.sessions.filter(cancelled_at=None, starts_at__lte=at).order_by("-starts_at").first()
    return local_day(last.starts_at if last else at)


def _again(
    sheet: FeedbackSheet, answers: Mapping[str, Any], is_quotable: bool, by: User, at: datetime, is_sure: bool
) -> FeedbackEntered:
    is_second = sheet.entered_by_id not in (None, by.pk)
    if sheet.answers == answers and sheet.is_quotable == is_quotable:
        if not is_second:
            return FeedbackEntered(sheet, Entry.SAME)
        sheet.checked_by = by
        sheet.save(update_fields=["checked_by"])
        return FeedbackEntered(sheet, Entry.CHECKED)
    if is_second and not is_sure:
        return FeedbackEntered(sheet, Entry.DIFFERS, _differences(sheet, answers, is_quotable))
    before = dict(sheet.answers)
    sheet.answers, sheet.is_quotable = dict(answers), is_quotable
    sheet.checked_by = by if is_second else None
    sheet.save(update_fields=["answers", "is_quotable", "checked_by"])
    said = {"number": sheet.paper_number, "before": before, "after": dict(answers)}
    log(instance=sheet.workshop, action="workshops.feedback_corrected", user=by, timestamp=at, data=said)
    return FeedbackEntered(sheet, Entry.CORRECTED)


def _differences(
    sheet: FeedbackSheet, answers: Mapping[str, Any], is_quotable: bool
) -> tuple[tuple[str, Any, Any], ...]:
    labels = {str(one.pk): one.label for one in FormQuestion.objects.filter(workshop=sheet.workshop_id)}
    keys = dict.fromkeys([*sheet.answers, *answers])
    found = [
        (labels.get(key, key), sheet.answers.get(key, "–"), answers.get(key, "–"))
        for key in keys
        if sheet.answers.get(key) != answers.get(key)
    ]
    if sheet.is_quotable != is_quotable:
        said = {True: _("có"), False: _("không")}
        found.append((_("Cho trích vào báo cáo"), said[sheet.is_quotable], said[is_quotable]))
    return tuple(found)
