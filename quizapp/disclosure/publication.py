"""Decide what may be published: leave out small counts, and others, so that no small one can be worked out.

A count is small from 1 up to what would still be rounded to less than `min_group` (1 to 12 for groups of 11). The
promise: given everything published, in all tables and all releases, and more than that, each small count could
still be 1, and could still be so large that it would be shown. (A sum of several counts that are not 0 cannot be 1,
of course: it could be as low as if only the zeros were published.) So no solver can tell its value, nor even
that it is small. This holds for each count of each table, and for the sums that a reader can form of them (missed,
wrong, unsure and wrong).

We guard against a reader who knows
- every number published, in every table, earlier and later;
- the rules: numbers are rounded to the nearest 5, and 0 is shown as 0, so a count left out among shown ones is at
  least 1;
- how many attempts each group and how many talks each item really has, although these are rounded too;
- if the distribution of scores is shown, how many attempts had exactly each score, not only the bands.

Why it holds:
1. Groups (quarter, edition, language) are independent: an attempt is in one group, and no published number covers two
   groups except sums of published numbers (`PartialSum`). Percentages are made of published numbers too. Neither can
   reveal more than the numbers they are made of.
2. The counts of a closed quarter no longer change, and what is shown of a group depends on its counts and `min_group`
   only. A later release repeats it, so there is nothing to subtract. So publish closed quarters only, always a whole
   group (select the requested table afterwards), and each quarter under one `min_group`, always
   (aggregation/tallies.py).
3. An item's counts are a tree of sums. What the reader can know of each is worked out exactly
   (`suppression.possible_values`), and a count is shown only if all small ones stay open (`suppression.choose`).
4. Items share only the number of attempts, which the reader is assumed to know, and the scores. What the scores add is
   worked out exactly, too (`rights_given_scores`); if a small count would no longer be open, the scores
   are left out. The bands are never small.
5. Outcomes of talks are of other people (stopped attempts, too) at another time: a tree for each item. How often an
   item was not talked about is a count by itself, and no published number covers both.

Not promised: that nothing is learned by a reader who tries this very program on all possible tables, or who knows the
answers of everyone but one. (Tried for an item with two distractors, no retries, nobody sure, 23 to 77 attempts: to the
first reader, at least four values of each count from 1 to 10 remain.)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.disclosure.suppression import (
    RIGHT,
    CellId,
    Choice,
    Count,
    Interval,
    choose,
    least_shown,
    possible_values,
    rounded,
)

LOWEST_MIN_GROUP = 5


@dataclass(frozen=True)
class Group:
    """All counts of one quarter, edition and language.

    `items`: each item's attempts, as a tree (`item_tree`). `scores`: how many attempts had each score. `talks`: a
    count for each item, split by outcome.
    Raise ValueError if the numbers contradict each other.
    """

    items: tuple[Count, ...]
    scores: Mapping[int, int]
    talks: tuple[Count, ...] = ()

    def __post_init__(self) -> None:
        if any(item.n != self.attempts for item in self.items):
            raise ValueError("not every attempt is counted at every item")
        counts = [count for tree in self.trees() for count in tree.level_by_level()]
        right = sum(count.n for count in counts if count.id[1] == RIGHT)
        if sum(score * n for score, n in self.scores.items()) != right:
            raise ValueError("the scores do not add up to what was right at the items")
        if len({count.id for count in counts}) < len(counts):
            raise ValueError("two counts have the same id")

    @property
    def attempts(self) -> int:
        return sum(self.scores.values())

    def trees(self) -> tuple[Count, ...]:
        """Return the items' counts, in order, then the talks."""
        return self.items + self.talks


@dataclass(frozen=True)
class Band:
    """Attempts with a score from `lowest` to `highest`, both included. `n` is None if it is left out."""

    lowest: int
    highest: int
    n: int | None


@dataclass(frozen=True)
class Figures:
    """A group's figures as they may be shown. None is left out. Each score is in one band."""

    attempts: int | None
    counts: Mapping[CellId, int | None]
    bands: tuple[Band, ...]


def publishable(group: Group, min_group: int) -> Figures:
    """Return a group's figures for anyone. Raise ValueError for a `min_group` below 5."""
    if min_group < LOWEST_MIN_GROUP:
        raise ValueError(f"groups of fewer than {LOWEST_MIN_GROUP} identify people")
    least = least_shown(min_group)
    choices = [choose(tree, least) for tree in group.trees()]
    return Figures(
        _rounded_or_none(group.attempts, least),
        {
            count.id: rounded(count.n) if count.id in choice.shown else None
            for choice in choices
            for count in choice.root.level_by_level()
            if count.in_tables
        },
        _bands(group, choices[: len(group.items)], least),
    )


def internal(group: Group) -> Figures:
    """Return a group's exact figures in the same form, with a band for each score. Not for publication."""
    return Figures(
        group.attempts,
        {count.id: count.n for tree in group.trees() for count in tree.level_by_level() if count.in_tables},
        tuple(Band(score, score, group.scores.get(score, 0)) for score in range(len(group.items) + 1)),
    )


def percentage(part: int | None, base: int | None, min_group: int) -> int | None:
    """Return a whole per cent of two published numbers, at most 100: rounding can lift a part above its base.

    None if one of them is left out, or if the base is below `min_group`.
    """
    if part is None or base is None or base < min_group:
        return None
    return min(100, (200 * part + base) // (2 * base))


def _rounded_or_none(n: int, least: int) -> int | None:
    return rounded(n) if n == 0 or n >= least else None


def _bands(group: Group, choices: Sequence[Choice], least: int) -> tuple[Band, ...]:
    """Return the distribution of scores, or one band with everyone if it would reveal too much about an item."""
    pairs = [(choice, (choice.root.id[0], RIGHT, "")) for choice in choices]
    reached = rights_given_scores(
        [possible_values(choice.root, choice.known)[right] for choice, right in pairs], group.scores
    )
    harmless = all(
        choice.leaves_small_open({**choice.known, right: interval}, least)
        for (choice, right), interval in zip(pairs, reached, strict=True)
    )
    found = bands(group.scores, len(group.items), least if harmless else group.attempts)
    return tuple(Band(lowest, highest, _rounded_or_none(n, least)) for lowest, highest, n in found)


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
