"""What an officer gives a cohort in one quiz: it holds for whoever is in it when an attempt begins, those who join later included."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Cohort, Enrolment
from lib.refusals import Refusal
from quizzes import rules
from quizzes.access import cohorts_to_allow
from quizzes.models import Allowance, Attempt, AttemptState, Quiz

from .allowances import (
    lengthen,
    note,
    refuse_amount,
    refuse_too_much,
    refuse_what_is_not_limited,
    written_reason,
)

MOST_ROUNDS = 5
TAKING_ANSWERS = (rules.Phase.RUNNING, rules.Phase.OVERDUE)


class _BegunMeanwhileError(Exception):
    """Somebody began an attempt after those under way were locked and before their enrolments were."""


@transaction.atomic
def allow_cohort(
    *, cohort: Cohort, quiz: Quiz, attempts: int, minutes: int, by: User, reason: str, at: datetime
) -> Allowance:
    """Whoever is in the middle of an attempt has the minutes at once. Audited.

    Raises Refusal without a reason, for nothing or too much, for what the quiz does not limit, for a cohort of another course, a
    closed one, one with members of other officers, and one's own; and while too many are beginning at this moment.
    """
    reason = written_reason(reason)
    refuse_amount(attempts, minutes)
    refuse_what_is_not_limited(quiz, attempts, minutes)
    cohort = _held(cohort, quiz, by)
    if cohort.closed_at:
        raise Refusal(_("Chưa cho thêm gì, vì nhóm học này đã đóng. Cần thì mở lại nhóm trước."))
    refuse_too_much(Allowance.objects.filter(cohort=cohort, quiz=quiz), attempts, minutes)
    running = _hold_members_and_attempts(cohort, quiz)
    reached = [one for one in running if minutes and one.due_at and one.clock.phase(at) in TAKING_ANSWERS]
    allowance = Allowance.objects.create(
        cohort=cohort,
        quiz=quiz,
        attempts=attempts,
        minutes=minutes,
        given_by=by,
        reason=reason,
        given_at=at,
        used_at=at if reached else None,
    )
    given = {"attempts": attempts, "minutes": minutes, "reason": reason}
    note(allowance, "quizzes.attempt_allowed" if attempts else "quizzes.time_allowed", by, at, given)
    for attempt in reached:
        lengthen(attempt, minutes, at)
    return allowance


@transaction.atomic
def take_back_from_cohort(*, allowance: Allowance, by: User, at: datetime) -> None:
    """While nobody has used it; the log keeps both. A second press changes nothing. Raises Refusal once it was used, and for who may
    not give to the cohort."""
    assert allowance.cohort is not None  # noqa: S101 (that of one person has its own door)
    cohort = _held(allowance.cohort, allowance.quiz, by)
    _hold_members(cohort)
    held = Allowance.objects.select_for_update().filter(pk=allowance.pk).first()
    if held is None:
        return
    if held.used_at:
        raise Refusal(
            _("Chưa bỏ được: trong nhóm đã có người làm bài với phần cho thêm này. Phần cho thêm vẫn giữ nguyên.")
        )
    given = {"attempts": held.attempts, "minutes": held.minutes, "reason": held.reason}
    note(held, "quizzes.allowance_taken_back", by, at, given)
    held.delete()


def _held(cohort: Cohort, quiz: Quiz, by: User) -> Cohort:
    """Locked before its enrolments, as where people join it."""
    held = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if not cohorts_to_allow(by, quiz).contains(held):
        raise Refusal(_why_not(held, quiz, by))
    return held


def _why_not(cohort: Cohort, quiz: Quiz, by: User) -> str:
    if cohort.course_id != quiz.activity.course_id:
        return _("Chưa đổi gì, vì bài kiểm tra này không thuộc khóa học của nhóm.")
    if by.person_id and cohort.enrolments.filter(person=by.person_id).exists():
        return _("Chưa đổi gì, vì anh/chị cũng ở trong nhóm này. Hãy nhờ một cán bộ khác.")
    return _("Chưa đổi gì, vì nhóm học này không nằm trọn trong địa bàn của anh/chị. Hãy nhờ cán bộ cấp trên.")


def _under_way(cohort: Cohort, quiz: Quiz) -> QuerySet[Attempt]:
    running = Attempt.objects.filter(enrolment__cohort=cohort, quiz=quiz, state__in=AttemptState.running())
    return running.order_by("pk")


def _hold_members_and_attempts(cohort: Cohort, quiz: Quiz) -> list[Attempt]:
    """The attempts under way; none begins until this transaction is over.

    They are locked before their enrolments, as where they are handed in. One that began in between would be locked after its own:
    all locks of this round are let go instead, and taken anew.
    """
    for _round in range(MOST_ROUNDS):
        with suppress(_BegunMeanwhileError), transaction.atomic():
            running = _lock_attempts(cohort, quiz)
            _hold_members(cohort)
            if _has_begun_meanwhile(cohort, quiz, running):
                raise _BegunMeanwhileError
            return running
    raise Refusal(
        _("Chưa cho thêm gì, vì nhiều người trong nhóm đang bắt đầu làm bài cùng lúc. Hãy đợi một lát rồi bấm lại.")
    )


def _lock_attempts(cohort: Cohort, quiz: Quiz) -> list[Attempt]:
    return list(_under_way(cohort, quiz).select_for_update(of=("self",)))


def _has_begun_meanwhile(cohort: Cohort, quiz: Quiz, locked: list[Attempt]) -> bool:
    return _under_way(cohort, quiz).exclude(pk__in=[one.pk for one in locked]).exists()


def _hold_members(cohort: Cohort) -> None:
    """An attempt begins under the lock of its enrolment: whoever begins one now waits, and sees what is written here."""
    list(Enrolment.objects.select_for_update().filter(cohort=cohort).order_by("pk").values_list("pk", flat=True))
