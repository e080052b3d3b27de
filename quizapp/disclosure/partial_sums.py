"""Sums of published numbers if some are left out: at least so many."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PartialSum:
    """The sum of what is shown. If not `complete`, something was left out: at least `n`, before rounding."""

    n: int
    complete: bool = True

    def __add__(self, other: "PartialSum") -> "PartialSum":
        return PartialSum(self.n + other.n, self.complete and other.complete)

    @property
    def exact(self) -> int | None:
        """The sum, or None if something was left out."""
        return self.n if self.complete else None


def partial_sum(published: Iterable[int | None]) -> PartialSum:
    """Add up published numbers; None is one that is left out."""
    numbers = list(published)
    return PartialSum(sum(filter(None, numbers)), None not in numbers)
