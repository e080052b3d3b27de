"""From attempts to counters that name no attempt, and from counters to the figures of an item."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.grading import Certainty, ItemRecord, Result, score
from quizapp.domain.procedure import Item, Option
from quizapp.stats.classical_test_theory import NOBODY, ItemSums, ScoreSums, item_rest_r, item_sums
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, Share


@dataclass(frozen=True)
class ResponseCell:
    """One way to respond to an item: the option at the first try ("" for don't know), certainty, and the retry.

    `retry` is "right", "wrong", "dont-know", or "none" if there was no second try.
    """

    item: str
    form: str
    option: str
    certainty: str
    retry: str


@dataclass(frozen=True)
class Tally:
    """Counters of one batch: the scores of all attempts, how many had each score, and the scores in each cell."""

    group: ScoreSums
    scores: Mapping[int, int]
    cells: Mapping[ResponseCell, ScoreSums]


def tally(attempts: Iterable[Sequence[ItemRecord]]) -> Tally:
    """Count a batch of finished attempts, each given as its item records."""
    group = NOBODY
    scores: Counter[int] = Counter()
    cells: dict[ResponseCell, ScoreSums] = {}
    for records in attempts:
        total = score(records)
        one = ScoreSums(1, total, total * total)
        group += one
        scores[total] += 1
        for record in records:
            first, retry = record.first, record.second_result
            if first is not None:
                chosen = (first.form_id, first.option_id or "", first.certainty.value)
                cell = ResponseCell(record.item.id, *chosen, retry.value if retry else "none")
                cells[cell] = cells.get(cell, NOBODY) + one
    return Tally(group, scores, cells)


@dataclass(frozen=True)
class OptionShare:
    """An option and who chose it at the first try; `sure` of them were sure, `still_missed` missed it again."""

    option: Option
    scores: ScoreSums
    share: Share
    sure: int
    still_missed: int


@dataclass(frozen=True)
class ItemFigures:
    """One item's figures. `right_after` is a share of those who were asked a second time."""

    item: Item
    sums: ItemSums
    right: Share
    right_after: Share
    dont_know: Share
    sure_and_wrong: Share
    options: tuple[OptionShare, ...]

    @property
    def n(self) -> int:
        return self.right.n

    @property
    def missed(self) -> Share:
        """Not right at the first try, "I don't know yet" included."""
        return self.right.others

    @property
    def distractors(self) -> list[OptionShare]:
        return [option for option in self.options if not option.option.key]

    @property
    def discrimination(self) -> float | None:
        """Corrected item-rest correlation, -1 to 1. None below ENOUGH_FOR_CORRELATIONS people or without variance."""
        return item_rest_r(self.sums) if self.n >= ENOUGH_FOR_CORRELATIONS else None


def item_figures(item: Item, cells: Mapping[ResponseCell, ScoreSums]) -> ItemFigures:
    """Return the figures of an item from its cells, which may be added up over quarters and languages."""
    chose: dict[str, ScoreSums] = defaultdict(lambda: NOBODY)  # "" is "I don't know yet"
    sure, retried, still_missed = Counter[str](), Counter[str](), Counter[str]()
    for cell, scores in cells.items():
        chose[cell.option] += scores
        sure[cell.option] += scores.n if cell.certainty == Certainty.SURE.value else 0
        if cell.retry != "none":
            retried[cell.option] += scores.n
            still_missed[cell.option] += scores.n if cell.retry != Result.RIGHT.value else 0
    key, everyone = item.forms[0].key.id, sum(chose.values(), NOBODY)
    return ItemFigures(
        item=item,
        sums=item_sums(chose[key], everyone),
        right=Share(chose[key].n, everyone.n),
        right_after=Share(retried.total() - still_missed.total(), retried.total()),
        dont_know=Share(chose[""].n, everyone.n),
        sure_and_wrong=Share(sure.total() - sure[""] - sure[key], everyone.n),
        options=tuple(
            OptionShare(each, chose[each.id], Share(chose[each.id].n, everyone.n), sure[each.id], still_missed[each.id])
            for each in item.forms[0].options
        ),
    )
