"""The marks of one item next to the scores.

Marks and scores are whole numbers of some unit, so that sums are exact and equal scores are equal.
"""

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, repeat, starmap
from operator import eq, mul, sub

from quizapp.analysis.table import AnalysisError, Missing, Table
from quizapp.stats.classical_test_theory import NOBODY, ItemSums, ScoreSums

UNIT = 10**12  # marks are counted in millionths of a millionth, so that 0.1 + 0.2 and 0.3 are one score

Scores = Sequence[int]


@dataclass(frozen=True)
class ItemPoints:
    """Everyone's mark at an item, and their scores in the same order. `key` and `choosers` are of one with options."""

    marks: Sequence[int]
    scores: Scores
    key: str | None = None
    choosers: Mapping[str, ScoreSums] = field(default_factory=dict)  # the scores of those who chose each option

    def sums(self, everyone: ScoreSums) -> ItemSums:
        mark_sq, mark_score = sum(map(mul, self.marks, self.marks)), sum(map(mul, self.marks, self.scores))
        return ItemSums(everyone.n, sum(self.marks), mark_sq, mark_score, everyone.score, everyone.score_sq)

    def ascending_marks(self) -> Iterable[int]:
        return _ascending(self.marks)

    def ascending_rests(self) -> Iterable[int]:
        return _ascending(map(sub, self.scores, self.marks))


def _ascending(values: Iterable[int]) -> Iterable[int]:
    """Return the values, the smallest first. Counting is several times quicker than sorting if they repeat."""
    return chain.from_iterable(starmap(repeat, sorted(Counter(values).items())))


def read_marks(table: Table, missing: Missing) -> tuple[Iterator[ItemPoints], Scores]:
    """Return each item's points and everyone's scores, in units of 1 / UNIT.

    Raise AnalysisError at a cell that is neither empty nor a number from 0 to 1.
    """
    cells, scores, width = array("q"), array("q"), len(table.item_ids)
    for number, row in table.kept(missing):
        try:
            marks = list(map(_mark, row))
        except ValueError as error:
            cell = str(error)
            column = row.index(cell)
            where = f"row {number}, column {column + 1} ({table.item_ids[column]})"
            raise AnalysisError(f"{where}: {cell[:40]!r} is not a mark from 0 to 1") from error
        cells.extend(marks)
        scores.append(sum(marks))
    return (ItemPoints(cells[item::width], scores) for item in range(width)), scores


@lru_cache(maxsize=10_000)
def _mark(cell: str) -> int:
    """Return the mark in a cell; 0 if it is empty. Raise ValueError, with the cell, if it is no number from 0 to 1."""
    with suppress(ValueError):
        mark = float(cell or 0)
        if 0 <= mark <= 1:
            return round(mark * UNIT)
    raise ValueError(cell)


def read_answers(table: Table, keys: Sequence[str], missing: Missing) -> tuple[Iterator[ItemPoints], Scores]:
    """Return each item's points and everyone's scores; an item's key counts 1."""
    cells: list[str] = []
    scores = array("q")
    for _, row in table.kept(missing):
        cells.extend(map(sys.intern, row))
        scores.append(sum(map(eq, row, keys)))
    return (_answered(cells[item :: len(keys)], scores, key) for item, key in enumerate(keys)), scores


def _answered(column: Sequence[str], scores: Scores, key: str) -> ItemPoints:
    """Return an item's points from everyone's option; "" is no answer."""
    choosers: dict[str, ScoreSums] = {}
    for (option, score), people in Counter(zip(column, scores, strict=True)).items():
        if option:
            more = ScoreSums(people, people * score, people * score * score)
            choosers[option] = choosers.get(option, NOBODY) + more
    return ItemPoints(array("b", map(eq, column, repeat(key))), scores, key, choosers)
