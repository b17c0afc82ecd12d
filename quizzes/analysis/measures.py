"""Classical item statistics, as Moodle's documentation "Quiz statistics calculations" defines them; pure.

x is the score of one question, T the score of the whole attempt, X = T - x what the rest of the attempt brought. Variances and
covariances are those of a sample (n - 1). Everything is added up from sums, so that a database can do the adding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Sums:
    """Over n answers: of x, x², T, T² and x·T; `marks` is the most that x can be."""

    n: int = 0
    marks: float = 0
    x: float = 0
    xx: float = 0
    t: float = 0
    tt: float = 0
    xt: float = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.n + other.n,
            max(self.marks, other.marks),
            self.x + other.x,
            self.xx + other.xx,
            self.t + other.t,
            self.tt + other.tt,
            self.xt + other.xt,
        )

    @property
    def facility(self) -> float | None:
        """Mean score in percent of the marks."""
        return 100 * self.x / self.n / self.marks if self.n and self.marks else None

    @property
    def deviation(self) -> float | None:
        """Standard deviation of the score in percent of the marks."""
        return 100 * sqrt(self.variance) / self.marks if self.n > 1 and self.marks else None

    @property
    def variance(self) -> float:
        return _spread(self.n, self.xx, self.x, self.x)

    @property
    def total_variance(self) -> float:
        return _spread(self.n, self.tt, self.t, self.t)

    @property
    def covariance(self) -> float:
        """Of the question with the whole attempt."""
        return _co(self.n, self.xt, self.x, self.t)

    @property
    def discrimination(self) -> float | None:
        """Correlation of the question with the rest of the attempt, in percent: -100..100; None where one of them never varies."""
        rest_variance = max(0.0, self.total_variance - 2 * self.covariance + self.variance)
        product = self.variance * rest_variance
        if self.n < 2 or product < _NOTHING:
            return None
        return 100 * (self.covariance - self.variance) / sqrt(product)


_NOTHING = 1e-12  # what rounding leaves of a variance that is 0


def _co(n: int, products: float, a: float, b: float) -> float:
    return (products - a * b / n) / (n - 1) if n > 1 else 0.0


def _spread(n: int, squares: float, a: float, b: float) -> float:
    spread = _co(n, squares, a, b)
    return spread if spread > _NOTHING else 0.0


def effective_weights(questions: Sequence[Sums]) -> list[float | None]:
    """How much each question really decides, in percent; None where it works against the whole (negative covariance)."""
    roots = [sqrt(one.covariance) if one.covariance >= 0 else None for one in questions]
    total = sum(root for root in roots if root is not None)
    return [100 * root / total if root is not None and total else None for root in roots]


@dataclass(frozen=True)
class Reliability:
    """Of a whole quiz, in percent: Cronbach's alpha, and the standard error of a score."""

    alpha: float
    standard_error: float


def reliability(questions: Sequence[Sums], attempts: Sums, max_score: float) -> Reliability | None:
    """`attempts` holds T as its x. None with fewer than two questions or where scores never vary."""
    if len(questions) < 2 or not attempts.variance or not max_score:
        return None
    k, within = len(questions), sum(one.variance for one in questions)
    alpha = k / (k - 1) * (1 - within / attempts.variance)
    error = sqrt(max(0.0, 1 - alpha)) * sqrt(attempts.variance) / max_score
    return Reliability(100 * alpha, 100 * error)
