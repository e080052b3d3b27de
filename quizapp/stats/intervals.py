"""Intervals of shares and of differences of shares, each valid for one look."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054  # the normal deviate that leaves 2.5 % on either side


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
