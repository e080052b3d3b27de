"""Evidence that stays valid however often one looks."""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import integrate, stats

from quizapp.stats.claims import (
    CORRELATION_SCALE,
    FEWEST_ANSWERS,
    correlation_above,
    difference_above,
    half_normal_mixture,
    share_above,
)

groups = some.integers(1, 3000).flatmap(lambda n: some.tuples(some.integers(0, n), some.just(n)))
groups_compared = groups.filter(lambda group: group[1] >= FEWEST_ANSWERS)


def crossing(n: int, is_claimed) -> int:
    """The lowest count of n for which a claim is made; n + 1 for none. Higher counts make it more easily."""
    low, high = -1, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_claimed(middle, n) else (middle, high)
    return high


def chance_ever_claimed(share: float, looks: int, is_claimed, batch: int = 11) -> float:
    """Exactly, by the distribution of the count at each look among those for whom it was never claimed."""
    one_batch = stats.binom.pmf(np.arange(batch + 1), batch, share)
    still, ever = np.array([1.0]), 0.0
    for look in range(1, looks + 1):
        still = np.convolve(still, one_batch)
        first = crossing(look * batch, is_claimed)
        ever += still[first:].sum()
        still[first:] = 0
    return ever


def test_it_starts_without_evidence():
    assert share_above(0, 0, 0.05) == pytest.approx(0)
    assert difference_above(0, 0, 5, 10) == difference_above(5, 10, 0, 0) == correlation_above(0.9, 3) == 0


def test_it_weighs_one_answer_as_worked_out_by_hand():
    # At level 1/2 the odds ratio r pays 2 r / (r + 1) for a hit and 2 / (r + 1) for a miss; stakes as in ODDS_RATIOS.
    hit = (
        0.05 * 2.2 / 2.1 + 0.1 * 2.5 / 2.25 + 0.2 * 3 / 2.5 + 0.3 * 4 / 3 + 0.2 * 6 / 4 + 0.1 * 10 / 6 + 0.05 * 20 / 11
    )
    assert exp(share_above(1, 1, 0.5)) == pytest.approx(hit) == pytest.approx(1.361068, abs=1e-6)
    assert exp(share_above(0, 1, 0.5)) == pytest.approx(2 - hit)


@pytest.mark.parametrize("level", [0.05, 0.10, 0.25, 0.5])
def test_it_is_worth_one_on_average_at_the_level_and_less_below(level):
    n, counts = 60, np.arange(61)
    worth = np.array([exp(share_above(int(count), n, level)) for count in counts])
    assert worth @ stats.binom.pmf(counts, n, level) == pytest.approx(1)
    assert worth @ stats.binom.pmf(counts, n, 0.8 * level) < 1


@pytest.mark.parametrize(("level", "error"), [(0.05, 0.05), (0.05, 0.05 / 27), (0.25, 0.05 / 14)])
def test_it_claims_a_share_in_error_no_more_often_than_stated_in_300_looks(level, error):
    ever = chance_ever_claimed(level, 300, lambda count, n: share_above(count, n, level) >= log(1 / error))
    assert error / 10 < ever <= error


@pytest.mark.parametrize(("level", "share"), [(0, 0), (1, 0), (-0.1, 0)])
def test_it_refuses_a_level_that_is_no_share(level, share):
    with pytest.raises(ValueError, match="not 0 <"):
        share_above(share, 1, level)


@pytest.mark.parametrize(("z", "information", "scale"), [(0, 100, 0.25), (3, 100, 0.25), (-2, 40, 0.5), (4, 2000, 0.1)])
def test_it_mixes_over_a_half_normal_as_the_integral_does(z, information, scale):
    def stake(drift):
        likelihood_ratio = exp(drift * z * sqrt(information) - drift * drift * information / 2)
        return 2 * stats.norm.pdf(drift, scale=scale) * likelihood_ratio

    whole, _ = integrate.quad(stake, 0, 8 * scale, limit=500, points=[max(0, z) / sqrt(information)])
    assert exp(half_normal_mixture(z, information, scale)) == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize("pair", [(5, 100, 0, 100), (160, 200, 140, 200), (30, 31, 900, 1000)])
def test_it_compares_two_shares_by_g_squared_with_yates_correction(pair):
    count, n, base_count, base_n = pair
    table = [[count, n - count], [base_count, base_n - base_count]]
    g_squared = stats.chi2_contingency(table, correction=True, lambda_="log-likelihood").statistic
    expected = half_normal_mixture(sqrt(g_squared), 1 / (1 / n + 1 / base_n), 0.25)
    assert difference_above(count, n, base_count, base_n) == pytest.approx(expected)
    mirrored = half_normal_mixture(-sqrt(g_squared), 1 / (1 / n + 1 / base_n), 0.25)
    assert difference_above(base_count, base_n, count, n) == pytest.approx(mirrored)


@given(groups_compared, groups_compared)
def test_it_finds_more_evidence_in_higher_counts(own, base):
    (count, n), (base_count, base_n) = own, base
    evidence = difference_above(count, n, base_count, base_n)
    if count < n:
        assert difference_above(count + 1, n, base_count, base_n) >= evidence - 1e-5
    if base_count < base_n:
        assert difference_above(count, n, base_count + 1, base_n) <= evidence + 1e-5


@pytest.mark.parametrize("base_n", [20, 100])
@pytest.mark.parametrize("share", [0.02, 0.10, 0.50, 0.75, 0.95])
def test_it_claims_a_difference_in_error_no_more_often_than_stated(base_n, share):
    error = 0.05 / 28
    ever = sum(
        stats.binom.pmf(base, base_n, share)
        * chance_ever_claimed(
            share, 100, lambda count, n, base=base: difference_above(count, n, base, base_n) >= log(1 / error)
        )
        for base in range(base_n + 1)
        if stats.binom.pmf(base, base_n, share) > 1e-8
    )
    assert ever <= error


def test_it_takes_a_correlation_by_fisher():
    z = 0.5 * log(1.3 / 0.7) * sqrt(97)
    assert correlation_above(0.3, 100) == pytest.approx(half_normal_mixture(z, 97, CORRELATION_SCALE))
    assert correlation_above(1.0, 50) > 50 > 0 > correlation_above(-1.0, 50)
