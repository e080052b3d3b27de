"""P-values of differences, adjusted for many comparisons so that few of the findings are chance."""

from collections.abc import Sequence
from math import erfc, sqrt


def difference_p(count: int, n: int, base_count: int, base_n: int) -> float | None:
    """Return the two-sided p-value of two shares being equal, 0 to 1. None if either n is 0.

    z = (p - p0) / sqrt(q (1 - q) (1/n + 1/n0)), q the pooled share; erfc(|z| / sqrt 2), and 1 if q is 0
    or 1.
    Source: the score test, the root of the uncorrected chi-square of a two by two table, Pearson 1900.
    """
    if n == 0 or base_n == 0:
        return None
    pooled = (count + base_count) / (n + base_n)
    variance = pooled * (1 - pooled) * (1 / n + 1 / base_n)
    if variance == 0:
        return 1.0
    return erfc(abs(count / n - base_count / base_n) / sqrt(2 * variance))


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return adjusted p-values in the order given: of those up to q, at most a share q is expected to be chance.

    The i-th smallest of m becomes min over j >= i of m p(j) / j, at most 1.
    Source: Benjamini & Hochberg 1995, J R Stat Soc B 57:289-300.
    """
    m = len(p_values)
    adjusted = [1.0] * m
    smallest = 1.0
    for rank, place in reversed(list(enumerate(sorted(range(m), key=p_values.__getitem__), start=1))):
        smallest = min(smallest, p_values[place] * m / rank)
        adjusted[place] = smallest
    return tuple(adjusted)
