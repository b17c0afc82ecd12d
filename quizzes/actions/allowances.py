"""What an officer gives one person in one quiz: one attempt more, or more time."""

from datetime import datetime, timedelta

from django.db import transaction
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


@transaction.atomic
def allow_another_attempt(*, enrolment: Enrolment, quiz: Quiz, by: User, reason: str, at: datetime) -> Allowance:
    """One attempt more than the quiz allows, for one person who has used up all; audited.

    Raises Refusal without a reason, to oneself, and while it is not needed: passed, none used up, no limit, one still running.
    """
    reason = _reason(enrolment, by, reason)
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # two presses: the second finds the first one's
    _refuse_if_not_needed(standing(enrolment, quiz))
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
    if running is None and not (quiz.time_limit or quiz.closes_at):
        raise Refusal(_("Bài kiểm tra này không tính giờ và không có giờ đóng, nên không cần cho thêm giờ."))
    allowance = _give(enrolment, quiz, by, reason, at, attempts=0, minutes=minutes)
    if running and is_running:
        _lengthen(running, minutes, at)
    return allowance


def _lengthen(attempt: Attempt, minutes: int, at: datetime) -> None:
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
    reason = text.nfc(reason)[:200]
    if not reason:
        raise Refusal(_("Chưa cho thêm gì, vì chưa có lý do. Hãy ghi lý do rồi bấm lại; lý do được giữ trong nhật ký."))
    return reason


def _give(enrolment: Enrolment, quiz: Quiz, by: User, reason: str, at: datetime, **given: int) -> Allowance:
    allowance = Allowance.objects.create(
        enrolment=enrolment, quiz=quiz, given_by=by, reason=reason, given_at=at, **given
    )
    log(
        instance=allowance,
        title=f"{allowance._meta.verbose_name} {allowance.pk}",
        action="quizzes.attempt_allowed" if given["attempts"] else "quizzes.time_allowed",
        user=by,
        data={"enrolment": enrolment.pk, "quiz": quiz.pk, "reason": reason} | given,
    )
    return allowance


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
