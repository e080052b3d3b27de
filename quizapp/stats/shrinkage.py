"""Shrink shares towards their common mean, so that a share of very few people never tops a list."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Shrunk:
    """The shrunk shares (0 to 1), in the order given, and the mean they are shrunk towards.

    `prior_n` is the strength: as if so many people with the mean share had been added to each. None: complete
    pooling, every share is the mean.
    """

    shares: tuple[float, ...]
    mean: float
    prior_n: float | None


def shrink(tallies: Sequence[tuple[int, int]]) -> Shrunk | None:
    """Beta-binomial empirical Bayes by moments over pairs (count, n). None if all n are 0.

    With N = Σn, p = Σcount / N and S = Σ n (count/n - p)² over the k pairs with n > 0, the overdispersion is
    rho = (S / (p (1 - p)) - (k - 1)) / (N - Σn²/N - (k - 1)). The prior weighs M = 1/rho - 1 people, and a
    share becomes (count + M p) / (n + M). Complete pooling if rho <= 0 or unknown (one pair; p of 0
    or 1).
    Source: Kleinman 1973, J Am Stat Assoc 68:46-54, with weights n.
    """
    people = sum(n for _, n in tallies)
    if people == 0:
        return None
    mean = sum(count for count, _ in tallies) / people
    overdispersion = _overdispersion([(count, n) for count, n in tallies if n > 0], mean)
    if overdispersion <= 0:
        return Shrunk(tuple(mean for _ in tallies), mean, None)
    prior_n = max(0.0, 1 / overdispersion - 1)
    shares = tuple((count + prior_n * mean) / (n + prior_n) if n + prior_n else mean for count, n in tallies)
    return Shrunk(shares, mean, prior_n)


def _overdispersion(tallies: Sequence[tuple[int, int]], mean: float) -> float:
    """Return Kleinman's rho; 0 if it is unknown."""
    people = sum(n for _, n in tallies)
    degrees = len(tallies) - 1
    room = people - sum(n * n for _, n in tallies) / people - degrees
    variance = mean * (1 - mean)
    if variance == 0 or room <= 0:
        return 0.0
    spread = sum(n * (count / n - mean) ** 2 for count, n in tallies)
    return (spread / variance - degrees) / room
