"""What the database adds up: sums of scores, and how often each answer was given by weaker and stronger trainees."""

from enum import IntEnum
from typing import Any

from django.db.models import Case, Count, F, FloatField, IntegerField, Max, QuerySet, Sum, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Coalesce, NullIf

from quizzes.kinds import KINDS
from quizzes.models import Attempt, Item

from .measures import Sums

_ADDED = {
    "sum_x": Sum("x"),
    "sum_xx": Sum(F("x") * F("x")),
    "sum_t": Sum("t"),
    "sum_tt": Sum(F("t") * F("t")),
    "sum_xt": Sum(F("x") * F("t")),
}
BY_HAND = [kind.name for kind in KINDS.values() if kind.is_marked_by_hand]


def by_position(items: QuerySet[Item]) -> dict[int, Sums]:
    """Scores in marks, beside those of the whole attempt."""
    return _sums(items, "position", Max("marks"), _float("score"), _float("attempt__score"))


def by_version(items: QuerySet[Item]) -> dict[int, Sums]:
    """Scores as shares of the marks, beside x + what the rest of the attempt earned of its marks.

    So a question is the same one in quizzes of different length; within one quiz the figures are those of the marks.
    """
    share = _float("score") / _float("marks")
    rest_marks = NullIf(_float("attempt__max_score") - _float("marks"), Value(0.0))
    rest = Coalesce((_float("attempt__score") - _float("score")) / rest_marks, Value(0.0))
    return _sums(items, "version", Value(1.0), share, share + rest)


def _sums(items: QuerySet[Item], group: str, most: Any, x: Any, t: Any) -> dict[int, Sums]:
    rows = items.order_by().annotate(x=x, t=t).values_list(group).annotate(n=Count("pk"), most=most, **_ADDED)
    return {key: Sums(n, float(most), *added) for key, n, most, *added in rows}


def _float(name: str) -> Cast:
    return Cast(name, FloatField())


def totals(attempts: QuerySet[Attempt]) -> Sums:
    """Of whole attempts: their scores as x."""
    found = attempts.annotate(one=_float("score")).aggregate(
        n=Count("pk"), most=Max("max_score"), x=Sum("one"), xx=Sum(F("one") * F("one"))
    )
    return Sums(found["n"], float(found["most"]), found["x"], found["xx"]) if found["n"] else Sums()


class Band(IntEnum):
    """Thirds of the attempts by score; equal scores are in the same one."""

    LOWER = 0
    MIDDLE = 1
    UPPER = 2


def band_of_item(attempts: QuerySet[Attempt]) -> Case:
    """The band of an item's attempt; everything is in the middle while all scores are the same."""
    shares = attempts.annotate(share=_share("")).order_by("share").values_list("share", flat=True)
    n = shares.count()
    low, high = (shares[n // 3], shares[min(n - 1, 2 * n // 3)]) if n else (0.0, 0.0)
    thirds = [When(share__lte=low, then=Value(Band.LOWER)), When(share__gte=high, then=Value(Band.UPPER))]
    return Case(*thirds if low < high else [], default=Value(Band.MIDDLE), output_field=IntegerField())


def _share(attempt: str) -> CombinedExpression:
    return _float(f"{attempt}score") / _float(f"{attempt}max_score")


type Given = tuple[Any, Band, int]  # a stored answer, who gave it, how often


def answers(items: QuerySet[Item], attempts: QuerySet[Attempt]) -> dict[int, list[Given]]:
    """By version: every different answer, None for no answer. Essays are not told apart: they are somebody's own words."""
    told = items.exclude(version__kind__in=BY_HAND).order_by()
    rows = told.annotate(share=_share("attempt__"), band=band_of_item(attempts)).values_list(
        "version", "answer", "band"
    )
    found: dict[int, list[Given]] = {}
    for version, answer, band, n in rows.annotate(n=Count("pk")):
        found.setdefault(version, []).append((answer, Band(band), n))
    return found
