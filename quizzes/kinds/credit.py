"""Partial credit in percent, as authors and other systems write it, kept as exact fractions."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

LARGEST_DENOMINATOR = 12  # thirds, sixths, sevenths, ninths …, which no decimal number of percent says exactly
NEAR = Fraction(1, 10_000)


def share(percent: Any) -> Fraction:
    """100 → 1, 33.33333 → 1/3, -50 → -1/2. Raises ValueError for what is no number."""
    exact = Fraction(str(percent)) / 100
    simple = exact.limit_denominator(LARGEST_DENOMINATOR)
    return simple if abs(simple - exact) < NEAR else exact


def bounded(earned: Fraction) -> Fraction:
    """Nothing earns less than nothing or more than all."""
    return min(max(earned, Fraction(0)), Fraction(1))


def of_places(right: Sequence[bool], *, all_or_nothing: bool) -> Fraction:
    """What several places to answer in earn together: each its share, or all of it only together."""
    if all_or_nothing:
        return Fraction(all(right))
    return Fraction(sum(right), len(right))
