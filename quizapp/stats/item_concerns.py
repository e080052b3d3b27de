"""Signs that an item's words are to blame, not the patients: some point to its lesson, some to its key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.outcomes import Outcome
from quizapp.stats.beliefs import TOLERANCE
from quizapp.stats.claims import surely_above, surely_chosen_more, surely_correlated
from quizapp.stats.distractors import ENOUGH_CHOOSERS
from quizapp.stats.item_figures import ItemFigures
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, Share

MANY_MISS = 0.25  # if surely more than every fourth misses an item, the lesson does not teach it


@dataclass(frozen=True)
class Suspicion:
    """One reason to look at an item's words. `points_to` is "lesson" or "key"."""

    id: str
    points_to: str


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
class Page:
    """How many claims of each kind the page could make: one for each item, and one for each distractor."""

    items: int
    distractors: int


def _many_miss(evidence: Evidence, page: Page) -> bool:
    missed = evidence.figures.missed
    return surely_above(missed.count, missed.n, MANY_MISS, page.items)


def _nurses_say_bad(evidence: Evidence, page: Page) -> bool:
    said = evidence.bad_question
    return surely_above(said.count, said.n, TOLERANCE, page.items)


def _distractor_beats_key(evidence: Evidence, page: Page) -> bool:
    figures = evidence.figures
    return any(
        surely_chosen_more(one.share.count, figures.right.count, page.distractors)
        for one in figures.options
        if not one.option.key
    )


def _distractor_goes_with_knowing(evidence: Evidence, page: Page) -> bool:
    figures = evidence.figures
    return figures.n >= ENOUGH_FOR_CORRELATIONS and any(
        r is not None and surely_correlated(r, figures.n, page.distractors)
        for option in figures.options
        if not option.option.key and option.share.count >= ENOUGH_CHOOSERS
        for r in [figures.rest_r(option)]
    )


RULES: tuple[tuple[Suspicion, Callable[[Evidence, Page], bool]], ...] = (
    (Suspicion("many-miss", "lesson"), _many_miss),
    (Suspicion("nurses-say-bad", "key"), _nurses_say_bad),
    (Suspicion("distractor-beats-key", "key"), _distractor_beats_key),
    (Suspicion("distractor-goes-with-knowing", "key"), _distractor_goes_with_knowing),
)


def suspicions(evidence: Sequence[Evidence]) -> list[tuple[Suspicion, ...]]:
    """Return every reason to look at each item's words, its lesson first; none for most items.

    `evidence` is of all items of the page, because the error is divided among all claims that the page could make.
    """
    options = [option for one in evidence for option in one.figures.options]
    page = Page(len(evidence), sum(not one.option.key for one in options))
    return [tuple(suspicion for suspicion, holds in RULES if holds(one, page)) for one in evidence]
