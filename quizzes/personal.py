"""What quizzes hold about a person, which hangs on the enrolment (courses.personal), and what must always be true of attempts."""

from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from courses.models import Completion
from lib.registries import PersonRecords

from .models import Allowance, Attempt, AttemptState, Counted, Item

HALF_A_PLACE = Decimal("0.000005")  # of the five that scores are kept with

TYPED = ("essay", "gaps", "numeric", "short")  # kinds whose answers are typed: they may hold anything


def _export(person_id: int) -> list[dict[str, Any]]:
    """Scores and what somebody typed; never a question or its key, which others are still to be asked."""
    rows = Attempt.objects.filter(enrolment__person=person_id).select_related("quiz__activity", "enrolment__course")
    return [
        {
            "course": one.enrolment.course.title,
            "quiz": one.quiz.activity.title,
            "attempt": one.number,
            "started_at": one.started_at.isoformat(),
            "finished_at": one.finished_at.isoformat() if one.finished_at else None,
            "score": None if one.score is None else str(one.score.normalize()),
            "max_score": str(one.max_score.normalize()),
            "passed": one.passed,
            "typed": [str(item.answer) for item in one.items.filter(version__kind__in=TYPED) if item.answer],
            "comments": [item.comment for item in one.items.all() if item.comment],
        }
        for one in rows.order_by("started_at", "pk")
    ]


def _erase(person_id: int) -> int:
    """Scores and chosen letters stay as figures, of which questions are improved. What was typed, by the person or about them, goes."""
    mine = Item.objects.filter(attempt__enrolment__person=person_id)
    count = mine.filter(version__kind__in=TYPED).filter(answer__isnull=False).update(answer=None)
    count += mine.exclude(comment="").update(comment="")
    Attempt.objects.filter(enrolment__person=person_id).exclude(annulled_reason="").update(
        annulled_reason=ERASED_REASON
    )
    Allowance.objects.filter(enrolment__person=person_id).update(reason=ERASED_REASON)
    return count


ERASED_REASON = "(đã xóa)"
ATTEMPTS = PersonRecords(
    repoint=lambda from_id, to_id: 0,  # with the enrolments
    export=_export,
    erase=_erase,
    title=_("Bài kiểm tra"),
    kept=_("Điểm và phương án đã chọn, không còn tên: để sửa câu hỏi cho hay hơn. Những gì anh/chị đã viết thì xóa."),
    words={
        "course": _("Khóa học"), "quiz": _("Bài kiểm tra"), "attempt": _("Lượt"), "started_at": _("Bắt đầu lúc"), "finished_at": _("Nộp lúc"), "score": _("Điểm"),
        "max_score": _("Điểm tối đa"), "passed": _("Đạt"), "typed": _("Câu trả lời đã viết"), "comments": _("Lời nhận xét"),
    },
    logged=lambda person_id: [
        Attempt.objects.filter(enrolment__person=person_id),
        Allowance.objects.filter(enrolment__person=person_id),
    ],
)  # fmt: skip


def violations() -> list[str]:
    """Scores that are not the sum of their items, and passes that completed nothing."""
    finished = Attempt.objects.filter(state=AttemptState.FINISHED)
    summed = finished.annotate(items_score=Sum("items__score"))
    low, high = F("score") - HALF_A_PLACE, F("score") + HALF_A_PLACE  # SQLite adds decimals as floats
    wrong = summed.filter(Q(items_score__lt=low) | Q(items_score__gt=high))
    found = [f"attempt {pk}: the score is not the sum of its items" for pk in wrong.values_list("pk", flat=True)]
    done = set(Completion.objects.values_list("enrolment_id", "activity_id"))
    later = Q(quiz__counted=Counted.FIRST, number__gt=1)  # shows what was learnt, and completes nothing
    passed = (
        finished.filter(passed=True, annulled_at=None)
        .exclude(later)
        .values_list("pk", "enrolment_id", "quiz__activity_id")
    )
    return found + [f"attempt {pk}: passed, but not completed" for pk, *pair in passed if tuple(pair) not in done]
