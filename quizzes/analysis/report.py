"""Item analysis of a quiz, or of one question wherever it was asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quizzes import wording
from quizzes.models import Attempt, Item, Question, QuestionVersion, Quiz

from . import counting, measures
from .advice import Advice, advise
from .measures import Reliability, Sums
from .responses import Response, table
from .selection import Selection


@dataclass(frozen=True)
class Line:
    """One wording of a question, with what was answered to it."""

    version: QuestionVersion
    sums: Sums
    responses: Sequence[Response]
    advice: Sequence[Advice]
    upper: int  # how many of the stronger attempts met it; an answer of several parts is in several rows
    lower: int

    @property
    def stem(self) -> str:
        return wording.plain(self.version.stem)

    @property
    def is_urgent(self) -> bool:
        return any(one.is_urgent for one in self.advice)


@dataclass(frozen=True)
class Position:
    """A place in the quiz, whatever question was drawn for it. `weight` is what it really decides, in percent."""

    number: int
    sums: Sums
    weight: float | None


@dataclass(frozen=True)
class Report:
    totals: Sums
    lines: Sequence[Line]
    positions: Sequence[Position] = ()
    reliability: Reliability | None = None

    @property
    def urgent(self) -> int:
        return sum(line.is_urgent for line in self.lines)


def of_quiz(quiz: Quiz, selection: Selection) -> Report:
    """A fixed number of queries, however many attempts there are."""
    attempts = selection.attempts(Attempt.objects.filter(quiz=quiz))
    items = counting.scored(selection.items(Item.objects.filter(attempt__quiz=quiz)))
    cells = counting.cells(items, attempts)
    totals, places = counting.totals(attempts), counting.by_position(cells)
    numbers = sorted(places)
    sums = [places[number] for number in numbers]
    weights = measures.effective_weights(sums)
    positions = [Position(*one) for one in zip(numbers, sums, weights, strict=True)]
    return Report(totals, _lines(cells), positions, measures.reliability(sums, totals, totals.marks))


def of_question(question: Question, selection: Selection) -> Report:
    """Each version in all the quizzes in which it came up; the newest first."""
    attempts = selection.attempts(Attempt.objects.filter(items__version__question=question))
    items = counting.scored(selection.items(Item.objects.filter(version__question=question)))
    lines = sorted(_lines(counting.cells(items, attempts)), key=lambda line: -line.version.number)
    return Report(counting.totals(attempts), lines)


def _lines(cells: Sequence[counting.Cell]) -> list[Line]:
    """What is urgent first, then in the order of the bank."""
    sums, given = counting.by_version(cells), counting.answers(cells)
    versions = (
        QuestionVersion.objects.filter(pk__in=sums).select_related("question").order_by("question__key", "number")
    )
    lines = [_line(version, sums[version.pk], given.get(version.pk, [])) for version in versions]
    return sorted(lines, key=lambda line: not line.is_urgent)


def _line(version: QuestionVersion, sums: Sums, given: list[counting.Given]) -> Line:
    responses = table(version, given)
    thirds: Counter[counting.Band] = Counter()
    for _answer, band, n in given:
        thirds[band] += n
    upper, lower = thirds[counting.Band.UPPER], thirds[counting.Band.LOWER]
    return Line(version, sums, responses, advise(sums, responses, strong=upper), upper, lower)
