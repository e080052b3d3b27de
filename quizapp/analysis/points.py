"""The marks of one item next to the scores: counted if values repeat, row by row if they hardly do.

Marks and scores are whole numbers of some unit, so that sums are exact and equal scores are equal.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat, starmap
from operator import eq, mul, sub
from typing import Generic, TypeVar

from quizapp.analysis.table import AnalysisError, Block, Missing, Table
from quizapp.stats.classical_test_theory import NOBODY, ItemSums, ScoreSums

UNIT = 10**12  # marks are counted in millionths of a millionth, so that 0.1 + 0.2 and 0.3 are one score
_FEW_MARKS = 16  # right and wrong, quarters, tenths: counts then stay small however long the file
_MOST_REMEMBERED = 10_000
_SAMPLE = 10_000

Cell = TypeVar("Cell", int, str)


@dataclass(frozen=True)
class CountedPoints:
    """How many people have each pair (mark, score)."""

    counts: Mapping[tuple[int, int], int]

    def sums(self, everyone: ScoreSums) -> ItemSums:
        mark = sum(mark * people for mark, _, people in self.points())
        mark_sq = sum(mark * mark * people for mark, _, people in self.points())
        mark_score = sum(mark * score * people for mark, score, people in self.points())
        return ItemSums(everyone.n, mark, mark_sq, mark_score, everyone.score, everyone.score_sq)

    def points(self) -> Iterator[tuple[int, int, int]]:
        """Yield what `stats.item_analysis` calls points: (mark, score, how many people have both)."""
        return ((mark, score, people) for (mark, score), people in self.counts.items())

    def ascending_marks(self) -> Iterable[int]:
        return _ascending((mark, people) for mark, _, people in self.points())

    def ascending_rests(self) -> Iterable[int]:
        return _ascending((score - mark, people) for mark, score, people in self.points())


@dataclass(frozen=True)
class RowPoints:
    """Marks and scores of the same people, in the same order. Slower, but never larger than the rows."""

    marks: Sequence[int]
    scores: Sequence[int]

    def sums(self, everyone: ScoreSums) -> ItemSums:
        mark_sq, mark_score = sum(map(mul, self.marks, self.marks)), sum(map(mul, self.marks, self.scores))
        return ItemSums(everyone.n, sum(self.marks), mark_sq, mark_score, everyone.score, everyone.score_sq)

    def points(self) -> Iterator[tuple[int, int, int]]:
        return zip(self.marks, self.scores, repeat(1))

    def ascending_marks(self) -> Iterable[int]:
        return _sorted(list(self.marks))

    def ascending_rests(self) -> Iterable[int]:
        return _sorted(list(map(sub, self.scores, self.marks)))


ItemPoints = CountedPoints | RowPoints


def _sorted(values: list[int]) -> Iterable[int]:
    """Counting is several times quicker than sorting, but takes more room if hardly a value repeats."""
    if len(set(values[:_SAMPLE])) < 0.9 * _SAMPLE:
        return _ascending(Counter(values).items())
    values.sort()
    return array("q", values)


def _ascending(counted: Iterable[tuple[int, int]]) -> Iterable[int]:
    """Return each value as often as it was counted, the smallest first."""
    return chain.from_iterable(starmap(repeat, sorted(counted)))


class CountedCells(Generic[Cell]):
    """How many people have each pair (cell, score) at each item; a cell is a mark or an option."""

    def __init__(self, k: int) -> None:
        self.counts: list[Counter[tuple[Cell, int]]] = [Counter() for _ in range(k)]
        self._scores: Counter[int] = Counter()

    def add(self, rows: Sequence[Sequence[Cell]], scores: Sequence[int]) -> None:
        self._scores.update(scores)
        for counts, cells in zip(self.counts, zip(*rows, strict=True), strict=False):
            counts.update(zip(cells, scores, strict=True))

    def ascending_scores(self) -> Sequence[int]:
        return sorted(self._scores.elements())


class ColumnsOfMarks:
    """Everyone's mark at each item, eight bytes each."""

    def __init__(self, k: int) -> None:
        self.columns = [array("q") for _ in range(k)]
        self.scores = array("q")

    def add(self, rows: Sequence[Sequence[int]], scores: Sequence[int]) -> None:
        self.scores.extend(scores)
        for column, marks in zip(self.columns, zip(*rows, strict=True), strict=False):
            column.extend(marks)


def read_marks(table: Table, missing: Missing) -> tuple[list[ItemPoints], Sequence[int]]:
    """Return each item's points and everyone's scores, the lowest first, in units of 1 / UNIT.

    Raise AnalysisError at a cell that is neither empty nor a number from 0 to 1.
    """
    known = _KnownMarks({"": 0})
    counted, columns = CountedCells[int](len(table.item_ids)), ColumnsOfMarks(len(table.item_ids))
    read: CountedCells[int] | ColumnsOfMarks = counted
    for place, block in enumerate(table.blocks):
        try:
            rows = [list(map(known.__getitem__, row)) for row in block.kept(missing)]
        except ValueError as error:
            raise _not_a_mark(block, table.item_ids, str(error)) from error
        if place == 0 and len(set(chain.from_iterable(rows))) > _FEW_MARKS:
            read = columns
        read.add(rows, list(map(sum, rows)))
    if read is counted:
        return [CountedPoints(counts) for counts in counted.counts], counted.ascending_scores()
    return [RowPoints(column, columns.scores) for column in columns.columns], array("q", sorted(columns.scores))


class _KnownMarks(dict[str, int]):
    """The marks of cells, each text worked out once. Raise ValueError, with the cell, for one that is no mark."""

    def __missing__(self, cell: str) -> int:
        try:
            mark = float(cell)
        except ValueError:
            raise ValueError(cell) from None
        if not 0 <= mark <= 1:
            raise ValueError(cell)
        units = round(mark * UNIT)
        if len(self) < _MOST_REMEMBERED:
            self[cell] = units
        return units


def _not_a_mark(block: Block, item_ids: Sequence[str], cell: str) -> AnalysisError:
    number, row = next((number, row) for number, row in enumerate(block.rows, block.first_row) if cell in row)
    place = row.index(cell)
    return AnalysisError(
        f"row {number}, column {place + 1} ({item_ids[place]}): {cell[:40]!r} is not a mark from 0 to 1"
    )


@dataclass(frozen=True)
class ItemAnswers:
    """One item: its key, and how many people have each pair (option, score); the option "" is no answer."""

    key: str
    counts: Mapping[tuple[str, int], int]

    def points(self) -> CountedPoints:
        points: Counter[tuple[int, int]] = Counter()
        for (option, score), people in self.counts.items():
            points[int(option == self.key), score] += people
        return CountedPoints(points)

    def choosers(self) -> dict[str, ScoreSums]:
        """Return the scores of those who chose each option."""
        choosers: dict[str, ScoreSums] = {}
        for (option, score), people in self.counts.items():
            if option:
                more = ScoreSums(people, people * score, people * score * score)
                choosers[option] = choosers.get(option, NOBODY) + more
        return choosers


def read_answers(table: Table, keys: Sequence[str], missing: Missing) -> tuple[list[ItemAnswers], Sequence[int]]:
    """Return each item's answers and everyone's scores, the lowest first."""
    counted = CountedCells[str](len(keys))
    for block in table.blocks:
        rows = block.kept(missing)
        counted.add(rows, [sum(map(eq, row, keys)) for row in rows])
    return list(map(ItemAnswers, keys, counted.counts)), counted.ascending_scores()
