"""A share with its base and its interval; only counts if few people were asked."""

from dataclasses import dataclass

from quizapp.stats.intervals import Interval, wilson

ENOUGH_FOR_SHARES = 10  # a percentage of fewer people promises more than is known
ENOUGH_FOR_CORRELATIONS = 50  # a correlation of fewer is mostly chance: its 95 % interval is wider than half its range


@dataclass(frozen=True)
class Share:
    """`count` of `n` people."""

    count: int
    n: int

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

    def passes(self, tolerance: float) -> bool:
        """Return whether even the low end of the interval is above the tolerance; never for few people."""
        interval = self.interval
        return interval is not None and interval.low > tolerance
