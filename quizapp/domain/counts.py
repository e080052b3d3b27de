"""Counts that split into counts, and what somebody can work out about each from what is shown of some."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CellId = tuple[str, ...]
Interval = tuple[int, int]  # the lowest and the highest value that is possible, both included


@dataclass(frozen=True)
class Count:
    """A count and its splits: the parts of each split add up to it, and the splits are of the same people.

    Ids differ within a tree. `in_tables` False: a sum that no table shows, but that can be worked out.
    Raises ValueError for a negative count and for parts that do not add up.
    """

    id: CellId
    n: int
    splits: tuple[tuple["Count", ...], ...] = ()
    in_tables: bool = True

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"{self.id}: {self.n} is negative")
        for split in self.splits:
            if sum(part.n for part in split) != self.n:
                raise ValueError(f"{self.id}: the parts {[part.n for part in split]} do not add up to {self.n}")

    def level_by_level(self) -> Iterator["Count"]:
        """This count, then the parts of its splits, then theirs: each level in the order given."""
        level = [self]
        while level:
            yield from level
            level = [part for count in level for split in count.splits for part in split]


def possible_values(root: Count, known: Mapping[CellId, Interval]) -> dict[CellId, Interval]:
    """For each count the values that fit everything in `known`, which has an interval for every id of the tree.

    Exact, not only an outer bound: each value within an interval belongs to some whole table. First each count is
    narrowed by its parts, then each part by its count and its siblings. Two passes are enough because the sums of
    a tree share no more than one count with one another: given a count, what stands below each of its splits, and
    what stands above it, can be chosen freely.
    Source: bounds consistency on a Berge-acyclic network of sums, Beeri et al. 1983, J ACM 30:479-513.
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
            # split_low and split_high stay those of the pass upwards: siblings do not narrow one another twice
            _narrow_by_whole(part, possible)
