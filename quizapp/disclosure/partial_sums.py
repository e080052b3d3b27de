"""Sums of published numbers where some are left out: at least so many."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pooled:
    """The sum of what is shown. `complete` False: something was left out, so it is at least `n`, before rounding."""

    n: int
    complete: bool = True

    def __add__(self, other: "Pooled") -> "Pooled":
        return Pooled(self.n + other.n, self.complete and other.complete)


def pooled(published: Iterable[int | None]) -> Pooled:
    """The sum of published numbers; None is one that is left out."""
    total, complete = 0, True
    for n in published:
        total += n or 0
        complete = complete and n is not None
    return Pooled(total, complete)
