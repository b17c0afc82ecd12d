"""What was answered, part by part: a choice, a pair, a gap or the words themselves, and by whom."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quizzes.kinds import KINDS
from quizzes.models import QuestionVersion

from .counting import Band, Given

MOST = 10  # different answers in a table


@dataclass(frozen=True)
class Response:
    """`lower` and `upper`: how many of the weaker and the stronger third gave it. "" stands for no answer."""

    words: str
    is_right: bool
    n: int
    lower: int
    upper: int


def table(version: QuestionVersion, given: Iterable[Given]) -> list[Response]:
    """The most frequent first; a choice that nobody took is there too, for it misleads nobody."""
    counted: dict[str, Counter[Band]] = {words: Counter() for words in _offered(version)}
    right: set[str] = set()
    for answer, band, n in given:
        parts, good = _parts(version, answer)
        right |= good
        for words in parts:
            counted.setdefault(words, Counter())[band] += n
    right |= set(KINDS[version.kind].review(version.data, None, {}).right)
    rows = [
        Response(words, words in right, counts.total(), counts[Band.LOWER], counts[Band.UPPER])
        for words, counts in counted.items()
    ]
    return sorted(rows, key=lambda row: -row.n)[:MOST]


def _offered(version: QuestionVersion) -> list[str]:
    kind = KINDS[version.kind]
    return [choice.text for choice in kind.shown(version.data, kind.order(version.data), {}).choices]


def _parts(version: QuestionVersion, answer: Any) -> tuple[list[str], set[str]]:
    """The parts in words, and which of them are right as far as this answer tells: all, where it earned all marks."""
    if answer is None:
        return [""], set()
    kind = KINDS[version.kind]
    parts = list(kind.review(version.data, answer, {}).answer)
    return parts, set(parts) if kind.fraction(version.data, answer) == 1 else set()
