"""What the intervals promise: the published values, and how many more answers settle a difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from quizapp.stats.proportions import Interval, newcombe_difference, wilson


def rounded(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None
    return round(interval.low, 4), round(interval.high, 4)


@pytest.mark.parametrize(
    ("count", "n", "expected"),
    [  # Newcombe 1998, Stat Med 17:857-872, table I, method 3
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_it_gives_wilsons_published_intervals(count: int, n: int, expected: tuple[float, float]) -> None:
    assert rounded(wilson(count, n)) == expected


@pytest.mark.parametrize(
    ("own", "base", "expected"),
    [  # Newcombe 1998, Stat Med 17:873-890, table II, method 10
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_it_gives_newcombes_published_intervals(
    own: tuple[int, int], base: tuple[int, int], expected: tuple[float, float]
) -> None:
    assert rounded(newcombe_difference(*own, *base)) == expected


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_agrees_with_scipy(share: tuple[int, int]) -> None:
    count, n = share
    theirs = binomtest(count, n).proportion_ci(method="wilson")
    ours = wilson(count, n)
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert 0 <= ours.low <= count / n <= ours.high <= 1


def test_it_is_none_where_nobody_answered() -> None:
    assert wilson(0, 0) is None
    assert newcombe_difference(0, 0, 3, 10) is None
    assert newcombe_difference(3, 10, 0, 0) is None


def test_it_turns_round_with_the_comparison() -> None:
    there, back = newcombe_difference(56, 70, 48, 80), newcombe_difference(48, 80, 56, 70)
    assert there is not None
    assert back is not None
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-15)
