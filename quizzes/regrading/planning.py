"""Whose attempts a regrade changes, read attempt by attempt, so that many of them are never in memory together."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet

from quizzes import rules
from quizzes.models import Attempt, Counts, Item, Quiz

from .decisions import SUBMITTED, Decisions, apply

SHOWN = 200  # changes of scores that a preview lists


@dataclass(frozen=True)
class Change:
    """An attempt before and after. Without a score it is not submitted, or waits for marking."""

    attempt: Attempt
    max_score: Decimal
    score: Decimal | None
    is_short: bool  # of the pass mark, by what its score would be

    @property
    def passes_now(self) -> bool:
        return self.score is not None and not self.attempt.passed and not self.is_short

    @property
    def keeps_pass(self) -> bool:
        """What was passed stays passed, also below the pass mark."""
        return bool(self.attempt.passed) and self.is_short

    @property
    def is_seen(self) -> bool:
        return (self.score, self.max_score) != (self.attempt.score, self.attempt.max_score)

    @property
    def difference(self) -> Decimal:
        return (self.score or Decimal(0)) - (self.attempt.score or Decimal(0))


def affected(quiz: Quiz, decisions: Decisions, *, without: int | None) -> QuerySet[Item]:
    """Items of the questions, where they may be changed: nothing is written for somebody who took the agreement back, or
    for the person `without` who would decide about an own result."""
    found = Item.objects.filter(attempt__quiz=quiz, attempt__annulled_at=None, marks__gt=0)
    found = found.filter(version__question__in=decisions, attempt__enrolment__person__has_consented=True)
    return found.exclude(attempt__enrolment__person=without) if without else found


def changes(quiz: Quiz, decisions: Decisions, *, without: int | None = None) -> Iterator[Change]:
    """Attempts, running ones too, in which something counts otherwise."""
    items = affected(quiz, decisions, without=without).select_related("attempt", "version", "key_version")
    ordered = items.order_by("attempt", "position").iterator(chunk_size=2000)
    for _attempt, own in groupby(ordered, key=lambda item: item.attempt_id):
        if change := _change(list(own), decisions):
            yield change


def _change(items: list[Item], decisions: Decisions) -> Change | None:
    attempt = items[0].attempt
    score, most, is_other = attempt.score, attempt.max_score, False
    for item in items:
        earned, counted = item.score or Decimal(0), _counted(item)
        is_other |= apply(item, decisions[item.version.question_id], attempt.state)
        most += _counted(item) - counted
        score = None if score is None else score + (item.score or Decimal(0)) - earned
    if not is_other:
        return None
    is_short = score is None or not rules.has_passed(score, most, attempt.pass_percent)
    return Change(attempt, most, score, is_short)


def _counted(item: Item) -> Decimal:
    return Decimal(0) if item.counts == Counts.NOTHING else item.marks


@dataclass
class Plan:
    """What would come of a regrade; `shown` are the first attempts whose score changes."""

    regraded: int = 0
    running: int = 0
    up: int = 0
    down: int = 0
    passing: int = 0
    kept: int = 0
    emptied: int = 0
    shown: list[Change] = field(default_factory=list)

    def add(self, change: Change) -> None:
        self.regraded += 1
        self.running += change.attempt.state not in SUBMITTED
        self.up += change.difference > 0
        self.down += change.difference < 0
        self.passing += change.passes_now
        self.kept += change.keeps_pass
        self.emptied += not change.max_score
        if change.is_seen and change.attempt.state in SUBMITTED and len(self.shown) < SHOWN:
            self.shown.append(change)


def plan(quiz: Quiz, decisions: Decisions, *, without: int | None = None) -> Plan:
    made = Plan()
    for change in changes(quiz, decisions, without=without):
        made.add(change)
    return made
