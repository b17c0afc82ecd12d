"""Attempts of two enrolments that become one: a person was written down twice."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F

from quizzes.models import Allowance, Attempt, AttemptState

BESIDE = 10_000  # beyond any number of attempts: where they stand while they are numbered anew


def hold(enrolment_ids: Collection[int]) -> None:
    """An attempt is locked before its enrolment, here as where it is handed in."""
    rows = Attempt.objects.select_for_update().filter(enrolment__in=enrolment_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def join_attempts(from_id: int, to_id: int, *, at: datetime) -> None:
    """All of both, numbered in the order in which they were begun. Of two under way in one quiz the later one goes on: nobody sits
    before two at once."""
    _give_up_the_earlier(from_id, to_id, at)
    moved = Attempt.objects.filter(enrolment=from_id)
    quizzes = set(moved.values_list("quiz", flat=True))
    Attempt.objects.filter(enrolment=to_id, quiz__in=quizzes).update(number=F("number") + BESIDE)
    moved.update(enrolment=to_id, number=F("number") + 2 * BESIDE)
    begun: dict[int, list[int]] = defaultdict(list)
    rows = Attempt.objects.filter(enrolment=to_id, quiz__in=quizzes).order_by("started_at", "pk")
    for quiz, pk in rows.values_list("quiz", "pk"):
        begun[quiz].append(pk)
    for keys in begun.values():
        for number, pk in enumerate(keys, start=1):
            Attempt.objects.filter(pk=pk).update(number=number)


def _give_up_the_earlier(from_id: int, to_id: int, at: datetime) -> None:
    running = Attempt.objects.filter(enrolment__in=[from_id, to_id], state__in=AttemptState.running())
    latest: dict[int, int] = {}
    for quiz, pk in running.order_by("quiz", "-started_at", "-pk").values_list("quiz", "pk"):
        if latest.setdefault(quiz, pk) != pk:
            Attempt.objects.filter(pk=pk).update(state=AttemptState.ABANDONED, finished_at=at)


def join_allowances(from_id: int, to_id: int, *, at: datetime) -> None:
    Allowance.objects.filter(enrolment=from_id).update(enrolment=to_id)
