"""Is it the patient or the text? What about an item points to its lesson, and what to its key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quizapp.domain.outcomes import Outcome
from quizapp.stats.beliefs import TOLERANCE
from quizapp.stats.item_figures import ItemFigures
from quizapp.stats.proportions import Share

TWO_NURSES = 2  # who say so of a question that few talks were about are worth a look
MANY_MISS = 0.25  # surely more than every fourth: then the lesson did not teach it, whoever read it


@dataclass(frozen=True)
class Suspicion:
    """One reason to look at an item's words. `points_to` is "lesson" or "key"."""

    id: str
    points_to: str


@dataclass(frozen=True)
class Evidence:
    """What is known about an item: its figures, and how the talks about it ended (outcome -> how many)."""

    figures: ItemFigures
    talks: Mapping[str, int]

    @property
    def talked(self) -> int:
        """How many talks there were: "not talked about" is an outcome, but no talk."""
        return sum(n for outcome, n in self.talks.items() if outcome != Outcome.NOT_TALKED.value)

    @property
    def bad_question(self) -> Share:
        """How many talks ended with the nurse saying that the question is bad."""
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
    """Every reason to look at the item's words, its lesson first; none for most items."""
    return tuple(suspicion for suspicion, holds in RULES if holds(evidence))
