"""What shrinking promises: it pulls tiny numbers hardest, and pools where only chance makes a difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.stats.proportions import shrink


def test_it_gives_the_values_worked_out_by_hand() -> None:
    # p = 1/2, S = 10 (.4² + .4²) = 3.2; rho = (3.2 / .25 - 1) / (20 - 10 - 1) = 11.8 / 9: no prior at all.
    assert shrink([(9, 10), (1, 10)]).shares == (0.9, 0.1)
    # p = 1/2, S = 10 (.2² + .2²) = .8; rho = (3.2 - 1) / 9 = 2.2 / 9; M = 9 / 2.2 - 1 = 34/11.
    shrunk = shrink([(7, 10), (3, 10)])
    assert shrunk.mean == 0.5
    assert shrunk.prior_n == pytest.approx(34 / 11)
    assert shrunk.shares == pytest.approx(((7 + 17 / 11) / (10 + 34 / 11), (3 + 17 / 11) / (10 + 34 / 11)))


@pytest.mark.parametrize(
    "tallies", [[(5, 10), (5, 10)], [(3, 10)], [(0, 10), (0, 5)], [(10, 10), (5, 5)], [(1, 1), (0, 1)]]
)
def test_it_pools_completely_where_no_difference_shows(tallies: list[tuple[int, int]]) -> None:
    mean = sum(count for count, _ in tallies) / sum(n for _, n in tallies)
    shrunk = shrink(tallies)
    assert shrunk.shares == (mean,) * len(tallies)
    assert shrunk.prior_n is None


def test_it_gives_the_mean_to_an_item_that_nobody_answered() -> None:
    shrunk = shrink([(0, 0), (70, 100), (30, 100)])
    assert shrunk.shares[0] == pytest.approx(0.5)


def test_it_is_none_where_nobody_answered_anything() -> None:
    assert shrink([]) is None
    assert shrink([(0, 0)]) is None


def test_it_lets_no_tiny_number_top_the_list() -> None:
    shares = shrink([(2, 2), (60, 100), (20, 100), (25, 100), (15, 100)]).shares
    assert max(shares) == shares[1]


def test_it_finds_the_spread_that_was_put_in() -> None:
    random = np.random.default_rng(6)
    n = random.integers(20, 200, 4000)
    tallies = list(zip(random.binomial(n, random.beta(2, 6, 4000)).tolist(), n.tolist(), strict=True))
    shrunk = shrink(tallies)
    assert shrunk.mean == pytest.approx(0.25, abs=0.01)
    assert shrunk.prior_n == pytest.approx(8, rel=0.08)


@given(st.lists(st.integers(0, 50).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=20))
def test_it_keeps_every_share_between_its_own_and_the_mean(tallies: list[tuple[int, int]]) -> None:
    shrunk = shrink(tallies)
    for (count, n), share in zip(tallies, shrunk.shares if shrunk else (), strict=bool(shrunk)):
        own = count / n if n else shrunk.mean
        assert min(own, shrunk.mean) - 1e-12 <= share <= max(own, shrunk.mean) + 1e-12
