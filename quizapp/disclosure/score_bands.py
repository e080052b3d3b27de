"""The distribution of scores: bands that are large enough, and what the scores reveal about single items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.disclosure.cell_bounds import Interval


@dataclass(frozen=True)
class Band:
    """Attempts with a score from `lowest` to `highest`, both included. `n` is None if it is left out."""

    lowest: int
    highest: int
    n: int | None


def bands(scores: Mapping[int, int], highest: int, least: int) -> list[tuple[int, int, int]]:
    """Join neighbouring scores from 0 to `highest` until each band has at least `least` attempts.

    Return (lowest score, highest score, attempts) for each. What remains at the top joins the last band; if there is
    none, it is a band by itself.
    """
    found: list[tuple[int, int, int]] = []
    lowest = n = 0
    for score in range(highest + 1):
        n += scores.get(score, 0)
        if n >= least:
            found.append((lowest, score, n))
            lowest, n = score + 1, 0
    if lowest > highest:
        return found
    if found:
        lowest, _, below = found.pop()
        n += below
    return [*found, (lowest, highest, n)]


def rights_given_scores(possible: Sequence[Interval], scores: Mapping[int, int]) -> list[Interval]:
    """Return how many can have been right at each item, to a reader who knows how many attempts had each score.

    `possible`: for each item, the values that fit everything else that is known of it; some combination of them must
    fit the scores. Both ends of each returned interval occur in some complete set of answers.

    With f(m) = sum of N(s) min(s, m) over the scores s, the items' counts x that fit the scores are those with
    x(S) <= f(|S|) for every set S of the k items, and x(all) = f(k). With limits on each x, the highest x(j) is
    the minimum of its own limit and of f(m + 1) minus the m largest lower limits of the others, and the lowest is
    the maximum of its own limit and of f(k) - f(k - m - 1) minus the m smallest upper limits of the others.
    Source: Gale 1957, Pacific J Math 7:1073-1082, and Ryser 1957, Canad J Math 9:371-377, for f; Frank & Tardos
    1988, Math Program 42:489-563, for such a polyhedron with limits.
    """
    k = len(possible)
    f = [sum(n * min(score, m) for score, n in scores.items()) for m in range(k + 1)]
    reached = []
    for j, (low, high) in enumerate(possible):
        others = [*possible[:j], *possible[j + 1 :]]
        lows = sorted((limits[0] for limits in others), reverse=True)
        highs = sorted(limits[1] for limits in others)
        reached.append(
            (
                max(low, *(f[k] - f[k - m - 1] - sum(highs[:m]) for m in range(k))),
                min(high, *(f[m + 1] - sum(lows[:m]) for m in range(k))),
            )
        )
    return reached
