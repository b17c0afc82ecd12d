"""What two tests of the same people tell: pure, on plain numbers.

Matched pairs alone are compared, as whoever did one test only would shift a mean without having learnt anything. With fewer than five
pairs nothing is told: the numbers would be those of single people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

LEAST = 5  # pairs, or sheets of feedback, below which nothing is told of them
# The 97.5 % quantile of Student's t for 1 to 30 degrees of freedom (any textbook's table); beyond, see `t_quantile`.
TABLE = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101,
    2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
NORMAL = 1.959964  # the same of the normal distribution


@dataclass(frozen=True)
class Pair:
    """Shares from 0 to 1 of one person's questions that were right, and whether that was enough."""

    before: float
    after: float
    passed_before: bool
    passed_after: bool


@dataclass(frozen=True)
class Comparison:
    """Means and shares from 0 to 1. `gain` is Hake's normalised gain of the class; None where all was right before. `low`, `high`: the
    95 % confidence interval of the mean difference; None where one cannot be computed."""

    pairs: int
    before: float
    after: float
    passed_before: float
    passed_after: float
    gain: float | None
    low: float
    high: float
    better: int
    same: int
    worse: int

    @property
    def difference(self) -> float:
        return self.after - self.before


def compared(pairs: Sequence[Pair]) -> Comparison | None:
    """None for fewer than `LEAST`."""
    if len(pairs) < LEAST:
        return None
    before, after = fmean(one.before for one in pairs), fmean(one.after for one in pairs)
    differences = [one.after - one.before for one in pairs]
    low, high = interval(differences)
    return Comparison(
        pairs=len(pairs),
        before=before,
        after=after,
        passed_before=fmean(one.passed_before for one in pairs),
        passed_after=fmean(one.passed_after for one in pairs),
        gain=normalised_gain(before, after),
        low=low,
        high=high,
        better=sum(one > 0 for one in differences),
        same=sum(one == 0 for one in differences),
        worse=sum(one < 0 for one in differences),
    )


def normalised_gain(before: float, after: float) -> float | None:
    """How much of what could be won was won (Hake 1998): (after - before) / (1 - before), of means of a class."""
    return None if before >= 1 else (after - before) / (1 - before)


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Of the mean, at 95 %: mean ± t · s / √n with n - 1 degrees of freedom, for two differences at least."""
    mean, size = fmean(differences), len(differences)
    half = t_quantile(size - 1) * stdev(differences) / sqrt(size)
    return mean - half, mean + half


def t_quantile(freedom: int) -> float:
    """At 97.5 %. Beyond the table by the expansion of Cornish and Fisher, which errs by less than 0.00005 there."""
    if freedom <= len(TABLE):
        return TABLE[freedom - 1]
    z, n = NORMAL, freedom
    terms = ((z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384)
    return z + sum(term / n**power for power, term in enumerate(terms, 1))


def mean_of_levels(counts: Sequence[int]) -> float | None:
    """Of levels 1, 2, 3 …, by how often each was chosen."""
    total = sum(counts)
    return sum(level * count for level, count in enumerate(counts, 1)) / total if total else None
