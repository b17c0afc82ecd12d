"""What came of calls, without anybody's name."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from workshops.models import CallOutcome, FollowUp, Used

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Results:
    """`used`: how many of those who answered said what."""

    answered: int
    used: list[tuple["StrOrPromise", int]]


def of(calls: QuerySet[FollowUp]) -> Results:
    counts = Counter(calls.filter(outcome=CallOutcome.ANSWERED).values_list("used", flat=True))
    return Results(answered=counts.total(), used=[(choice.label, counts[choice.value]) for choice in Used])
