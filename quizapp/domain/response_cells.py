"""Turn a batch of attempts into counters that name no attempt."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp.domain.grading import ItemRecord, score
from quizapp.stats.classical_test_theory import NOBODY, ScoreSums


@dataclass(frozen=True)
class ResponseCell:
    """One way to respond to an item: the option at the first try ("" for don't know), certainty, and the retry.

    `retry` is "right", "wrong", "dont-know", or "none" if there was no second try.
    """

    item_id: str
    form_id: str
    option_id: str
    certainty: str
    retry: str


@dataclass(frozen=True)
class Tally:
    """Counters of one batch: the scores of all attempts, how many had each score, and the scores in each cell."""

    group: ScoreSums
    scores: dict[int, int]
    options: dict[ResponseCell, ScoreSums]


def tally(attempts: Iterable[Sequence[ItemRecord]]) -> Tally:
    """Count a batch of finished attempts, each given as its item records."""
    group = NOBODY
    scores: Counter[int] = Counter()
    options: dict[ResponseCell, ScoreSums] = {}
    for records in attempts:
        total = score(records)
        one = ScoreSums(1, total, total * total)
        group += one
        scores[total] += 1
        for record in records:
            cell = _cell(record)
            if cell is not None:
                options[cell] = options.get(cell, NOBODY) + one
    return Tally(group, dict(scores), options)


def _cell(record: ItemRecord) -> ResponseCell | None:
    first = record.first
    if first is None:
        return None
    retry = record.second_result.value if record.second_result else "none"
    return ResponseCell(record.item.id, first.form_id, first.option_id or "", first.certainty.value, retry)


def quarter_of(year: int, month: int) -> str:
    """Return the quarter of a month, such as "2026-Q4"."""
    return f"{year}-Q{(month - 1) // 3 + 1}"
