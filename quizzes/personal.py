"""What quizzes hold about a person, which hangs on the enrolment (courses.personal), and what must always be true of attempts."""

from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import AnyUser
from accounts.models import Person
from courses.models import Completion
from lib.registries import EnrolmentRecords, Fact, PersonFacts, PersonRecords

from .access import attempts_visible_to
from .actions import joining
from .models import Allowance, Attempt, AttemptState, Counted, Item

JOINED_ATTEMPTS = EnrolmentRecords(join=joining.join_attempts, hold=joining.hold)
JOINED_ALLOWANCES = EnrolmentRecords(join=joining.join_allowances)

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
    title=gettext_lazy("Bài kiểm tra"),
    kept=gettext_lazy("Điểm và phương án đã chọn, không còn tên: để sửa câu hỏi cho hay hơn. Những gì anh/chị đã viết thì xóa."),
    words={
        "course": gettext_lazy("Khóa học"), "quiz": gettext_lazy("Bài kiểm tra"), "attempt": gettext_lazy("Lượt"), "started_at": gettext_lazy("Bắt đầu lúc"), "finished_at": gettext_lazy("Nộp lúc"), "score": gettext_lazy("Điểm"),
        "max_score": gettext_lazy("Điểm tối đa"), "passed": gettext_lazy("Đạt"), "typed": gettext_lazy("Câu trả lời đã viết"), "comments": gettext_lazy("Lời nhận xét"),
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


def _facts(person: Person, user: AnyUser) -> list[Fact]:
    """Without answers, whose keys may be hidden from whoever reads."""
    rows = attempts_visible_to(user, ATTEMPTS_OF_PERSON.permission).filter(enrolment__person=person)
    return [
        Fact(
            _("%(quiz)s, lần %(n)s") % {"quiz": row.quiz.activity.title, "n": row.number},
            ", ".join(filter(None, [_began(row), str(row.get_state_display()), _result(row)])),
            reverse("attempt:inspect", args=[row.pk]),
        )
        for row in rows.order_by("quiz", "number")
    ]


def _began(attempt: Attempt) -> str:
    return date_format(localdate(attempt.started_at), "SHORT_DATE_FORMAT")


def _result(attempt: Attempt) -> str:
    percent = "" if attempt.percent is None else f"{attempt.percent.normalize():f}%"
    return " ".join(filter(None, [attempt.outcome(), percent]))


ATTEMPTS_OF_PERSON = PersonFacts(gettext_lazy("Lượt làm bài"), "quizzes.view_attempt", _facts)
