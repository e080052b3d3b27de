"""Turns a batch of attempts into counters that name no attempt."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp.domain.grading import ItemRecord, score


@dataclass(frozen=True)
class OptionKey:
    """One way an item can go: the first try's option ("" for don't know), how sure, and the retry's result.

    `retry` is "right", "wrong", "dont-know", or "none" where there was no second try.
    """

    item_id: str
    form_id: str
    option_id: str
    certainty: str
    retry: str


@dataclass(frozen=True)
class Sums:
    """n, the sum of scores, and the sum of squared scores, of the attempts counted together."""

    n: int = 0
    sum_score: int = 0
    sum_score_sq: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.n + other.n, self.sum_score + other.sum_score, self.sum_score_sq + other.sum_score_sq
        )


@dataclass(frozen=True)
class Tally:
    """Counters of one batch: all attempts together, how many had each score, and every option's."""

    group: Sums
    scores: dict[int, int]
    options: dict[OptionKey, Sums]


def tally(attempts: Iterable[Sequence[ItemRecord]]) -> Tally:
    """Count a batch of finished attempts, each given as its item records."""
    group = Sums()
    scores: Counter[int] = Counter()
    options: dict[OptionKey, Sums] = {}
    for records in attempts:
        total = score(records)
        one = Sums(1, total, total * total)
        group += one
        scores[total] += 1
        for record in records:
            key = _key(record)
            if key is not None:
                options[key] = options.get(key, Sums()) + one
    return Tally(group, dict(scores), options)


def _key(record: ItemRecord) -> OptionKey | None:
    first = record.first
    if first is None:
        return None
    retry = record.second_result.value if record.second_result else "none"
    return OptionKey(record.item.id, first.form_id, first.option_id or "", first.certainty.value, retry)


def quarter_of(year: int, month: int) -> str:
    """ "2026-Q4"."""
    return f"{year}-Q{(month - 1) // 3 + 1}"
