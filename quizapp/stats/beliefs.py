"""Which wrong beliefs are so common that the clinic should act, the most common first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.procedure import Item, Misconception
from quizapp.stats.claims import surely_above
from quizapp.stats.item_figures import ItemFigures, OptionShare
from quizapp.stats.proportions import Share, shrink

TOLERANCE = 0.10  # of those asked: if fewer hold a belief, talks with them are enough
CRITICAL_TOLERANCE = 0.05


@dataclass(frozen=True)
class Held:
    """One misconception at one item. `still_missed` (after the second try) is None for an item that is asked once.

    `estimate` is the share shrunk towards the mean of all: it is for ranking and is not shown. `claims`: at how many
    pairs of a misconception and an item the page could name one.
    """

    item: Item
    misconception: str
    share: Share
    sure: int
    still_missed: int | None
    estimate: float
    claims: int

    @property
    def stands_out(self) -> bool:
        """Whether surely more people hold it than is tolerated."""
        return surely_above(self.share.count, self.share.n, tolerance(self.item), self.claims)


@dataclass(frozen=True)
class AcrossItems:
    """A misconception at every item with an option that shows it: `chosen` of `answers` at these items.

    One person answers several items, so the answers are not independent, and an interval would be too narrow.
    """

    misconception: Misconception
    items: tuple[Item, ...]
    chosen: int
    answers: int


def tolerance(item: Item) -> float:
    """Return the share of people that may miss an item, or hold one belief at it, before the page reports it."""
    return CRITICAL_TOLERANCE if item.critical else TOLERANCE


def beliefs_held(figures: Sequence[ItemFigures]) -> tuple[Held, ...]:
    """Return every misconception at every item, by the shrunk share, so that tiny numbers never top the list."""
    found = [(one, misconception, options) for one in figures for misconception, options in _by_belief(one).items()]
    counts = [(sum(option.share.count for option in options), one.n) for one, _, options in found]
    shrunk = shrink(counts)
    if shrunk is None:
        return ()
    held = (
        Held(
            one.item,
            misconception,
            Share(*count),
            sum(option.sure for option in options),
            sum(option.still_missed for option in options) if one.item.tries > 1 else None,
            estimate,
            len(found),
        )
        for (one, misconception, options), count, estimate in zip(found, counts, shrunk.shares, strict=True)
    )
    return tuple(sorted(held, key=lambda one: (-one.estimate, -one.share.count, one.item.id, one.misconception)))


def across_items(figures: Sequence[ItemFigures], misconceptions: Sequence[Misconception]) -> tuple[AcrossItems, ...]:
    """Return each misconception over all items, the most often chosen first."""
    counts: dict[str, list[tuple[Item, int, int]]] = defaultdict(list)
    for one in figures:
        for misconception, options in _by_belief(one).items():
            counts[misconception].append((one.item, sum(option.share.count for option in options), one.n))
    found = (
        AcrossItems(
            misconception,
            tuple(item for item, _, _ in counts[misconception.id]),
            sum(chosen for _, chosen, _ in counts[misconception.id]),
            sum(n for _, _, n in counts[misconception.id]),
        )
        for misconception in misconceptions
        if misconception.id in counts
    )
    return tuple(sorted(found, key=lambda one: (-one.chosen, one.misconception.id)))


def _by_belief(figures: ItemFigures) -> dict[str, list[OptionShare]]:
    found: dict[str, list[OptionShare]] = defaultdict(list)
    for option in figures.options:
        if option.option.misconception:
            found[option.option.misconception].append(option)
    return found
