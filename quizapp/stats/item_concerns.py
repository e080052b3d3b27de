"""Signs that an item's words are to blame, not the patients: some point to its lesson, some to its key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quizapp.domain.outcomes import Outcome
from quizapp.stats.beliefs import TOLERANCE
from quizapp.stats.item_figures import ItemFigures
from quizapp.stats.proportions import Share

TWO_NURSES = 2  # if a question has few talks, this many nurses who call it bad are enough
MANY_MISS = 0.25  # more than every fourth, by the low end of the interval: then the lesson does not teach it


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


def _nurses_say_bad(evidence: Evidence) -> bool:
    said = evidence.bad_question
    return said.passes(TOLERANCE) if said.is_enough else said.count >= TWO_NURSES


def _flagged(name: str) -> Callable[[Evidence], bool]:
    return lambda evidence: name in evidence.figures.flags


RULES: tuple[tuple[Suspicion, Callable[[Evidence], bool]], ...] = (
    (Suspicion("many-miss", "lesson"), lambda evidence: evidence.figures.missed.passes(MANY_MISS)),
    (Suspicion("nurses-say-bad", "key"), _nurses_say_bad),
    (Suspicion("distractor-beats-key", "key"), _flagged("distractor_beats_key")),
    (Suspicion("distractor-goes-with-knowing", "key"), _flagged("miskey_suspect")),
)


def suspicions(evidence: Evidence) -> tuple[Suspicion, ...]:
    """Return every reason to look at the item's words, its lesson first; none for most items."""
    return tuple(suspicion for suspicion, holds in RULES if holds(evidence))
