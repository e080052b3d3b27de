"""Which counts of one tree of sums can be shown together, so that no small one can be worked out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from quizapp.disclosure.cell_bounds import CellId, Count, Interval, possible_values

ROUND_TO = 5


@dataclass(frozen=True)
class Choice:
    """The counts of a tree that are shown.

    `known`: what a reader knows about each count on its own. `lows`: for each small count the least that it can
    be for somebody who knows no more than which counts are 0 (1, unless it is a sum of several that are not).
    """

    root: Count
    shown: frozenset[CellId]
    known: Mapping[CellId, Interval]
    lows: Mapping[CellId, int]

    def leaves_small_open(self, known: Mapping[CellId, Interval], least: int) -> bool:
        """Whether each small count could still be as little as its low, and so much that it would be shown."""
        possible = possible_values(self.root, known)
        return all(possible[cell][0] <= low and possible[cell][1] >= least for cell, low in self.lows.items())


def choose(root: Count, least: int) -> Choice:
    """Show noughts, then one count after the other, nearest the root first, if all small ones stay open.

    `least` is the smallest count that may be shown at all; from 1 to `least` - 1 a count is small. The reader is
    taken to know the root exactly. Where it is less than twice `least`, or where the noughts alone tell too much,
    nothing else is shown; where it is small itself, nothing at all.
    """
    counts = list(root.level_by_level())
    root_known = {root.id: (root.n, root.n)}
    nothing = {count.id: (0, root.n) for count in counts} | root_known
    if 0 < root.n < least:
        return Choice(root, frozenset(), nothing, {})
    noughts = {count.id: _nought_or_not(count, root.n) for count in counts} | root_known
    possible = possible_values(root, noughts)
    small = [count.id for count in counts if 0 < count.n < least]
    choice = Choice(
        root,
        frozenset({root.id, *(count.id for count in counts if count.n == 0)}),
        noughts,
        {cell: possible[cell][0] for cell in small},
    )
    if 0 < root.n < 2 * least or not choice.leaves_small_open(noughts, least):
        return Choice(root, frozenset({root.id}), nothing, dict.fromkeys(small, 1))
    for count in counts[1:]:
        if count.in_tables and count.n >= least:
            known = {**choice.known, count.id: _shown_alike(count.n, least)}
            if choice.leaves_small_open(known, least):
                choice = replace(choice, shown=choice.shown | {count.id}, known=known)
    return choice


def rounded(n: int) -> int:
    """The nearest multiple of 5."""
    return (n + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def least_shown(min_group: int) -> int:
    """The smallest count that may be shown: 13 for groups of 11, because 11 and 12 would read 10."""
    return next(n for n in range(min_group, min_group + ROUND_TO) if rounded(n) >= min_group)


def _nought_or_not(count: Count, everyone: int) -> Interval:
    """What is known where only noughts are shown; a sum that no table shows may be one or not."""
    if not count.in_tables:
        return 0, everyone
    return (1, everyone) if count.n else (0, 0)


def _shown_alike(n: int, least: int) -> Interval:
    """All counts that are shown as `n` is."""
    return max(least, rounded(n) - ROUND_TO // 2), rounded(n) + ROUND_TO // 2
