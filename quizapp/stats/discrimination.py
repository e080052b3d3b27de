"""Two measures of discrimination that need the rows, not only sums; the order of the rows does not matter.

x, T and R as in `classical_test_theory`. Points are triples (mark, score, how many people have both).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import mul

from quizapp.stats.classical_test_theory import ItemSums

Points = Iterable[tuple[int, int, int]]


def discriminative_efficiency(
    sums: ItemSums, ascending_marks: Iterable[int], ascending_rests: Iterable[int]
) -> float | None:
    """cov(x, R) over the largest covariance that the same marks and rest scores could have: at most 1.

    The largest is reached when the smallest mark is paired with the smallest rest score, and so on. Below 0 if x and
    R disagree; None if x or R does not vary.
    Source: Moodle's quiz statistics, which print 100 times this.
    """
    level = sums.mark * sums.rest
    largest = sums.n * sum(map(mul, ascending_marks, ascending_rests)) - level
    return (sums.n * sums.mark_rest - level) / largest if largest else None


@dataclass(frozen=True)
class Tail:
    """One of the two groups: everyone beyond the score `cut`, and `taken` of the `tied` people at it."""

    cut: int
    taken: int
    tied: int


@dataclass(frozen=True)
class Tails:
    """The groups with the lowest and with the highest scores, `size` people each."""

    size: int
    lower: Tail
    upper: Tail


def tails(ascending_scores: Sequence[int]) -> Tails | None:
    """Return the 27 % of people with the lowest and the 27 % with the highest scores; halves are rounded up.

    None if 27 % is no one (n < 2). Source: Kelley 1939, J Educ Psychol 30:17-24.
    """
    size = (27 * len(ascending_scores) + 50) // 100
    if size == 0:
        return None
    return Tails(size, _tail(ascending_scores, size), _tail(reversed(ascending_scores), size))


def _tail(scores: Iterable[int], size: int) -> Tail:
    room = size
    for score, people in groupby(scores):
        tied = sum(1 for _ in people)
        if tied >= room:
            return Tail(score, room, tied)
        room -= tied
    raise ValueError(f"fewer than {size} people")


def upper_lower_index(points: Points, groups: Tails) -> float:
    """Mean mark of the upper 27 % minus mean mark of the lower 27 %, -1 to 1 (in the unit of the marks).

    If a group takes only some of the people with equal scores, each of them belongs to it with the same
    probability: this is the expected value over all ways to break the tie.
    Source: Kelley 1939; Ebel & Frisbie 1991, Essentials of Educational Measurement, chapter 13.
    """
    lower, upper = groups.lower, groups.upper
    beyond = at_lower = at_upper = 0
    for mark, score, people in points:
        if score >= upper.cut:
            if score > upper.cut:
                beyond += mark * people
            else:
                at_upper += mark * people
        if score <= lower.cut:
            if score < lower.cut:
                beyond -= mark * people
            else:
                at_lower += mark * people
    tied = at_upper * upper.taken * lower.tied - at_lower * lower.taken * upper.tied
    return (beyond * upper.tied * lower.tied + tied) / (upper.tied * lower.tied * groups.size)
