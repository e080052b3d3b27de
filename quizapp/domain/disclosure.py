"""What may be handed on: small counts left out, and others, so that none of them can be worked out.

A count from 1 to `min_group` - 1 is small. What is promised: from everything published, and from more than that,
a small count could still be anything from 1 to `min_group`, so it cannot even be told to be small. That holds for
every count of every table, and for the sums of them that no table shows but that a reader can form (missed,
wrong, unsure and wrong).

The reader we guard against knows
- every number published, in all tables, and in every earlier and later release;
- that counts are rounded to the nearest 5, that none is shown that would round to less than `min_group`, that a
  nought is shown as 0, and so that what is left out is 1 or more;
- how many attempts or talks each group really has, which is not published;
- and, where the distribution of scores is shown, exactly how many attempts had each score, not only the bands.

Why it holds:
1. A group (quarter, edition, language) stands alone. Attempts are in one group only, and no number of two groups is
   published but those that `added_up` makes from published numbers. Percentages too are made from published
   numbers. Neither can tell more than what they are made from.
2. A closed quarter's counts no longer change, and a group's figures depend on nothing but its counts and the
   threshold. So a later release repeats them, and there is nothing to subtract. (A new threshold is another
   release of the same people: let it begin with a quarter that has not been published.)
3. Within a group, the counts of one item form a tree of sums. What the reader can know about each is worked out
   exactly (`counts.possible_values`). We begin with nothing but noughts, and show one count after the other, the
   most important first, only if all small ones stay open. Where even the noughts tell too much (hardly more
   attempts than `min_group`), no count of the item is shown.
4. Items have no sum in common but the number of attempts, which the reader is taken to know, and the scores. With
   the scores, too, what can be known is worked out exactly (`score_bands.rights_given_scores`); where a small count
   would no longer be open, the scores of the group are left out. The bands themselves are never small.
5. Talks are of other people (stopped attempts too, another time), an item's at a time: trees like those of items.

Not promised: that a reader who holds this program and tries every possible table learns nothing about a group, or
that somebody who knows all patients of a group but one learns nothing about that one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.domain.counts import CellId, Count, Interval, possible_values
from quizapp.domain.item_counts import RIGHT, ItemCounts
from quizapp.domain.score_bands import Band, bands, rights_given_scores

LOWEST_MIN_GROUP = 5
ROUND_TO = 5


@dataclass(frozen=True)
class Group:
    """What was counted of one quarter, edition and language.

    `scores`: how many attempts had each score. `talks`: for each item how many talks, split by outcome.
    Raises ValueError where the numbers contradict one another.
    """

    items: tuple[ItemCounts, ...]
    scores: Mapping[int, int]
    talks: tuple[Count, ...] = ()

    def __post_init__(self) -> None:
        if any(item.attempts != self.attempts for item in self.items):
            raise ValueError("every attempt has to be counted at every item")
        if sum(score * n for score, n in self.scores.items()) != sum(item.right for item in self.items):
            raise ValueError("the scores and the items' right answers do not add up to the same")

    @property
    def attempts(self) -> int:
        return sum(self.scores.values())


@dataclass(frozen=True)
class Published:
    """A group's figures as they may be shown. A count of None is left out."""

    attempts: int | None
    counts: Mapping[CellId, int | None]
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class _Choice:
    """Which counts of a tree are shown, and what a reader knows about each on its own.

    `lows`: for each small count the least that it can be for somebody who knows no more than the noughts.
    """

    root: Count
    shown: frozenset[CellId]
    known: Mapping[CellId, Interval]
    lows: Mapping[CellId, int]

    def leaves_small_open(self, known: Mapping[CellId, Interval], least: int) -> bool:
        """Whether somebody who knows `known` can still take each small count for `least`, and for its low."""
        possible = possible_values(self.root, known)
        return all(possible[cell][0] <= low and possible[cell][1] >= least for cell, low in self.lows.items())


def publishable(group: Group, min_group: int) -> Published:
    """A group's figures for anyone. Raises ValueError for a `min_group` below 5."""
    if min_group < LOWEST_MIN_GROUP:
        raise ValueError(f"groups of fewer than {LOWEST_MIN_GROUP} give people away")
    least = least_shown(min_group)
    items = [_choose(item.tree(), least) for item in group.items]
    talks = [_choose(talk, least) for talk in group.talks]
    return Published(
        _rounded_or_none(group.attempts, least),
        {
            count.id: rounded(count.n) if count.id in choice.shown else None
            for choice in (*items, *talks)
            for count in choice.root.level_by_level()
            if count.in_tables
        },
        _bands(group, items, least),
    )


def internal(group: Group) -> Published:
    """A group's exact figures, in the same form, each score a band. Not for publication."""
    trees = [*(item.tree() for item in group.items), *group.talks]
    return Published(
        group.attempts,
        {count.id: count.n for tree in trees for count in tree.level_by_level() if count.in_tables},
        tuple(Band(score, score, group.scores.get(score, 0)) for score in range(len(group.items) + 1)),
    )


def percentage(part: int | None, base: int | None, min_group: int) -> int | None:
    """A whole per cent of two published numbers, at most 100 (rounding can lift a part above its base).

    None where one of them is left out, and where the base is below `min_group`.
    """
    if part is None or base is None or base < min_group:
        return None
    return min(100, (200 * part + base) // (2 * base))


def added_up(published: Iterable[int | None]) -> int | None:
    """The sum of published numbers, over options, quarters or languages; None where one of them is left out."""
    total = 0
    for n in published:
        if n is None:
            return None
        total += n
    return total


def rounded(n: int) -> int:
    """The nearest multiple of 5."""
    return (n + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def least_shown(min_group: int) -> int:
    """The smallest count that is shown: 13 for 11, because 11 and 12 would read 10."""
    return next(n for n in range(min_group, min_group + ROUND_TO) if rounded(n) >= min_group)


def _rounded_or_none(n: int, least: int) -> int | None:
    """None for what is too small to show; a nought stays."""
    return rounded(n) if n == 0 or n >= least else None


def _choose(root: Count, least: int) -> _Choice:
    """The counts of a tree that can be shown together: see 3. above."""
    counts = list(root.level_by_level())
    size = {root.id: (root.n, root.n)}
    nothing = {count.id: (0, root.n) for count in counts} | size
    if 0 < root.n < least:
        return _Choice(root, frozenset(), nothing, {})
    noughts = {count.id: (1, root.n) if count.n else (0, 0) for count in counts} | size
    possible = possible_values(root, noughts)
    choice = _Choice(
        root,
        frozenset(count.id for count in counts if count.n == 0) | {root.id},
        noughts,
        {count.id: possible[count.id][0] for count in counts if 0 < count.n < least},
    )
    if root.n < 2 * least or not choice.leaves_small_open(noughts, least):
        return _Choice(root, frozenset({root.id}), nothing, {})
    for count in counts[1:]:
        if count.in_tables and count.n >= least:
            known = {**choice.known, count.id: _rounded_from(count.n, least)}
            if choice.leaves_small_open(known, least):
                choice = replace(choice, shown=choice.shown | {count.id}, known=known)
    return choice


def _rounded_from(n: int, least: int) -> Interval:
    """The counts that are shown as `n` is."""
    return max(least, rounded(n) - ROUND_TO // 2), rounded(n) + ROUND_TO // 2


def _bands(group: Group, items: Sequence[_Choice], least: int) -> tuple[Band, ...]:
    """The distribution of scores, or one band with everyone where it would tell too much about an item: see 4."""
    rights = [item.cell(RIGHT) for item in group.items]
    possible = [possible_values(item.root, item.known)[right] for item, right in zip(items, rights, strict=True)]
    reached = rights_given_scores(possible, group.scores)
    harmless = all(
        item.leaves_small_open({**item.known, right: interval}, least)
        for item, right, interval in zip(items, rights, reached, strict=True)
    )
    highest = len(group.items)
    found = (
        bands(group.scores, highest, lambda n: n >= least)
        if harmless
        else ((0, highest, group.attempts),)
    )
    return tuple(Band(low, high, _rounded_or_none(n, least)) for low, high, n in found)
