"""The counts of one item as a tree of sums, and which of them to show, so that no small count can be worked out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

ATTEMPTS = "attempts"
RIGHT = "right at first try"
RIGHT_AFTER = "right after the retry"
STILL_WRONG = "still wrong"
DONT_KNOW = "don't know"
SURE_WRONG = "sure and wrong"
OPTION = "option"
TALKS = "talks"
OUTCOME = "outcome"
RESULTS = (RIGHT, RIGHT_AFTER, STILL_WRONG, DONT_KNOW, SURE_WRONG)  # each a part of an item's attempts

CellId = tuple[str, str, str]  # item, measure, and the option or outcome, else ""


@dataclass(frozen=True)
class Count:
    """A count and its splits. The parts of each split add up to it; several splits are of the same people.

    Ids are unique in a tree. `in_tables` is False for a sum that no table shows, but that a reader can form.
    Raise ValueError for a negative count and for parts that do not add up.
    """

    id: CellId
    n: int
    splits: tuple[tuple["Count", ...], ...] = ()
    in_tables: bool = True

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"{self.id} is negative: {self.n}")
        for split in self.splits:
            if sum(part.n for part in split) != self.n:
                raise ValueError(f"{self.id} is {self.n}, its parts are {[part.n for part in split]}")

    def level_by_level(self) -> Iterator["Count"]:
        """Yield this count, then the parts of its splits, then theirs; each level in the order given."""
        level = [self]
        while level:
            yield from level
            level = [part for count in level for split in count.splits for part in split]


def item_tree(
    item_id: str, key: str, options: Mapping[str, int], dont_know: int, right_after_retry: int, sure_and_wrong: int
) -> Count:
    """Return one group's attempts at one item; on each level those counts first that matter most to a reader.

    Each attempt counts once, by its first try, in `options` or in `dont_know`. `right_after_retry`: not right at the
    first try, and right at the second. `sure_and_wrong`: sure of a distractor.
    Attempts: right or missed. Missed: still wrong or right after the retry, and again: don't know or wrong.
    Wrong: sure or unsure, and again: by option. Raise ValueError if the numbers contradict each other.
    """
    right, wrong = options[key], sum(options.values()) - options[key]
    missed = wrong + dont_know
    by_certainty = (
        Count((item_id, SURE_WRONG, ""), sure_and_wrong),
        Count((item_id, "unsure and wrong", ""), wrong - sure_and_wrong, in_tables=False),
    )
    by_option = tuple(Count((item_id, OPTION, option), n) for option, n in options.items() if option != key)
    by_retry = (
        Count((item_id, STILL_WRONG, ""), missed - right_after_retry),
        Count((item_id, RIGHT_AFTER, ""), right_after_retry),
    )
    by_knowing = (
        Count((item_id, DONT_KNOW, ""), dont_know),
        Count((item_id, "wrong", ""), wrong, (by_certainty, by_option), in_tables=False),
    )
    by_result = (
        Count((item_id, RIGHT, ""), right, ((Count((item_id, OPTION, key), right),),)),
        Count((item_id, "missed", ""), missed, (by_retry, by_knowing), in_tables=False),
    )
    return Count((item_id, ATTEMPTS, ""), right + missed, (by_result,))


def talks(item_id: str, outcomes: Mapping[str, int]) -> Count:
    """Return the talks about an item, split by outcome; "not talked about" is no talk and not among them."""
    by_outcome = tuple(Count((item_id, OUTCOME, outcome), n) for outcome, n in outcomes.items())
    return Count((item_id, TALKS, ""), sum(outcomes.values()), (by_outcome,))


ROUND_TO = 5

Interval = tuple[int, int]  # the lowest and the highest possible value, both included


@dataclass(frozen=True)
class Choice:
    """The counts of a tree that are shown.

    `known`: what a reader knows about each count on its own. `lows`: for each small count, the smallest value it can
    have for a reader who knows only which counts are 0 (1, unless it is a sum of several that are not 0).
    """

    root: Count
    shown: frozenset[CellId]
    known: Mapping[CellId, Interval]
    lows: Mapping[CellId, int]

    def leaves_small_open(self, known: Mapping[CellId, Interval], least: int) -> bool:
        """Return whether each small count could still be as low as its low, and high enough to be shown."""
        possible = possible_values(self.root, known)
        return all(possible[cell][0] <= low and possible[cell][1] >= least for cell, low in self.lows.items())


def choose(root: Count, least: int) -> Choice:
    """Show zeros, then one count after another, nearest the root first, while all small ones stay open.

    `least` is the smallest count that may be shown; from 1 to `least` - 1 a count is small. The reader is assumed to
    know the root exactly. If the root is less than twice `least`, or if the zeros alone reveal too much, nothing else
    is shown; if the root is small itself, nothing at all.
    """
    counts = list(root.level_by_level())
    root_known = {root.id: (root.n, root.n)}
    nothing = {count.id: (0, root.n) for count in counts} | root_known
    if 0 < root.n < least:
        return Choice(root, frozenset(), nothing, {})
    zeros = {count.id: _zero_or_not(count, root.n) for count in counts} | root_known
    possible = possible_values(root, zeros)
    small = [count.id for count in counts if 0 < count.n < least]
    choice = Choice(
        root,
        frozenset({root.id, *(count.id for count in counts if count.n == 0)}),
        zeros,
        {cell: possible[cell][0] for cell in small},
    )
    if 0 < root.n < 2 * least or not choice.leaves_small_open(zeros, least):
        return Choice(root, frozenset({root.id}), nothing, dict.fromkeys(small, 1))
    for count in counts[1:]:
        if count.in_tables and count.n >= least:
            known = {**choice.known, count.id: _shown_alike(count.n, least)}
            if choice.leaves_small_open(known, least):
                choice = replace(choice, shown=choice.shown | {count.id}, known=known)
    return choice


def rounded(n: int) -> int:
    """Return the nearest multiple of 5."""
    return (n + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def least_shown(min_group: int) -> int:
    """Return the smallest count that may be shown: 13 for groups of 11, because 11 and 12 would be shown as 10."""
    return next(n for n in range(min_group, min_group + ROUND_TO) if rounded(n) >= min_group)


def _zero_or_not(count: Count, everyone: int) -> Interval:
    """Return what is known if only zeros are shown; a sum that no table shows may be 0 or not."""
    if not count.in_tables:
        return 0, everyone
    return (1, everyone) if count.n else (0, 0)


def _shown_alike(n: int, least: int) -> Interval:
    """Return the range of counts that are shown as the same number as `n`."""
    return max(least, rounded(n) - ROUND_TO // 2), rounded(n) + ROUND_TO // 2


def possible_values(root: Count, known: Mapping[CellId, Interval]) -> dict[CellId, Interval]:
    """Return, for each count, the values that fit `known`, which has an interval for every id of the tree.

    The intervals are exact, not only outer bounds: each end of each interval occurs in some complete table. First
    each count is narrowed by its parts, then each part by its count and its siblings. One pass is enough because a
    tree of sums has no cycles: given a count, the cells below each of its splits and the rest of the tree can be
    chosen independently.
    Source: Freuder 1982, J ACM 29:24-32, on networks without cycles.
    """
    counts = list(root.level_by_level())
    possible = {count.id: known[count.id] for count in counts}
    for count in reversed(counts):
        for split in count.splits:
            low, high = possible[count.id]
            split_low, split_high = _sum_of(split, possible)
            possible[count.id] = max(low, split_low), min(high, split_high)
    for count in counts:
        low, high = possible[count.id]
        for split in count.splits:
            split_low, split_high = _sum_of(split, possible)
            for part in split:
                part_low, part_high = possible[part.id]
                lowest, highest = low - (split_high - part_high), high - (split_low - part_low)
                possible[part.id] = max(part_low, lowest), min(part_high, highest)
    return possible


def _sum_of(split: Iterable[Count], possible: Mapping[CellId, Interval]) -> Interval:
    return sum(possible[part.id][0] for part in split), sum(possible[part.id][1] for part in split)
