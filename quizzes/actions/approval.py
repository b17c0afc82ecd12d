"""Who read a question before it is asked, and when."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from lib.refusals import Refusal
from quizzes.models import Question, QuestionStatus, QuestionVersion, ReviewSettings

FIELDS = ("reviewed_by", "reviewed_at")


def note(question: Question, newest: QuestionVersion, *, stands: bool, by: User | None, at: datetime) -> None:
    """To be called when a question was saved; `stands`: with the status and the words that it had before.

    Whoever reviewed it is kept as long as the words are, and no longer. Raises Refusal where somebody else has to approve.
    """
    if stands:
        return
    is_approved = question.status == QuestionStatus.REVIEWED
    if is_approved and by and own_words([newest.pk], by):
        raise Refusal(
            _(
                "Chưa lưu gì, vì câu hỏi phải do người khác duyệt, mà phiên bản mới nhất của câu này do anh/chị viết. Những gì anh/chị nhập vẫn còn ở đây: hãy chọn tình trạng “nháp”, lưu, rồi nhờ một người biên soạn khác duyệt."
            )
        )
    question.reviewed_by, question.reviewed_at = (by, at) if is_approved else (None, None)
    question.save(update_fields=FIELDS)


def own_words(version_ids: Collection[int], by: User) -> set[int]:
    """Questions that somebody else has to approve, among those whose newest versions are given: none, unless the
    operator asks for a second pair of eyes."""
    if not ReviewSettings.objects.filter(by_another=True).exists():
        return set()
    mine = QuestionVersion.objects.filter(pk__in=version_ids, created_by=by)
    return set(mine.values_list("question", flat=True))
