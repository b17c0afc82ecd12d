"""What of questions and quizzes is marked "cần rà soát": entries of `registries.under_review`."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from lib.registries import UnderReview, Waiting

from .access import questions_to_write
from .actions import mark_question_reviewed, mark_quiz_reviewed
from .models import Question, Quiz

type Reviewed = type[Question] | type[Quiz]


def titles_resting_on(legal_text_id: int) -> list[str]:
    """Questions that cite a legal text, those out of use included."""
    questions = Question.objects.filter(legal_texts=legal_text_id).prefetch_related("versions")
    return [question.in_words for question in questions]


def reasons(model: Reviewed, pks: Iterable[int]) -> dict[str, str]:
    """pk as text → why it is marked: what the log says since the last time that somebody looked into it."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(pk) for pk in pks],
        action__in=["quizzes.marked", "courses.reviewed"],
    )
    found: dict[str, list[str]] = {}
    for entry in entries.order_by("pk"):
        known = found.setdefault(entry.object_id, [])
        if entry.action == "courses.reviewed":
            known.clear()
        elif entry.data["reason"] not in known:
            known.append(entry.data["reason"])
    return {pk: "; ".join(known) for pk, known in found.items()}


def _marked(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(needs_review_since__isnull=False)


def _waiting(rows: QuerySet[Any], *related: str) -> list[Waiting]:
    marked, model = list(_marked(rows).prefetch_related(*related)), rows.model
    why = reasons(model, [one.pk for one in marked])
    return [
        Waiting(
            one.pk,
            one.in_words if isinstance(one, Question) else str(one),
            why.get(str(one.pk), ""),
            one.needs_review_since,
            reverse(f"{model._meta.model_name}:edit", args=[one.pk]),
            one.activity.course.title if isinstance(one, Quiz) else "",
        )
        for one in marked
        if one.needs_review_since
    ]


QUESTIONS = UnderReview(
    _("câu hỏi"),
    "quizzes.change_question",
    lambda user: _marked(questions_to_write(user)).count(),
    lambda user: _waiting(questions_to_write(user), "versions"),
    mark_question_reviewed,
)
QUIZZES = UnderReview(
    _("bài kiểm tra"),
    "quizzes.change_quiz",
    lambda user: _marked(Quiz.objects.all()).count(),
    lambda user: _waiting(Quiz.objects.all(), "activity__course"),
    mark_quiz_reviewed,
)
