"""The marks of one item next to the scores: counted if values repeat, row by row if they hardly do.

Marks and scores are whole numbers of some unit, so that sums are exact and equal scores are equal.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat, starmap
from operator import eq, mul, sub
from typing import Protocol

from quizapp.analysis.table import Missing, Table
from quizapp.stats.classical_test_theory import ItemSums, ScoreSums
from quizapp.stats.item_analysis import Points

_SAMPLE = 10_000


class ItemPoints(Protocol):
    """What an item's figures are computed from; `stats.item_analysis` says what points are."""

    def sums(self, everyone: ScoreSums) -> ItemSums: ...

    def points(self) -> Points: ...

    def ascending_marks(self) -> Iterable[int]: ...

    def ascending_rests(self) -> Iterable[int]: ...


@dataclass(frozen=True)
class CountedPoints:
    """How many people have each pair (mark, score)."""

    counts: Mapping[tuple[int, int], int]

    def sums(self, everyone: ScoreSums) -> ItemSums:
        return ItemSums(
            n=everyone.n,
            mark=sum(mark * people for mark, _, people in self.points()),
            mark_sq=sum(mark * mark * people for mark, _, people in self.points()),
            mark_score=sum(mark * score * people for mark, score, people in self.points()),
            score=everyone.score,
            score_sq=everyone.score_sq,
        )

    def points(self) -> Iterator[tuple[int, int, int]]:
        return ((mark, score, people) for (mark, score), people in self.counts.items())

    def ascending_marks(self) -> Iterable[int]:
        counts: Counter[int] = Counter()
        for mark, _, people in self.points():
            counts[mark] += people
        return _ascending(counts)

    def ascending_rests(self) -> Iterable[int]:
        counts: Counter[int] = Counter()
        for mark, score, people in self.points():
            counts[score - mark] += people
        return _ascending(counts)


@dataclass(frozen=True)
class RowPoints:
    """Marks and scores of the same people, in the same order. Slower, but never larger than the rows."""

    marks: Sequence[int]
    scores: Sequence[int]

    def sums(self, everyone: ScoreSums) -> ItemSums:
        return ItemSums(
            n=everyone.n,
            mark=sum(self.marks),
            mark_sq=sum(map(mul, self.marks, self.marks)),
            mark_score=sum(map(mul, self.marks, self.scores)),
            score=everyone.score,
            score_sq=everyone.score_sq,
        )

    def points(self) -> Iterator[tuple[int, int, int]]:
        return zip(self.marks, self.scores, repeat(1))

    def ascending_marks(self) -> Iterable[int]:
        return _sorted(list(self.marks))

    def ascending_rests(self) -> Iterable[int]:
        return _sorted(list(map(sub, self.scores, self.marks)))


def _sorted(values: list[int]) -> Iterable[int]:
    """Counting is several times quicker than sorting, but takes more room where hardly a value repeats."""
    if len(set(values[:_SAMPLE])) < 0.9 * _SAMPLE:
        return _ascending(Counter(values))
    values.sort()
    return array("q", values)


def _ascending(counts: Counter[int]) -> Iterable[int]:
    """Each value as often as it was counted, the smallest first."""
    return chain.from_iterable(starmap(repeat, sorted(counts.items())))


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
        """The scores of those who chose each option."""
        choosers: dict[str, ScoreSums] = {}
        for (option, score), people in self.counts.items():
            if option:
                more = ScoreSums(people, people * score, people * score * score)
                choosers[option] = choosers[option] + more if option in choosers else more
        return choosers


@dataclass(frozen=True)
class Answers:
    """The items in the header's order, and how many people have each score."""

    items: Sequence[ItemAnswers]
    scores: Mapping[int, int]


def read_answers(table: Table, keys: Sequence[str], missing: Missing) -> Answers:
    """Raises AnalysisError at the first row that has not one cell for each item."""
    counters: list[Counter[tuple[str, int]]] = [Counter() for _ in keys]
    people_with: Counter[int] = Counter()
    for block in table.blocks:
        rows = block.kept(missing)
        scores = [sum(map(eq, row, keys)) for row in rows]
        people_with.update(scores)
        for counter, column in zip(counters, zip(*rows, strict=True), strict=False):
            counter.update(zip(column, scores, strict=True))
    items = [ItemAnswers(key, counter) for key, counter in zip(keys, counters, strict=True)]
    return Answers(items, people_with)
