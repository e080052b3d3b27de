"""Shares of people, their intervals and differences, and shares shrunk towards their mean.

Intervals are for one look: what a page says in words is decided in `claims`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

ENOUGH_FOR_SHARES = 10  # a percentage of fewer people promises more than is known
ENOUGH_FOR_CORRELATIONS = 50  # a correlation of fewer is mostly chance: its 95 % interval is wider than half its range
Z_95 = 1.959963984540054  # the normal deviate that leaves 2.5 % on either side


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, both included; shares from 0 to 1, or differences of shares from -1 to 1."""

    low: float
    high: float


def wilson(count: float, n: int, z: float = Z_95) -> Interval | None:
    """Return the score interval of the share `count / n`, 95 % by default; None if n is 0.

    (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), with p = count / n. `count` may be a sum of marks from 0 to 1:
    no marks with the same mean vary more than 0 and 1 do, so the interval is then too wide rather than too narrow.
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
    """Return the interval of count / n - base_count / base_n, 95 % by default; None if either n is 0.

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


@dataclass(frozen=True)
class Share:
    """`count` of `n` people."""

    count: int
    n: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.count + other.count, self.n + other.n)

    @property
    def others(self) -> "Share":
        """Those who are not counted."""
        return Share(self.n - self.count, self.n)

    @property
    def is_enough(self) -> bool:
        return self.n >= ENOUGH_FOR_SHARES

    @property
    def value(self) -> float | None:
        """count / n, 0 to 1. None for fewer than ENOUGH_FOR_SHARES people."""
        return self.count / self.n if self.is_enough else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval. None if `value` is None."""
        return wilson(self.count, self.n) if self.is_enough else None


def shrink(shares: Sequence[Share]) -> tuple[float, ...] | None:
    """Return the shares (0 to 1) shrunk towards their mean. None if all n are 0.

    Beta-binomial empirical Bayes by moments. With N = Σn, p = Σcount / N and S = Σ n (count/n - p)² over the k shares
    with n > 0, the overdispersion is rho = (S / (p (1 - p)) - (k - 1)) / (N - Σn²/N - (k - 1)). The prior weighs
    M = 1/rho - 1 people, and a share becomes (count + M p) / (n + M): as if M people with the mean share had been
    added to each. Complete pooling, every share is the mean, if rho <= 0 or unknown (one share; p of 0 or 1).
    Source: Kleinman 1973, J Am Stat Assoc 68:46-54, with weights n.
    """
    whole = sum(shares, Share(0, 0))
    if whole.n == 0:
        return None
    mean = whole.count / whole.n
    overdispersion = _overdispersion([one for one in shares if one.n > 0], whole)
    if overdispersion <= 0:
        return tuple(mean for _ in shares)
    prior_n = max(0.0, 1 / overdispersion - 1)
    return tuple((one.count + prior_n * mean) / (one.n + prior_n) if one.n + prior_n else mean for one in shares)


def _overdispersion(shares: Sequence[Share], whole: Share) -> float:
    """Return Kleinman's rho; 0 if it is unknown."""
    mean = whole.count / whole.n
    degrees = len(shares) - 1
    room = whole.n - sum(one.n * one.n for one in shares) / whole.n - degrees
    variance = mean * (1 - mean)
    if variance == 0 or room <= 0:
        return 0.0
    spread = sum(one.n * (one.count / one.n - mean) ** 2 for one in shares)
    return (spread / variance - degrees) / room
