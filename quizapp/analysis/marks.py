"""Reads marks from 0 to 1: as counts where they take few values, in whole columns where they do not."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Protocol

from quizapp.analysis.points import CountedPoints, ItemPoints, RowPoints
from quizapp.analysis.table import AnalysisError, Block, Missing, Table

UNIT = 10**12  # marks are counted in millionths of a millionth, so that 0.1 + 0.2 and 0.3 are one score
_FEW_MARKS = 16  # right and wrong, quarters, tenths: counts then stay small however long the file
_MOST_REMEMBERED = 10_000


class Marks(Protocol):
    """What was read, in units of 1 / UNIT: the points of each item, and everyone's scores in order."""

    def add(self, rows: Sequence[Sequence[int]]) -> None: ...

    def items(self) -> Iterable[ItemPoints]: ...

    def ascending_scores(self) -> Sequence[int]: ...


def read_marks(table: Table, missing: Missing) -> Marks:
    """Raises AnalysisError at the first cell that is neither empty nor a number from 0 to 1."""
    known = _KnownMarks({"": 0})
    marks: Marks = CountedMarks(len(table.item_ids))
    for block in table.blocks:
        try:
            rows = [list(map(known.__getitem__, row)) for row in block.kept(missing)]
        except ValueError as error:
            raise _not_a_mark(block, table.item_ids) from error
        if block.is_first and len(set(chain.from_iterable(rows))) > _FEW_MARKS:
            marks = ColumnsOfMarks(len(table.item_ids))
        marks.add(rows)
    return marks


class CountedMarks:
    """How many people have each pair (mark, score) at each item."""

    def __init__(self, k: int) -> None:
        self._counts: list[Counter[tuple[int, int]]] = [Counter() for _ in range(k)]
        self._scores: Counter[int] = Counter()

    def add(self, rows: Sequence[Sequence[int]]) -> None:
        scores = list(map(sum, rows))
        self._scores.update(scores)
        for counts, marks in zip(self._counts, zip(*rows, strict=True), strict=False):
            counts.update(zip(marks, scores, strict=True))

    def items(self) -> Iterable[ItemPoints]:
        return map(CountedPoints, self._counts)

    def ascending_scores(self) -> Sequence[int]:
        return sorted(self._scores.elements())


class ColumnsOfMarks:
    """Everyone's mark at each item, eight bytes each."""

    def __init__(self, k: int) -> None:
        self._columns = [array("q") for _ in range(k)]
        self._scores = array("q")

    def add(self, rows: Sequence[Sequence[int]]) -> None:
        self._scores.extend(map(sum, rows))
        for column, marks in zip(self._columns, zip(*rows, strict=True), strict=False):
            column.extend(marks)

    def items(self) -> Iterable[ItemPoints]:
        return (RowPoints(column, self._scores) for column in self._columns)

    def ascending_scores(self) -> Sequence[int]:
        return array("q", sorted(self._scores))


class _KnownMarks(dict[str, int]):
    """The marks of cells, each text worked out once."""

    def __missing__(self, cell: str) -> int:
        mark = float(cell)
        if not 0 <= mark <= 1:
            raise ValueError(cell)
        units = round(mark * UNIT)
        if len(self) < _MOST_REMEMBERED:
            self[cell] = units
        return units


def _not_a_mark(block: Block, item_ids: Sequence[str]) -> AnalysisError:
    known = _KnownMarks({"": 0})
    for number, row in enumerate(block.rows, start=block.first_row):
        for column, (item_id, cell) in enumerate(zip(item_ids, row, strict=True), start=1):
            try:
                known[cell]
            except ValueError:
                where = f"row {number}, column {column} ({item_id})"
                return AnalysisError(f"{where}: {cell[:40]!r} is not a mark from 0 to 1")
    raise AssertionError("every cell is a mark")
