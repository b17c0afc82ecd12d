"""How a question, its next version and the note in the log are written down, whoever does it: an editor one, an import many.

What is made here is not saved here, but for `note`; so an import makes all of it with a handful of queries.
"""

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry

from accounts.models import User
from lib import text
from quizzes import wording
from quizzes.kinds import KINDS
from quizzes.models import Question, QuestionVersion, VersionTranslation

WORDS = ("kind", "stem", "data", "explanation", "to_verify")


def folded(stem: str) -> str:
    """The slow part of `search_text`: an import does it before its transaction."""
    return text.fold(wording.plain(stem))


def search_text(key: str, folded_stem: str, tags: Iterable[str] = ()) -> str:
    return " ".join([text.fold(key), folded_stem, *map(text.fold, tags)]).strip()


def next_version(
    question: Question, before: QuestionVersion | None, *, by: User | None, at: datetime, stem: str, **words: Any
) -> QuestionVersion:
    """`words` are the others of WORDS."""
    number = before.number + 1 if before else 1
    return QuestionVersion(
        question=question, number=number, created_at=at, created_by=by, stem=text.nfc_lines(stem), **words
    )


def is_other(version: QuestionVersion, before: QuestionVersion | None) -> bool:
    return before is None or any(getattr(version, name) != getattr(before, name) for name in WORDS)


def kept_translations(before: QuestionVersion | None, now: QuestionVersion) -> list[VersionTranslation]:
    """A translation goes along when the words are the same and only the key is another; else it stays where it was."""
    if before is None or (before.stem, before.explanation) != (now.stem, now.explanation):
        return []
    fitting = (
        words
        for words in before.translations.all()
        if KINDS[now.kind].translation_fits(words.texts, before.data, now.data)
    )
    return [
        VersionTranslation(
            version=now, language=words.language, stem=words.stem, texts=words.texts, explanation=words.explanation
        )
        for words in fitting
    ]


def note(questions: Iterable[Question], *, new: Container[str], by: User | None, at: datetime) -> None:
    """As `wagtail.log_actions.log` writes it, which knows only one at a time; `new` are the keys of what was not there."""
    if by is None:
        return
    kind, uuid = ContentType.objects.get_for_model(Question), get_active_log_context().uuid
    ModelLogEntry.objects.bulk_create(
        ModelLogEntry(
            content_type=kind,
            object_id=str(question.pk),
            label=str(question),
            action="wagtail.create" if question.key in new else "wagtail.edit",
            timestamp=at,
            user=by,
            uuid=uuid,
        )
        for question in questions
    )
