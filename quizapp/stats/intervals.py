"""Intervals of shares, correlations and differences, and how many more answers a difference needs."""

from dataclasses import dataclass
from math import atanh, sqrt, tanh

Z_95 = 1.959963984540054  # the normal deviate that leaves 2.5 % on either side
Z_99 = 2.5758293035489004  # the same, for 0.5 %

_MOST_ANSWERS = 1 << 24  # more than any clinic would wait for


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both included; shares from 0 to 1, or differences of shares from -1 to 1."""

    low: float
    high: float


def wilson(count: float, n: int, z: float = Z_95) -> Interval | None:
    """The score interval of the share `count / n`, 95 % by default; None if n is 0.

    (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), with p = count / n.
    `count` may be a sum of marks from 0 to 1. No marks with the same mean vary more than 0 and 1 do, so the
    interval is then too wide rather than too narrow.
    Source: Wilson 1927, J Am Stat Assoc 22:209-212.
    """
    if n == 0:
        return None
    share = count / n
    centre = share + z * z / (2 * n)
    reach = z * sqrt(max(0.0, share * (1 - share)) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At 0 and n the formula gives exactly 0 and 1; rounding must not exceed them.
    low = 0.0 if count <= 0 else max(0.0, (centre - reach) / scale)
    high = 1.0 if count >= n else min(1.0, (centre + reach) / scale)
    return Interval(low, high)


def correlation_low(r: float, n: int, z: float = Z_99) -> float | None:
    """The low end of the interval of a correlation of n pairs, 99 % by default; None below 4 pairs.

    tanh(artanh r - z / sqrt(n - 3)). Source: Fisher 1921, Metron 1:3-32.
    """
    if n < 4:
        return None
    return tanh(atanh(min(r, 1 - 1e-15)) - z / sqrt(n - 3)) if r > -1 else -1.0


def newcombe_difference(count: float, n: int, base_count: float, base_n: int, z: float = Z_95) -> Interval | None:
    """The interval of count / n - base_count / base_n, 95 % by default; None if either n is 0.

    With d the difference, (l, u) and (l0, u0) Wilson's intervals of the two shares p and p0:
    from d - sqrt((p - l)² + (u0 - p0)²) to d + sqrt((u - p)² + (p0 - l0)²).
    Source: Newcombe 1998, Stat Med 17:873-890, method 10 (score, no continuity correction).
    """
    own, base = wilson(count, n, z), wilson(base_count, base_n, z)
    if own is None or base is None:
        return None
    share, base_share = count / n, base_count / base_n
    difference = share - base_share
    down = sqrt((share - own.low) ** 2 + (base.high - base_share) ** 2)
    up = sqrt((own.high - share) ** 2 + (base_share - base.low) ** 2)
    return Interval(difference - down, difference + up)


def answers_needed(count: int, n: int, base_count: int, base_n: int) -> int | None:
    """Return how many more answers it takes, at the same shares, until Newcombe's interval excludes 0.

    0 if it does already. None if no number is enough: the shares are equal, or the base, to which no answers are
    added, is too small. Found by doubling, then bisection.
    """
    if n == 0 or base_n == 0:
        return None
    share = count / n

    def clear(total: int) -> bool:
        interval = newcombe_difference(share * total, total, base_count, base_n)
        return interval is not None and (interval.low > 0 or interval.high < 0)

    if clear(n):
        return 0
    too_few, enough = n, 2 * n
    while not clear(enough):
        too_few, enough = enough, 2 * enough
        if enough > _MOST_ANSWERS:
            return None
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if clear(middle) else (middle, enough)
    return enough - n
