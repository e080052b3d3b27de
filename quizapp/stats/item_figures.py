"""What the tallies say about one item."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quizapp.domain.grading import Certainty, Result
from quizapp.domain.procedure import Item, Option
from quizapp.domain.response_cells import OptionKey
from quizapp.stats.classical_test_theory import ItemSums, ScoreSums, item_rest_r, item_sums
from quizapp.stats.distractors import CORRELATED, ENOUGH_CHOOSERS, OptionFigures, item_flags, option_figures
from quizapp.stats.intervals import correlation_low
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, ENOUGH_FOR_SHARES, Share

NOBODY = ScoreSums(0, 0, 0)
Ways = Mapping[OptionKey, ScoreSums]  # every way the item went, and the scores of those for whom it went so


@dataclass(frozen=True)
class OptionShare:
    """An option and who chose it at the first try; of them were `sure`, and not right at a second try."""

    option: Option
    share: Share
    sure: int
    still_missed: int


@dataclass(frozen=True)
class ItemFigures:
    """One item's figures. `right_after` is a share of those who were asked a second time.

    `discrimination` (corrected item-rest correlation, -1 to 1) is None below ENOUGH_FOR_CORRELATIONS people, and where
    nobody, or everybody, was right. `flags` are names of options.ITEM_FLAGS: none below ENOUGH_FOR_SHARES people, and
    below ENOUGH_FOR_CORRELATIONS none that rests on a correlation.
    """

    item: Item
    sums: ItemSums
    right: Share
    right_after: Share
    dont_know: Share
    sure_and_wrong: Share
    options: tuple[OptionShare, ...]
    discrimination: float | None
    flags: tuple[str, ...]

    @property
    def n(self) -> int:
        return self.right.n

    @property
    def missed(self) -> Share:
        """Not right at the first try, "I don't know yet" included."""
        return Share(self.n - self.right.count, self.n)


def item_figures(item: Item, ways: Ways) -> ItemFigures:
    """The figures of an item from its tallies, which may be added up over quarters and languages."""
    key_id = item.forms[0].key.id
    everyone = sum(ways.values(), NOBODY)
    sums = item_sums(_sum(ways, lambda way: way.option_id == key_id), everyone)

    def share(chosen: Callable[[OptionKey], bool]) -> Share:
        return Share(_sum(ways, chosen).n, everyone.n)

    asked_again = _sum(ways, lambda way: way.retry != "none").n
    right_after = _sum(ways, lambda way: way.retry == Result.RIGHT.value).n
    by_option = _by_option(ways, key_id, sums)
    enough = everyone.n >= ENOUGH_FOR_CORRELATIONS
    return ItemFigures(
        item=item,
        sums=sums,
        right=share(lambda way: way.option_id == key_id),
        right_after=Share(right_after, asked_again),
        dont_know=share(lambda way: way.option_id == ""),
        sure_and_wrong=share(lambda way: way.option_id not in ("", key_id) and way.certainty == Certainty.SURE.value),
        options=tuple(_option_share(option, ways, everyone.n) for option in item.forms[0].options),
        discrimination=item_rest_r(sums) if enough else None,
        flags=_flags(by_option, everyone.n),
    )


def _flags(by_option: tuple[OptionFigures, ...], n: int) -> tuple[str, ...]:
    """In an easy quiz all correlations are near 0, and some distractor beats the key by chance alone.

    So a flag that rests on a correlation also needs a distractor that surely goes with knowing the rest.
    """
    if n < ENOUGH_FOR_SHARES:
        return ()
    goes_with_knowing = n >= ENOUGH_FOR_CORRELATIONS and any(
        option.r_rest is not None and (correlation_low(option.r_rest, n) or 0) > 0
        for option in by_option
        if not option.is_key and option.n >= ENOUGH_CHOOSERS
    )
    return tuple(name for name in item_flags(by_option) if goes_with_knowing or name not in CORRELATED)


def _option_share(option: Option, ways: Ways, n: int) -> OptionShare:
    return OptionShare(
        option,
        Share(_sum(ways, lambda way: way.option_id == option.id).n, n),
        _sum(ways, lambda way: way.option_id == option.id and way.certainty == Certainty.SURE.value).n,
        _sum(ways, lambda way: way.option_id == option.id and way.retry not in ("none", Result.RIGHT.value)).n,
    )


def _by_option(ways: Ways, key_id: str, sums: ItemSums) -> tuple[OptionFigures, ...]:
    """The offered options; "I don't know yet" is no option that could be the key."""
    choosers: dict[str, ScoreSums] = defaultdict(lambda: NOBODY)
    for way, scores in ways.items():
        if way.option_id:
            choosers[way.option_id] += scores
    return option_figures(choosers, key_id, sums)


def _sum(ways: Ways, chosen: Callable[[OptionKey], bool]) -> ScoreSums:
    return sum((scores for way, scores in ways.items() if chosen(way)), NOBODY)
