"""What p-values and their adjustment promise: the values of scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control

from quizapp.stats.false_discovery import benjamini_hochberg, difference_p


def test_it_gives_the_values_worked_out_by_hand() -> None:
    assert benjamini_hochberg([0.04, 0.01, 0.03, 0.5]) == pytest.approx((0.16 / 3, 0.04, 0.16 / 3, 0.5))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_it_adjusts_as_scipy_does(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(tuple(false_discovery_control(p_values)), abs=1e-12)


def test_it_adjusts_nothing_where_nothing_is_compared() -> None:
    assert benjamini_hochberg([]) == ()


shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, shares)
def test_it_tests_a_difference_as_scipy_does(own: tuple[int, int], base: tuple[int, int]) -> None:
    table = [[count, n - count] for count, n in (own, base)]
    right = own[0] + base[0]
    one_sided = right in (0, own[1] + base[1])  # scipy has no test where nobody or everybody was right
    expected = 1.0 if one_sided else chi2_contingency(table, correction=False).pvalue
    assert difference_p(*own, *base) == pytest.approx(expected, abs=1e-12)


def test_it_has_no_p_value_where_nobody_answered() -> None:
    assert difference_p(0, 0, 1, 2) is None
    assert difference_p(1, 2, 0, 0) is None
