"""The distribution of scores: in bands that are large enough, and what it gives away about single items."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.counts import Interval


@dataclass(frozen=True)
class Band:
    """Attempts with a score from `lowest` to `highest`, both included; `n` is None where it is not shown."""

    lowest: int
    highest: int
    n: int | None


def bands(
    scores: Mapping[int, int], highest: int, large_enough: Callable[[int], bool]
) -> tuple[tuple[int, int, int], ...]:
    """Neighbouring scores from 0 to `highest` put together until each band is large enough: (from, to, n).

    What is left over at the top joins the last band; where everyone together is not enough, there is one band.
    """
    found: list[tuple[int, int, int]] = []
    start = n = 0
    for score in range(highest + 1):
        n += scores.get(score, 0)
        if large_enough(n):
            found.append((start, score, n))
            start, n = score + 1, 0
    if start <= highest:
        if found:
            start, _, last = found.pop()
            n += last
        found.append((start, highest, n))
    return tuple(found)


def rights_given_scores(possible: Sequence[Interval], scores: Mapping[int, int]) -> list[Interval]:
    """How many can have been right at each item, for somebody who knows how many had each score.

    `possible`: the values of each item that fit all else that is known about it; at least one combination of them
    has to fit the scores. Both ends of each interval returned are reached by some set of whole answer sheets.

    The counts x of a table of rights and misses with given scores are the integer points with
    x(S) <= f(|S|) for every set S of items and x(all) = f(k), where f(m) = sum of N(s) min(s, m). So the highest
    x_j is the least of its own limit and f(m + 1) - (the m largest lower limits of the others); the lowest is the
    greatest of its own limit and f(k) - f(k - m - 1) - (the m smallest upper limits of the others).
    Source: Gale 1957, Pacific J Math 7:1073-1082, and Ryser 1957, Canad J Math 9:371-377, for f; Frank 1984, Ann
    Discrete Math 19:97-120, for a base polyhedron with limits.
    """
    k = len(possible)
    f = [sum(n * min(score, m) for score, n in scores.items()) for m in range(k + 1)]
    reached = []
    for j, (low, high) in enumerate(possible):
        others = [*possible[:j], *possible[j + 1 :]]
        lows = sorted((interval[0] for interval in others), reverse=True)
        highs = sorted(interval[1] for interval in others)
        for m in range(k):
            high = min(high, f[m + 1] - sum(lows[:m]))
            low = max(low, f[k] - f[k - m - 1] - sum(highs[:m]))
        reached.append((low, high))
    return reached
