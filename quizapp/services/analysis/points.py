"""The marks of one item beside the scores: counted where values repeat, row by row where they hardly do.

Marks and scores are whole numbers of some unit, so that sums are exact and equal scores are equal.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from operator import mul, sub
from typing import Protocol

from quizapp.domain.discrimination import Points, Runs
from quizapp.domain.statistics import ItemSums, ScoreSums

_SAMPLE = 10_000


class ItemPoints(Protocol):
    """What an item's figures are computed from; `domain.discrimination` says what points and runs are."""

    def sums(self, everyone: ScoreSums) -> ItemSums: ...

    def points(self) -> Points: ...

    def mark_runs(self) -> Runs: ...

    def rest_runs(self) -> Runs: ...


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

    def mark_runs(self) -> Runs:
        runs: Counter[int] = Counter()
        for mark, _, people in self.points():
            runs[mark] += people
        return sorted(runs.items())

    def rest_runs(self) -> Runs:
        runs: Counter[int] = Counter()
        for mark, score, people in self.points():
            runs[score - mark] += people
        return sorted(runs.items())


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

    def mark_runs(self) -> Runs:
        return self._runs(lambda: iter(self.marks))

    def rest_runs(self) -> Runs:
        return self._runs(lambda: map(sub, self.scores, self.marks))

    @staticmethod
    def _runs(values: Callable[[], Iterator[int]]) -> Runs:
        """Counting is quicker than sorting, but takes more room where hardly a value repeats."""
        if len(set(islice(values(), _SAMPLE))) < 0.9 * _SAMPLE:
            return sorted(Counter(values()).items())
        return zip(sorted(values()), repeat(1))
