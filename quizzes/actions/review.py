"""The mark "cần rà soát" on questions and on the quizzes that ask them. Why they are marked is in the log."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from courses.actions import note_reviewed
from courses.models import LegalText
from courses.queries import authors_of
from lib.registries import Marked
from quizzes.models import Question, QuestionStatus, Quiz


def mark_citing_questions(legal_text_id: int, what: str, *, at: datetime) -> list[Marked]:
    """Questions that rest on a legal text, and the quizzes that ask them."""
    questions = list(
        Question.objects.filter(legal_texts=legal_text_id)
        .exclude(status=QuestionStatus.RETIRED)
        .prefetch_related("versions")
    )
    asking = Q(slots__bank__in=[question.bank_id for question in questions]) | Q(slots__question__in=questions)
    quizzes = list(Quiz.objects.filter(asking, slots__cancelled_at=None).distinct().select_related("activity"))
    text = LegalText.objects.get(pk=legal_text_id)
    law = {"law": text, "name": text.name[:60], "what": what}
    for marked, reason in (
        (questions, _("Căn cứ %(law)s (%(name)s) vừa đổi %(what)s")),
        (quizzes, _("Có câu hỏi dựa vào %(law)s (%(name)s), văn bản này vừa đổi %(what)s")),
    ):
        for one in marked:
            log(instance=one, action="quizzes.marked", data={"reason": reason % law})
    Question.objects.filter(pk__in=[one.pk for one in questions]).update(needs_review_since=at)
    Quiz.objects.filter(pk__in=[one.pk for one in quizzes]).update(needs_review_since=at)
    owners = authors_of(quiz.activity.translation_key for quiz in quizzes)
    return [Marked(one.in_words, frozenset([one.author_id] if one.author_id else [])) for one in questions] + [
        Marked(str(quiz), owners.get(quiz.activity.translation_key, frozenset())) for quiz in quizzes
    ]


def mark_question_reviewed(pk: int, *, since: datetime, by: User, at: datetime) -> bool:
    return _lift(Question, pk, since=since, by=by, at=at)


def mark_quiz_reviewed(pk: int, *, since: datetime, by: User, at: datetime) -> bool:
    return _lift(Quiz, pk, since=since, by=by, at=at)


@transaction.atomic
def _lift(model: type[Question] | type[Quiz], pk: int, *, since: datetime, by: User, at: datetime) -> bool:
    """Takes the mark away, if it is still the one of `since`; who did it is kept."""
    one = model.objects.filter(pk=pk).first()
    if one is None or not model.objects.filter(pk=pk, needs_review_since=since).update(needs_review_since=None):
        return False
    note_reviewed(one, by=by, at=at)
    return True
