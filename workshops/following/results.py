"""What came of the calls, without anybody's name."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workshops.models import CallOutcome, FollowUp, Used, Workshop

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Results:
    """`used`: how many of those who answered said what; `said` and `hindrances` are what they told, as it was typed."""

    drawn: int
    answered: int
    used: list[tuple["StrOrPromise", int]]
    said: list[str]
    hindrances: list[str]


def of(workshop: Workshop) -> Results:
    rows = list(FollowUp.objects.filter(registration__workshop=workshop).order_by("registration__number"))
    answered = [one for one in rows if one.outcome == CallOutcome.ANSWERED]
    counts = Counter(one.used for one in answered)
    return Results(
        drawn=len(rows),
        answered=len(answered),
        used=[(choice.label, counts[choice.value]) for choice in Used],
        said=[one.what for one in answered if one.what],
        hindrances=[one.hindrance for one in answered if one.hindrance],
    )
