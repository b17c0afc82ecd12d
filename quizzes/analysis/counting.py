"""What the database adds up: sums of scores, and how often each answer was given by weaker and stronger trainees."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.db.models import Case, Count, F, FloatField, IntegerField, JSONField, Max, QuerySet, Sum, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Coalesce, NullIf

from quizzes.kinds import KINDS
from quizzes.models import Attempt, Counts, Item

from .measures import Sums

BY_HAND = [kind.name for kind in KINDS.values() if kind.is_marked_by_hand]


def scored(items: QuerySet[Item]) -> QuerySet[Item]:
    """What a key was applied to, with the version of that key (`by`): after a regrade it is a later one, and a question that
    everybody or nobody gets marks for says nothing."""
    return items.filter(marks__gt=0, counts=Counts.BY_KEY).annotate(by=Coalesce("key_version", "version"))


@dataclass(frozen=True)
class Cell:
    """What the database adds up of one answer to one version in one place of the quiz, by one third of the attempts.

    `marks` are scores in marks, beside those of the whole attempt. `share` are shares of the marks, beside x + what the rest of
    the attempt earned of its marks: so a question is the same one in quizzes of different length, and within one quiz the
    figures are those of the marks. Essays are not told apart: they are somebody's own words.
    """

    position: int
    by: int
    is_by_hand: bool
    answer: Any
    band: "Band"
    marks: Sums
    share: Sums


def cells(items: QuerySet[Item], attempts: QuerySet[Attempt]) -> list[Cell]:
    """All figures come from one pass over the items: with a million of them each pass takes seconds."""
    hand = Case(When(version__kind__in=BY_HAND, then=Value(1)), default=Value(0), output_field=IntegerField())
    said = Case(When(version__kind__in=BY_HAND, then=None), default=F("answer"), output_field=JSONField())
    share = _float("score") / _float("marks")
    rest_marks = NullIf(_float("attempt__max_score") - _float("marks"), Value(0.0))
    rest = Coalesce((_float("attempt__score") - _float("score")) / rest_marks, Value(0.0))
    figures = _added("m", _float("score"), _float("attempt__score")) | _added("s", share, share + rest)
    split = items.annotate(share=_share("attempt__"), hand=hand, said=said, band=band_of_item(attempts))
    rows = split.order_by().values_list("position", "by", "hand", "said", "band")
    return [_cell(row) for row in rows.annotate(n=Count("pk"), most=Max("marks"), **figures)]


def _cell(row: tuple[Any, ...]) -> Cell:
    position, by, hand, said, band, n, most, *added = row
    sums = Sums(n, float(most), *added[:5]), Sums(n, 1.0, *added[5:])
    return Cell(position, by, bool(hand), said, Band(band), *sums)


def _added(name: str, x: Any, t: Any) -> dict[str, Sum]:
    """In the order of the fields of Sums."""
    return {f"{name}_{key}": Sum(of) for key, of in (("x", x), ("xx", x * x), ("t", t), ("tt", t * t), ("xt", x * t))}


def by_position(found: Iterable[Cell]) -> dict[int, Sums]:
    return _summed((cell.position, cell.marks) for cell in found)


def by_version(found: Iterable[Cell]) -> dict[int, Sums]:
    return _summed((cell.by, cell.share) for cell in found)


def _summed(parts: Iterable[tuple[int, Sums]]) -> dict[int, Sums]:
    sums: dict[int, Sums] = {}
    for key, part in parts:
        sums[key] = sums.get(key, Sums()) + part
    return sums


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


def answers(found: Iterable[Cell]) -> dict[int, list[Given]]:
    """By version: every different answer, None for no answer."""
    given: dict[int, list[Given]] = {}
    for cell in found:
        if not cell.is_by_hand:
            given.setdefault(cell.by, []).append((cell.answer, cell.band, cell.share.n))
    return given
