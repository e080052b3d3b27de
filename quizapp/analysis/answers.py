"""Reads chosen options: counts by option and score, whose size does not grow with the number of people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import eq

from quizapp.analysis.points import CountedPoints
from quizapp.analysis.table import Missing, Table
from quizapp.stats.classical_test_theory import ScoreSums


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
