"""What the clinic should look into: beliefs that too many hold, and items whose own words are to blame."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Item, Lesson, Misconception, Procedure
from quizapp.stats.claims import surely_above, surely_chosen_more, surely_correlated
from quizapp.stats.classical_test_theory import option_rest_r
from quizapp.stats.item_analysis import ENOUGH_CHOOSERS
from quizapp.stats.item_figures import ItemFigures, OptionShare
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, Share, shrink

TOLERANCE = 0.10  # of those asked: if fewer hold a belief, talks with them are enough
CRITICAL_TOLERANCE = 0.05
MANY_MISS = 0.25  # if surely more than every fourth misses an item, the lesson does not teach it
MISSED_BY_MANY = "many-miss"


@dataclass(frozen=True)
class Held:
    """One misconception at one item. `still_missed` (after the second try) is None for an item that is asked once.

    `estimate` is the share shrunk towards the mean of all: it is for ranking and is not shown. `stands_out`: whether
    surely more people hold it than is tolerated before the page reports it.
    """

    item: Item
    misconception: str
    share: Share
    sure: int
    still_missed: int | None
    estimate: float
    stands_out: bool


@dataclass(frozen=True)
class AcrossItems:
    """A misconception at every item with an option that shows it: `chosen`, of the answers to these items.

    One person answers several items, so the answers are not independent, and an interval would be too narrow.
    """

    misconception: Misconception
    items: tuple[Item, ...]
    chosen: Share


def beliefs_held(figures: Sequence[ItemFigures]) -> tuple[Held, ...]:
    """Return every misconception at every item, by the shrunk share, so that tiny numbers never top the list.

    The page could say of each that it stands out: that many claims share the error.
    """
    found = [(one, misconception, options) for one in figures for misconception, options in _by_belief(one).items()]
    shares = [_chosen(options) for _, _, options in found]
    estimates = shrink(shares)
    if estimates is None:
        return ()
    held = (
        Held(
            one.item,
            misconception,
            share,
            sum(option.sure for option in options),
            sum(option.still_missed for option in options) if one.item.tries > 1 else None,
            estimate,
            surely_above(share.count, share.n, CRITICAL_TOLERANCE if one.item.critical else TOLERANCE, len(found)),
        )
        for (one, misconception, options), share, estimate in zip(found, shares, estimates, strict=True)
    )
    return tuple(sorted(held, key=lambda one: (-one.estimate, -one.share.count, one.item.id, one.misconception)))


def across_items(figures: Sequence[ItemFigures], misconceptions: Sequence[Misconception]) -> tuple[AcrossItems, ...]:
    """Return each misconception over all items, the most often chosen first."""
    found = []
    for belief in misconceptions:
        at = {one.item: _chosen(options) for one in figures if (options := _by_belief(one).get(belief.id))}
        if at:
            found.append(AcrossItems(belief, tuple(at), sum(at.values(), Share(0, 0))))
    return tuple(sorted(found, key=lambda one: (-one.chosen.count, one.misconception.id)))


def _by_belief(figures: ItemFigures) -> dict[str, list[OptionShare]]:
    found: dict[str, list[OptionShare]] = defaultdict(list)
    for option in figures.options:
        if option.option.misconception:
            found[option.option.misconception].append(option)
    return found


def _chosen(options: Sequence[OptionShare]) -> Share:
    """Return who chose one of these options of an item, of those asked."""
    return Share(sum(option.share.count for option in options), options[0].share.n)


@dataclass(frozen=True)
class Evidence:
    """An item's figures, and how the talks about it ended (outcome -> how many)."""

    figures: ItemFigures
    talks: Mapping[str, int]

    @property
    def talked(self) -> int:
        """The number of talks: "not talked about" is an outcome, but not a talk."""
        return sum(n for outcome, n in self.talks.items() if outcome != Outcome.NOT_TALKED.value)

    @property
    def bad_question(self) -> Share:
        """The share of talks in which the nurse said that the question is bad."""
        return Share(self.talks.get(Outcome.BAD_QUESTION.value, 0), self.talked)


@dataclass(frozen=True)
class ItemConcern:
    """An item whose words should be looked at, with the id of every reason."""

    evidence: Evidence
    lesson: Lesson
    reasons: tuple[str, ...]

    @property
    def is_about_the_key(self) -> bool:
        """Every reason but one is about the key. Then the lesson is not to blame for the misses."""
        return any(reason != MISSED_BY_MANY for reason in self.reasons)


def concerns(procedure: Procedure, evidence: Sequence[Evidence]) -> tuple[ItemConcern, ...]:
    """Return the items to look at: doubts about keys first, then lessons, each the most missed first.

    `evidence` is of all items of the page, because the error is divided among all claims that the page could make:
    one for each item, and one for each distractor.
    """
    distractors = sum(len(one.figures.distractors) for one in evidence)
    found = [
        ItemConcern(one, procedure.lesson_of(one.figures.item.id), reasons)
        for one in evidence
        if (reasons := tuple(suspicions(one, len(evidence), distractors)))
    ]
    return tuple(sorted(found, key=lambda one: (not one.is_about_the_key, -one.evidence.figures.missed.count)))


def suspicions(evidence: Evidence, items: int, distractors: int) -> Iterator[str]:
    """Yield every reason to look at an item's words, its lesson first; none for most. The page has so many of both."""
    figures, said_bad = evidence.figures, evidence.bad_question
    if surely_above(figures.missed.count, figures.missed.n, MANY_MISS, items):
        yield MISSED_BY_MANY
    if surely_above(said_bad.count, said_bad.n, TOLERANCE, items):
        yield "nurses-say-bad"
    if any(surely_chosen_more(one.share.count, figures.right.count, distractors) for one in figures.distractors):
        yield "distractor-beats-key"
    often_chosen = [one for one in figures.distractors if one.share.count >= ENOUGH_CHOOSERS]
    correlations = [r for one in often_chosen if (r := option_rest_r(one.scores, 0, figures.sums)) is not None]
    if figures.n >= ENOUGH_FOR_CORRELATIONS and any(surely_correlated(r, figures.n, distractors) for r in correlations):
        yield "distractor-goes-with-knowing"
