"""How many more answers it takes until the page makes a claim."""

from collections.abc import Callable
from math import sqrt

POWER_Z = 0.8416212335729143  # the normal deviate that 4 in 5 stay below
MOST_ANSWERS = 20_000  # more than this is of no use to a clinic, so no number is given


def answers_needed(count: int, n: int, is_claimed: Callable[[int, int], bool]) -> int | None:
    """Return how many more answers make the claim with a chance of 4 in 5, if the share remains count / n.

    `is_claimed(count, n)` is the claim's own rule, more easily met by higher counts. Of N more answers, 4 in 5 draws
    have at least the 20 % quantile of the binomial distribution; the claim has to be made for that one. The number is
    found by doubling and halving, and rounded up to two digits. 0 if the claim is made already. None without answers,
    and above MOST_ANSWERS.
    Source: the normal quantile with Cornish & Fisher's 1937 correction for skewness.
    """
    if n == 0:
        return None
    if is_claimed(count, n):
        return 0

    def enough(more: int) -> bool:
        return is_claimed(count + _low_count(more, count / n), n + more)

    too_few, more = 0, 1
    while not enough(more):
        too_few, more = more, 2 * more
        if too_few > MOST_ANSWERS:
            return None
    while more - too_few > 1:
        middle = (too_few + more) // 2
        too_few, more = (too_few, middle) if enough(middle) else (middle, more)
    rounded = _two_digits_up(more)
    return rounded if rounded <= MOST_ANSWERS else None


def _low_count(n: int, share: float) -> int:
    """The count that a binomial draw of n reaches in about 4 of 5 cases."""
    skew = (POWER_Z**2 - 1) * (1 - 2 * share) / 6
    return max(0, round(n * share - POWER_Z * sqrt(n * share * (1 - share)) + skew))


def _two_digits_up(number: int) -> int:
    unit: int = 10 ** max(0, len(str(number)) - 2)
    return -(-number // unit) * unit
