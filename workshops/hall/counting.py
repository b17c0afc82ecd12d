"""How far a hall is, and how well each question went: numbers without names."""

from dataclasses import dataclass

from workshops import queries
from workshops.models import HOLDING, FeedbackSheet, HallTest, Registration, TestSheet, Workshop
from workshops.reporting.measures import LEAST

from .items import Asked, Paper


@dataclass(frozen=True)
class Progress:
    """How many have handed in, of how many. `is_present`: of who was checked in; else of who has a seat, as long as nobody was."""

    done: int
    all: int
    is_present: bool

    @property
    def percent(self) -> int:
        return min(100 * self.done // self.all, 100) if self.all else 0


def _of(workshop: Workshop, done: int) -> Progress:
    if present := queries.present_count(workshop):
        return Progress(done, present, is_present=True)
    return Progress(done, Registration.objects.filter(workshop=workshop, state__in=HOLDING).count(), is_present=False)


def of_test(test: HallTest) -> Progress:
    return _of(test.workshop, test.sheets.count())


def of_feedback(workshop: Workshop) -> Progress:
    return _of(workshop, FeedbackSheet.objects.filter(workshop=workshop).count())


@dataclass(frozen=True)
class Outcome:
    asked: Asked
    right: int
    sheets: int

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.sheets)


def outcomes(test: HallTest) -> list[Outcome]:
    """By question, how many were right; nothing of fewer sheets than the report tells of, as the whole hall looks at it."""
    paper = Paper(test)
    sheets = list(TestSheet.objects.filter(test=test).values_list("answers", flat=True))
    if len(sheets) < LEAST:
        return []
    return [
        Outcome(one, sum(given.get(str(one.number)) in paper.right[one.number] for given in sheets), len(sheets))
        for one in paper.asked()
    ]
