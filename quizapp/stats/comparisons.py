"""Compare the same items in two groups of people: two editions, or two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quizapp.stats.false_discovery import benjamini_hochberg, difference_p
from quizapp.stats.intervals import Interval, answers_needed, newcombe_difference
from quizapp.stats.proportions import Share

CHANCE = 0.05  # of the verdicts given, at most this share is expected to be chance


class Verdict(StrEnum):
    """How one share compares with the other."""

    BETTER = "better"
    WORSE = "worse"
    CANT_TELL = "can't tell yet"


@dataclass(frozen=True)
class Comparison:
    """One item's share right, and the other group's. `difference` is own minus base, -1 to 1.

    `more_needed`: about how many more answers would decide, at the shares seen so far. 0 if the interval excludes 0 but
    the adjustment for many items does not let it count. None if a verdict is given, or if no number would decide.
    """

    item_id: str
    own: Share
    base: Share
    difference: float | None
    interval: Interval | None
    verdict: Verdict
    more_needed: int | None


def compare(own: Mapping[str, Share], base: Mapping[str, Share]) -> tuple[Comparison, ...]:
    """Compare the items in both groups, in `own`'s order. Below ENOUGH_FOR_SHARES people: can't tell, without numbers.

    For a verdict, Newcombe's interval must exclude 0, and the difference must still count after Benjamini and
    Hochberg's adjustment for all items compared.
    """
    both = [item_id for item_id in own if item_id in base]
    tried = [item_id for item_id in both if own[item_id].is_enough and base[item_id].is_enough]
    p_values = [difference_p(own[i].count, own[i].n, base[i].count, base[i].n) for i in tried]
    adjusted = dict(zip(tried, benjamini_hochberg([1.0 if p is None else p for p in p_values]), strict=True))
    return tuple(_comparison(item_id, own[item_id], base[item_id], adjusted.get(item_id)) for item_id in both)


def _comparison(item_id: str, own: Share, base: Share, adjusted_p: float | None) -> Comparison:
    if adjusted_p is None or own.value is None or base.value is None:
        return Comparison(item_id, own, base, None, None, Verdict.CANT_TELL, None)
    interval = newcombe_difference(own.count, own.n, base.count, base.n)
    difference = own.value - base.value
    if interval is not None and adjusted_p <= CHANCE and not interval.low <= 0 <= interval.high:
        verdict = Verdict.BETTER if difference > 0 else Verdict.WORSE
        return Comparison(item_id, own, base, difference, interval, verdict, None)
    more = answers_needed(own.count, own.n, base.count, base.n)
    return Comparison(item_id, own, base, difference, interval, Verdict.CANT_TELL, more)
