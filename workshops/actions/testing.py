"""Tests in the hall: made from one bank, opened and closed, handed in on a phone, typed in from paper."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from courses.models import Activity
from lib import dates
from lib.refusals import Refusal
from quizzes.kinds import KINDS
from quizzes.models import QuestionBank, QuestionVersion
from workshops import queries
from workshops.hall.dealing import chosen, forms_of
from workshops.hall.items import Paper
from workshops.models import (
    HOLDING,
    HallItem,
    HallTest,
    Moment,
    Registration,
    RegistrationState,
    SheetSource,
    TestSheet,
    Workshop,
)

from .planning import held, noted

MOST_QUESTIONS = 40


@transaction.atomic
def make_tests(
    *,
    workshop: Workshop,
    bank: QuestionBank,
    questions: int,
    pass_percent: int,
    is_anonymous: bool,
    by: User,
    at: datetime,
    activity: Activity | None = None,
) -> tuple[HallTest, HallTest]:
    """Before and after, from two parallel forms of a bank. Until one of them was opened or has a sheet they can be made anew.

    Raises Refusal where the bank has too few questions that fit a sheet of paper, and for a quiz of another course.
    """
    workshop = held(workshop, by)
    if activity and (activity.course_id != workshop.activity.course_id or activity.kind != "quiz"):
        raise Refusal(_("Bài kiểm tra này không thuộc khóa học của lớp. Hãy chọn một bài trong khóa, hoặc để trống."))
    forms = forms_of(bank)
    if not 1 <= questions <= min(forms.most, MOST_QUESTIONS):
        said = _(
            "Chưa lập đề: với ngân hàng “%(bank)s”, mỗi đề chỉ có được nhiều nhất %(most)s câu (chỉ tính câu đã duyệt, trả lời bằng một chữ A–D, không có hình). Hãy giảm số câu hoặc chọn ngân hàng khác."
        )
        raise Refusal(said % {"bank": bank, "most": min(forms.most, MOST_QUESTIONS)})
    _clear(workshop)
    rng = random.Random(f"{workshop.pk}-{at.isoformat()}")  # noqa: S311 (which questions are asked is no secret of keys)
    sides = chosen(forms, questions, rng)
    made = [
        _made(workshop, moment, versions, rng, at, pass_percent=pass_percent, is_anonymous=is_anonymous,
              activity=activity if moment == Moment.AFTER else None)
        for moment, versions in zip(Moment, sides, strict=True)
    ]  # fmt: skip
    noted(workshop, "workshops.tests_made", by, at, bank=str(bank))
    return made[0], made[1]


def _clear(workshop: Workshop) -> None:
    known = HallTest.objects.select_for_update().filter(workshop=workshop)
    if any(test.opened_at or test.sheets.exists() for test in known):
        raise Refusal(_("Đề đã mở hoặc đã có phiếu, nên không lập lại được nữa."))
    known.delete()


def _made(
    workshop: Workshop,
    moment: Moment,
    versions: list[QuestionVersion],
    rng: random.Random,
    at: datetime,
    **said: object,
) -> HallTest:
    test = HallTest.objects.create(workshop=workshop, moment=moment, made_at=at, **said)
    HallItem.objects.bulk_create(
        HallItem(test=test, number=number, version=version, choices=_order(version, rng))
        for number, version in enumerate(versions, 1)
    )
    return test


def _order(version: QuestionVersion, rng: random.Random) -> list[str]:
    """Choices stand in one order on every sheet; a statement is true (A) or false (B)."""
    return KINDS[version.kind].order(version.data, rng) or ["true", "false"]


@transaction.atomic
def open_test(*, test: HallTest, by: User, at: datetime) -> HallTest:
    """Also one that was closed: what was handed in stays. A second call changes nothing."""
    held(test.workshop, by)
    test = HallTest.objects.select_for_update().get(pk=test.pk)
    if test.opened_at and not test.closed_at:
        return test
    test.opened_at, test.closed_at = test.opened_at or at, None
    return _noted(test, "workshops.test_opened", by, at)


@transaction.atomic
def close_test(*, test: HallTest, by: User, at: datetime) -> HallTest:
    """Nothing more comes from phones; paper is still typed in."""
    held(test.workshop, by)
    test = HallTest.objects.select_for_update().get(pk=test.pk)
    if test.opened_at is None or test.closed_at:
        return test
    test.closed_at = at
    return _noted(test, "workshops.test_closed", by, at)


def _noted(test: HallTest, action: str, by: User, at: datetime) -> HallTest:
    test.save(update_fields=["opened_at", "closed_at"])
    noted(test.workshop, action, by, at, moment=test.moment)
    return test


@transaction.atomic
def hand_in(
    *,
    test: HallTest,
    registration: Registration,
    answers: Mapping[str, str],
    at: datetime,
    source: str = SheetSource.PHONE,
) -> TestSheet:
    """A delegate's sheet, once: sent again as it was it changes nothing, with other answers the first one is kept.

    Raises Refusal before the test is open and after it was closed, and for somebody who has no seat.
    """
    test = HallTest.objects.select_related("workshop").get(pk=test.pk)
    paper = Paper(test)
    given = paper.tidy(answers)
    known = TestSheet.objects.filter(test=test, badge=registration.number).first()
    if known is None:
        _refuse_closed(test)
        _refuse_without_seat(registration)
        known, is_new = TestSheet.objects.get_or_create(
            test=test,
            badge=registration.number,
            defaults=_graded(paper, given)
            | {"registration": None if test.is_anonymous else registration, "source": source, "handed_in_at": at},
        )
        if is_new:
            return known
    if known.answers != given:
        said = _("Số thẻ %(badge)s đã nộp bài lúc %(at)s. Bài nộp đầu được giữ, nên lần này không ghi.")
        raise Refusal(said % {"badge": known.badge, "at": dates.moment(known.handed_in_at)})
    return known


def _graded(paper: Paper, answers: Mapping[str, str]) -> dict[str, object]:
    return {"answers": dict(answers), "right": paper.count_right(answers), "questions": len(paper)}


def _refuse_closed(test: HallTest) -> None:
    if test.workshop.cancelled_at or test.workshop.closed_at:
        raise Refusal(_("Lớp này không còn mở, nên không nhận bài nữa."))
    if test.opened_at is None:
        raise Refusal(_("Bài này chưa mở. Khi ban tổ chức mở bài, anh/chị tải lại trang."))
    if test.closed_at:
        raise Refusal(_("Bài này đã đóng, nên không nhận nữa. Cần thì anh/chị nói với ban tổ chức."))


def _refuse_without_seat(registration: Registration) -> None:
    """Not of whoever was there and gave the seat up afterwards."""
    was_there = registration.attendances.filter(taken_back_at=None).exists
    if registration.state not in HOLDING and not was_there():
        raise Refusal(seatless(registration))


def seatless(registration: Registration) -> str:
    said = {
        RegistrationState.REPLACED: _("Số thẻ %(badge)s đã có người đi thay: hãy ghi số thẻ của người đi thay."),
        RegistrationState.CANCELLED: _(
            "Số thẻ %(badge)s đã hủy đăng ký. Nếu người ấy có mặt, hãy xếp lại chỗ ở trang của lớp trước."
        ),
        RegistrationState.EXPIRED: _(
            "Số thẻ %(badge)s đã hết hạn giữ chỗ. Nếu người ấy có mặt, hãy xếp lại chỗ ở trang của lớp trước."
        ),
    }.get(
        RegistrationState(registration.state),
        _("Số thẻ %(badge)s còn ở danh sách dự bị. Nếu người ấy có mặt, hãy xếp chỗ ở trang của lớp trước."),
    )
    return said % {"badge": registration.number}


class Entry(StrEnum):
    """What became of a sheet that was typed in."""

    WRITTEN = "written"
    SAME = "same"  # typed again by the same colleague
    CHECKED = "checked"  # typed by a second one, alike
    DIFFERS = "differs"  # typed by a second one, otherwise: nothing was changed
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Entered:
    sheet: TestSheet
    entry: Entry
    differences: tuple[tuple[str, str, str], ...] = ()  # number of a question, what is kept, what was typed now


@transaction.atomic
def write_sheet(*, test: HallTest, badge: int, letters: str, by: User, at: datetime, is_sure: bool = False) -> Entered:
    """A sheet of paper. Whoever typed it corrects it by typing it again; a second colleague checks it: where the two differ nothing changes
    until one of them is sure. Corrections are logged with what stood there.

    Raises Refusal for a number that nobody has, letters that are not on offer, and for whoever handed in on a phone. What was written in the
    hall is typed the next day too, when the workshop is closed.
    """
    held(test.workshop, by, even_closed=True)
    paper = Paper(test)
    registration = Registration.objects.filter(workshop=test.workshop_id, number=badge).first()
    if registration is None:
        raise Refusal(_("Không có số thẻ %(badge)s trong lớp này.") % {"badge": badge})
    registration = queries.left_of(registration)
    badge = registration.number
    known = TestSheet.objects.select_for_update(of=("self",)).filter(test=test, badge=badge).first()
    if known is None:
        _refuse_without_seat(registration)
        known, is_new = _typed(test, registration, paper, paper.read(letters), by, at)
        if is_new:
            return Entered(known, Entry.WRITTEN)
    if known.source != SheetSource.PAPER:
        said = _("Số thẻ %(badge)s đã nộp trên điện thoại lúc %(at)s; bài ấy được giữ.")
        raise Refusal(said % {"badge": badge, "at": dates.moment(known.handed_in_at)})
    return _typed_again(known, paper, paper.read(letters), by, at, is_sure)


def _typed(
    test: HallTest, registration: Registration, paper: Paper, answers: Mapping[str, str], by: User, at: datetime
) -> tuple[TestSheet, bool]:
    """Or what a phone hands in at this very moment."""
    said = {
        "registration": None if test.is_anonymous else registration,
        "source": SheetSource.PAPER,
        "entered_by": by,
        "handed_in_at": at,
    }
    return TestSheet.objects.get_or_create(
        test=test, badge=registration.number, defaults=said | _graded(paper, answers)
    )


def _typed_again(
    sheet: TestSheet, paper: Paper, answers: Mapping[str, str], by: User, at: datetime, is_sure: bool
) -> Entered:
    is_second = sheet.entered_by_id not in (None, by.pk)
    if sheet.answers == answers:
        if not is_second:
            return Entered(sheet, Entry.SAME)
        sheet.checked_by = by
        sheet.save(update_fields=["checked_by"])
        return Entered(sheet, Entry.CHECKED)
    if is_second and not is_sure:
        return Entered(sheet, Entry.DIFFERS, _differences(paper, sheet.answers, answers))
    before = paper.written(sheet.answers)
    for name, value in _graded(paper, answers).items():
        setattr(sheet, name, value)
    sheet.checked_by = by if is_second else None
    sheet.save(update_fields=["answers", "right", "questions", "checked_by"])
    said = {"moment": sheet.test.moment, "badge": sheet.badge, "before": before, "after": paper.written(answers)}
    log(instance=sheet.test.workshop, action="workshops.sheet_corrected", user=by, timestamp=at, data=said)
    return Entered(sheet, Entry.CORRECTED)


def _differences(paper: Paper, kept: Mapping[str, str], typed: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    numbers = (str(item.number) for item in paper.items)
    return tuple(
        (number, kept.get(number, "–"), typed.get(number, "–"))
        for number in numbers
        if kept.get(number) != typed.get(number)
    )
