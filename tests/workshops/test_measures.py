"""What two tests tell: on plain numbers, against figures from textbooks and by hand."""

import pytest

from workshops.reporting import measures, words
from workshops.reporting.measures import Pair, compared

FIVE = [(0.2, 0.6), (0.4, 0.6), (0.5, 0.9), (0.3, 0.7), (0.6, 0.7)]


def pairs(shares, bar=0.6):
    return [Pair(before, after, before >= bar, after >= bar) for before, after in shares]


def test_means_rates_and_gain_of_matched_pairs():
    found = compared(pairs(FIVE))
    assert (found.pairs, found.better, found.same, found.worse) == (5, 5, 0, 0)
    assert (found.before, found.after, found.difference) == pytest.approx((0.4, 0.7, 0.3))
    assert (found.passed_before, found.passed_after) == pytest.approx((0.2, 1.0))
    assert found.gain == pytest.approx(0.5)


def test_the_interval_is_that_of_the_mean_difference():
    """Differences 4, 2, 4, 4, 1: mean 3, s = √2, t(4) = 2.776: 3 ± 1.756."""
    found = compared(pairs(FIVE))
    assert (found.low * 10, found.high * 10) == pytest.approx((1.2443, 4.7557), abs=1e-3)


@pytest.mark.parametrize("count", range(5))
def test_of_fewer_than_five_nothing_is_told(count):
    assert compared(pairs(FIVE[:count])) is None


def test_who_knew_all_before_could_gain_nothing():
    assert compared(pairs([(1, 1)] * 5)).gain is None


def test_a_loss_is_a_loss():
    found = compared(pairs([(after, before) for before, after in FIVE]))
    assert (found.worse, found.gain < 0, found.high < 0) == (5, True, True)


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [
        (1, 12.7062),
        (4, 2.7764),
        (30, 2.0423),
        (31, 2.0395),
        (40, 2.0211),
        (60, 2.0003),
        (120, 1.9799),
        (10**6, 1.95996),
    ],
)
def test_quantiles_are_those_of_tables(freedom, quantile):
    assert measures.t_quantile(freedom) == pytest.approx(quantile, abs=5e-4 if freedom <= 30 else 5e-5)


@pytest.mark.parametrize(("number", "said"), [(4.84, "4,8"), (-0.04, "0,0"), (-0.06, "−0,1"), (0, "0,0")])
def test_numbers_are_written_as_a_vietnamese_report_does(number, said):
    assert words.decimal(number) == said


@pytest.mark.parametrize(("counts", "mean"), [([0, 0, 0, 1, 1], 4.5), ([0] * 5, None), ([2, 0, 2], 2)])
def test_means_of_levels(counts, mean):
    assert measures.mean_of_levels(counts) == mean
