"""A share with what it is a share of, and how sure it is; nothing but counts where few people were asked."""

from dataclasses import dataclass

from quizapp.stats.intervals import Interval, wilson

ENOUGH_FOR_SHARES = 10  # of fewer people a percentage says more than anybody knows
ENOUGH_FOR_CORRELATIONS = 50  # of fewer a correlation is mostly chance: its 95 % interval is wider than half its range


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
        """count / n, 0 to 1. None of fewer than ENOUGH_FOR_SHARES people."""
        return self.count / self.n if self.is_enough else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval. None where `value` is."""
        return wilson(self.count, self.n) if self.is_enough else None

    def passes(self, tolerance: float) -> bool:
        """Whether even the low end of the interval is above the tolerance; never of few people."""
        interval = self.interval
        return interval is not None and interval.low > tolerance
