"""Bounds of table cells: what a reader can work out about each count of a tree of sums from those that are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CellId = tuple[str, ...]
Interval = tuple[int, int]  # the lowest and the highest possible value, both included


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


def possible_values(root: Count, known: Mapping[CellId, Interval]) -> dict[CellId, Interval]:
    """Return, for each count, the values that fit `known`, which has an interval for every id of the tree.

    The intervals are exact, not only outer bounds: each end of each interval occurs in some complete table. First
    each count is narrowed by its parts, then each part by its count and its siblings. One pass is enough because a
    tree of sums has no cycles: given a count, the cells below each of its splits and the rest of the tree can be
    chosen independently.
    Source: Freuder 1982, J ACM 29:24-32, on networks without cycles.
    """
    possible: dict[CellId, Interval] = {}
    _narrow_by_parts(root, known, possible)
    _narrow_by_whole(root, possible)
    return possible


def _narrow_by_parts(count: Count, known: Mapping[CellId, Interval], possible: dict[CellId, Interval]) -> None:
    low, high = known[count.id]
    for split in count.splits:
        split_low = split_high = 0
        for part in split:
            _narrow_by_parts(part, known, possible)
            part_low, part_high = possible[part.id]
            split_low += part_low
            split_high += part_high
        low, high = max(low, split_low), min(high, split_high)
    possible[count.id] = low, high


def _narrow_by_whole(count: Count, possible: dict[CellId, Interval]) -> None:
    low, high = possible[count.id]
    for split in count.splits:
        split_low = sum(possible[part.id][0] for part in split)
        split_high = sum(possible[part.id][1] for part in split)
        for part in split:
            part_low, part_high = possible[part.id]
            possible[part.id] = (
                max(part_low, low - (split_high - part_high)),
                min(part_high, high - (split_low - part_low)),
            )
            _narrow_by_whole(part, possible)
