"""What an officer gives one person in one quiz: one attempt more, or more time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from accounts.models import User
from courses.models import Enrolment
from lib import text
from lib.refusals import Refusal
from quizzes.models import Allowance, Attempt, AttemptState, Quiz
from quizzes.queries import Standing, standing

from .attempts import settle

MOST_MINUTES = 600
MOST_ATTEMPTS = 20


@transaction.atomic
def allow_another_attempt(*, enrolment: Enrolment, quiz: Quiz, by: User, reason: str, at: datetime) -> Allowance:
    """One attempt more than the quiz allows, for one person who has used up all; audited.

    Raises Refusal without a reason, to oneself, and while it is not needed: passed, none used up, no limit, one still running.
    """
    reason = _reason(enrolment, by, reason)
    held = Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # two presses: the second finds the first one's
    _refuse_if_not_needed(standing(held, quiz))
    return _give(enrolment, quiz, by, reason, at, attempts=1)


@transaction.atomic
def allow_more_time(
    *, enrolment: Enrolment, quiz: Quiz, minutes: int, by: User, reason: str, at: datetime
) -> Allowance:
    """Minutes beyond the time limit and the closing hour of a quiz, for one person, in all attempts from now on; one that is
    running has them at once. Audited.

    Raises Refusal without a reason, to oneself, for no minutes or more than MOST_MINUTES, and where a quiz has no end.
    """
    reason = _reason(enrolment, by, reason)
    if not 1 <= minutes <= MOST_MINUTES:
        said = _("Chưa cho thêm giờ. Hãy ghi số phút từ 1 đến %(most)s rồi bấm lại.")
        raise Refusal(said % {"most": MOST_MINUTES})
    running = standing(enrolment, quiz).running
    is_running = running is not None and settle(attempt=running, at=at).is_running
    if running:  # before its enrolment, as where it is handed in
        running = Attempt.objects.select_for_update().get(pk=running.pk)
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if running is None and not quiz.limits_time:
        raise Refusal(_("Bài kiểm tra này không tính giờ và không có giờ đóng, nên không cần cho thêm giờ."))
    allowance = _give(enrolment, quiz, by, reason, at, attempts=0, minutes=minutes)
    if running and is_running:
        lengthen(running, minutes, at)
    return allowance


@transaction.atomic
def allow_ahead(
    *, enrolment: Enrolment, quiz: Quiz, attempts: int, minutes: int, by: User, reason: str, at: datetime
) -> Allowance:
    """Attempts and minutes beyond what a quiz allows, for somebody who has not begun it: they hold from the first attempt on. Audited.

    Raises Refusal without a reason, to oneself, for nothing or too much, for what the quiz does not limit, and once it was begun.
    """
    reason = _reason(enrolment, by, reason)
    refuse_amount(attempts, minutes)
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if standing(enrolment, quiz).attempts:
        raise Refusal(_("Học viên đã bắt đầu bài này. Hãy cho thêm ở trang lượt làm của học viên, mục Lượt làm."))
    refuse_what_is_not_limited(quiz, attempts, minutes)
    refuse_too_much(Allowance.objects.filter(enrolment=enrolment, quiz=quiz), attempts, minutes)
    return _give(enrolment, quiz, by, reason, at, attempts=attempts, minutes=minutes)


def refuse_amount(attempts: int, minutes: int) -> None:
    if not (0 <= minutes <= MOST_MINUTES and 0 <= attempts <= MOST_ATTEMPTS and minutes + attempts):
        said = _(
            "Chưa cho thêm gì. Hãy ghi số phút từ 0 đến %(minutes)s và số lượt từ 0 đến %(attempts)s, ít nhất một ô lớn hơn 0."
        )
        raise Refusal(said % {"minutes": MOST_MINUTES, "attempts": MOST_ATTEMPTS})


def refuse_what_is_not_limited(quiz: Quiz, attempts: int, minutes: int) -> None:
    if minutes and not quiz.limits_time:
        raise Refusal(_("Bài kiểm tra này không tính giờ và không có giờ đóng, nên không cần cho thêm giờ."))
    if attempts and not quiz.limits_attempts:
        raise Refusal(_("Bài kiểm tra này không giới hạn lượt làm, nên không cần cho thêm lượt."))


def refuse_too_much(given: QuerySet[Allowance], attempts: int, minutes: int) -> None:
    """Several gifts together stay below the most of one."""
    before = given.aggregate(attempts=Coalesce(Sum("attempts"), 0), minutes=Coalesce(Sum("minutes"), 0))
    if before["minutes"] + minutes > MOST_MINUTES or before["attempts"] + attempts > MOST_ATTEMPTS:
        said = _(
            "Chưa cho thêm: cùng với phần đã cho (%(given_minutes)s phút, %(given_attempts)s lượt) thì quá mức %(minutes)s phút, %(attempts)s lượt."
        )
        had = {"given_minutes": before["minutes"], "given_attempts": before["attempts"]}
        raise Refusal(said % (had | {"minutes": MOST_MINUTES, "attempts": MOST_ATTEMPTS}))


@transaction.atomic
def allow_all_ahead(*, enrolments: Collection[Enrolment], **given: Any) -> None:
    """The same to several, or to none of them: the Refusal names whom it is about."""
    for enrolment in sorted(enrolments, key=lambda one: one.pk):  # two officers lock them in the same order
        try:
            allow_ahead(enrolment=enrolment, **given)
        except Refusal as refusal:
            raise (Refusal(f"{enrolment.person}: {refusal}") if len(enrolments) > 1 else refusal) from None


@transaction.atomic
def take_back_allowance(*, allowance: Allowance, by: User, at: datetime) -> None:
    """What was given ahead, before it was used: to give something else instead. The log keeps both. Raises Refusal once the quiz was
    begun, and for oneself."""
    assert allowance.enrolment_id is not None  # noqa: S101 (that of a cohort has its own door)
    enrolment = Enrolment.objects.select_for_update().get(pk=allowance.enrolment_id)
    if enrolment.person_id == by.person_id or standing(enrolment, allowance.quiz).attempts:
        raise Refusal(
            _(
                "Chưa bỏ được: học viên đã bắt đầu bài này, hoặc đây là bài của chính anh/chị. Phần cho thêm vẫn giữ nguyên."
            )
        )
    given = {"attempts": allowance.attempts, "minutes": allowance.minutes, "reason": allowance.reason}
    note(allowance, "quizzes.allowance_taken_back", by, at, given)
    allowance.delete()


def lengthen(attempt: Attempt, minutes: int, at: datetime) -> None:
    """One that waits for being handed in takes answers again, once its new end is still to come."""
    if attempt.due_at is None or not attempt.is_running:
        return
    attempt.due_at += timedelta(minutes=minutes)
    attempt.state = AttemptState.IN_PROGRESS if attempt.due_at > at else attempt.state
    attempt.save(update_fields=["due_at", "state"])


def _reason(enrolment: Enrolment, by: User, reason: str) -> str:
    if enrolment.person_id == by.person_id:
        raise Refusal(
            _(
                "Chưa cho thêm gì, vì đây là bài của chính anh/chị. Kết quả các lượt trước vẫn còn; hãy nhờ một cán bộ khác cho thêm."
            )
        )
    return written_reason(reason)


def written_reason(reason: str) -> str:
    reason = text.nfc(reason)[:200]
    if not reason:
        raise Refusal(_("Chưa cho thêm gì, vì chưa có lý do. Hãy ghi lý do rồi bấm lại; lý do được giữ trong nhật ký."))
    return reason


def _give(enrolment: Enrolment, quiz: Quiz, by: User, reason: str, at: datetime, **given: int) -> Allowance:
    allowance = Allowance.objects.create(
        enrolment=enrolment, quiz=quiz, given_by=by, reason=reason, given_at=at, **given
    )
    note(
        allowance,
        "quizzes.attempt_allowed" if given["attempts"] else "quizzes.time_allowed",
        by,
        at,
        given | {"reason": reason},
    )
    return allowance


def note(allowance: Allowance, action: str, by: User, at: datetime, said: dict[str, Any]) -> None:
    log(
        instance=allowance,
        title=f"{allowance._meta.verbose_name} {allowance.pk}",
        action=action,
        user=by,
        timestamp=at,
        data={"enrolment": allowance.enrolment_id, "cohort": allowance.cohort_id, "quiz": allowance.quiz_id} | said,
    )


def _refuse_if_not_needed(stands: Standing) -> None:
    if stands.has_passed:
        raise Refusal(_("Học viên đã đạt bài này rồi, không cần thêm lượt."))
    if stands.left is None:
        raise Refusal(_("Bài kiểm tra này không giới hạn lượt làm; học viên vào làm lại được ngay."))
    if stands.running:
        raise Refusal(_("Học viên đang làm dở một lượt. Đợi nộp bài xong, nếu chưa đạt thì cho thêm."))
    if stands.left:
        said = ngettext("Học viên vẫn còn %(n)s lượt làm.", "Học viên vẫn còn %(n)s lượt làm.", stands.left)
        raise Refusal(said % {"n": stands.left})
