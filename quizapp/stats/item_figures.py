"""The figures of one item, from its response cells."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.domain.grading import Certainty, Result
from quizapp.domain.procedure import Item, Option
from quizapp.domain.response_cells import ResponseCell
from quizapp.stats.classical_test_theory import NOBODY, ItemSums, ScoreSums, item_rest_r, item_sums, option_rest_r
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, Share


@dataclass(frozen=True)
class OptionShare:
    """An option and who chose it at the first try; `sure` of them were sure, `still_missed` missed it again."""

    option: Option
    share: Share
    sure: int
    still_missed: int


@dataclass(frozen=True)
class ItemFigures:
    """One item's figures. `right_after` is a share of those who were asked a second time.

    `choosers`: the scores of those who chose each option at the first try ("" for "I don't know yet").
    """

    item: Item
    sums: ItemSums
    choosers: Mapping[str, ScoreSums]
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
        return Share(self.n - self.right.count, self.n)

    @property
    def discrimination(self) -> float | None:
        """Corrected item-rest correlation, -1 to 1. None below ENOUGH_FOR_CORRELATIONS people or without variance."""
        return item_rest_r(self.sums) if self.n >= ENOUGH_FOR_CORRELATIONS else None

    def rest_r(self, option: OptionShare) -> float | None:
        """The correlation of choosing the option with the rest score, -1 to 1. None without variance."""
        choosers = self.choosers.get(option.option.id, NOBODY)
        return option_rest_r(choosers, int(option.option.key), self.sums)


def item_figures(item: Item, cells: Mapping[ResponseCell, ScoreSums]) -> ItemFigures:
    """Return the figures of an item from its cells, which may be added up over quarters and languages."""
    choosers: dict[str, ScoreSums] = {}
    sure, retried, still_missed = Counter[str](), Counter[str](), Counter[str]()
    for cell, scores in cells.items():
        option = cell.option_id
        choosers[option] = choosers.get(option, NOBODY) + scores
        sure[option] += scores.n if cell.certainty == Certainty.SURE.value else 0
        if cell.retry != "none":
            retried[option] += scores.n
            still_missed[option] += scores.n if cell.retry != Result.RIGHT.value else 0
    key, everyone = item.forms[0].key.id, sum(choosers.values(), NOBODY)
    chose = Counter({option: scores.n for option, scores in choosers.items()})
    return ItemFigures(
        item=item,
        sums=item_sums(choosers.get(key, NOBODY), everyone),
        choosers=choosers,
        right=Share(chose[key], everyone.n),
        right_after=Share(retried.total() - still_missed.total(), retried.total()),
        dont_know=Share(chose[""], everyone.n),
        sure_and_wrong=Share(sure.total() - sure[""] - sure[key], everyone.n),
        options=tuple(
            OptionShare(option, Share(chose[option.id], everyone.n), sure[option.id], still_missed[option.id])
            for option in item.forms[0].options
        ),
    )
