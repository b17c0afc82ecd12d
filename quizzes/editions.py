"""The versions of a question side by side: what each says, and what of it changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from . import rules
from .kinds import KINDS
from .models import Question, QuestionVersion


@dataclass(frozen=True)
class Part:
    """One part of a version beside the same part of the version before; no `before` when it is the first or the same."""

    label: str
    now: list[rules.Piece]
    before: list[rules.Piece]


@dataclass(frozen=True)
class Edition:
    version: QuestionVersion
    parts: list[Part]

    @property
    def has_before(self) -> bool:
        return any(part.before for part in self.parts)


def of(question: Question) -> list[Edition]:
    """All versions, the newest first, each compared with the one before it."""
    versions = list(question.versions.select_related("created_by").prefetch_related("translations"))
    older: list[QuestionVersion | None] = [*versions[1:], None]
    return [Edition(now, _parts(now, before)) for now, before in zip(versions, older, strict=True)]


def compared(question: Question, numbers: Sequence[str]) -> tuple[QuestionVersion, Edition] | None:
    """The later of two versions, by their numbers, beside the earlier; None unless they are two of this question."""
    wanted = [number for number in numbers if number.isdecimal()]
    found = list(question.versions.filter(number__in=wanted))
    if len(found) != 2:
        return None
    now, before = found
    return before, Edition(now, _parts(now, before))


def _parts(now: QuestionVersion, before: QuestionVersion | None) -> list[Part]:
    texts, earlier = _texts(now), _texts(before) if before else {}
    return [_part(label, words, earlier.get(label, "")) for label, words in texts.items()]


def _part(label: str, now: str, before: str) -> Part:
    if not before or now == before:
        return Part(label, [rules.Piece(now)], [])
    old, new = rules.word_changes(before, now)
    return Part(label, new, old)


def _texts(version: QuestionVersion) -> dict[str, str]:
    kind = KINDS[version.kind]
    return {
        _("Dạng"): str(kind.label),
        _("Câu hỏi"): version.stem,
        _("Đáp án"): "\n".join(kind.described(version.data)),
        _("Giải thích"): version.explanation,
    }
