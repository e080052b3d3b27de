"""What shrinking promises: it pulls tiny numbers hardest, and pools where only chance makes a difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.stats.proportions import Share, shrink


def prior_n(group: Share, shrunk: float, mean: float) -> float:
    """How many people with the mean share were added, as the shrunk share shows."""
    return (group.count - shrunk * group.n) / (shrunk - mean)


def test_it_gives_the_values_worked_out_by_hand() -> None:
    # p = 1/2, S = 10 (.4² + .4²) = 3.2; rho = (3.2 / .25 - 1) / (20 - 10 - 1) = 11.8 / 9: no prior at all.
    assert shrink([Share(9, 10), Share(1, 10)]) == (0.9, 0.1)
    # p = 1/2, S = 10 (.2² + .2²) = .8; rho = (3.2 - 1) / 9 = 2.2 / 9; M = 9 / 2.2 - 1 = 34/11.
    shrunk = shrink([Share(7, 10), Share(3, 10)])
    assert shrunk == pytest.approx(((7 + 17 / 11) / (10 + 34 / 11), (3 + 17 / 11) / (10 + 34 / 11)))
    assert prior_n(Share(7, 10), shrunk[0], mean=0.5) == pytest.approx(34 / 11)


@pytest.mark.parametrize(
    "tallies", [[(5, 10), (5, 10)], [(3, 10)], [(0, 10), (0, 5)], [(10, 10), (5, 5)], [(1, 1), (0, 1)]]
)
def test_it_pools_completely_where_no_difference_shows(tallies: list[tuple[int, int]]) -> None:
    mean = sum(count for count, _ in tallies) / sum(n for _, n in tallies)
    assert shrink([Share(*each) for each in tallies]) == (mean,) * len(tallies)


def test_it_gives_the_mean_to_an_item_that_nobody_answered() -> None:
    assert shrink([Share(0, 0), Share(70, 100), Share(30, 100)])[0] == pytest.approx(0.5)


def test_it_is_none_where_nobody_answered_anything() -> None:
    assert shrink([]) is None
    assert shrink([Share(0, 0)]) is None


def test_it_lets_no_tiny_number_top_the_list() -> None:
    shares = shrink([Share(2, 2), Share(60, 100), Share(20, 100), Share(25, 100), Share(15, 100)])
    assert max(shares) == shares[1]


def test_it_finds_the_spread_that_was_put_in() -> None:
    random = np.random.default_rng(6)
    n = random.integers(20, 200, 4000)
    counts = random.binomial(n, random.beta(2, 6, 4000))
    groups = [Share(*each) for each in zip(counts.tolist(), n.tolist(), strict=True)]
    mean = counts.sum() / n.sum()
    assert mean == pytest.approx(0.25, abs=0.01)
    for group, shrunk in zip(groups, shrink(groups), strict=True):
        if abs(shrunk - mean) > 0.01:
            assert prior_n(group, shrunk, mean) == pytest.approx(8, rel=0.08)


@given(st.lists(st.integers(0, 50).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n))), max_size=20))
def test_it_keeps_every_share_between_its_own_and_the_mean(groups: list[Share]) -> None:
    whole = sum(groups, Share(0, 0))
    shrunk = shrink(groups)
    assert (shrunk is None) == (whole.n == 0)
    for group, share in zip(groups, shrunk or (), strict=bool(shrunk)):
        mean = whole.count / whole.n
        own = group.count / group.n if group.n else mean
        assert min(own, mean) - 1e-12 <= share <= max(own, mean) + 1e-12
