"""What a nurse can record about a flag, and when a sheet may be closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quizapp.domain.flagging import Priority


class Outcome(StrEnum):
    """How the talk about a flag ended. Coded: no free text."""

    UNDERSTOOD = "understood"
    STILL_UNCLEAR = "still-unclear"
    PHYSICIAN = "physician"
    NOT_TALKED = "not-talked"
    BAD_QUESTION = "bad-question"


OUTCOME_LABELS = {
    Outcome.UNDERSTOOD: "Understood after talking",
    Outcome.STILL_UNCLEAR: "Still unclear",
    Outcome.PHYSICIAN: "For the physician",
    Outcome.NOT_TALKED: "Not talked about",
    Outcome.BAD_QUESTION: "The question is bad",
}


@dataclass(frozen=True)
class Review:
    """One recorded outcome. A correction is a later review; `number` counts from 1 within the flag."""

    number: int
    outcome: Outcome
    staff_name: str
    day: date


@dataclass(frozen=True)
class ReviewedFlag:
    """A flag's priority and its latest outcome; None where nothing is recorded yet."""

    priority: Priority
    outcome: Outcome | None


def may_close(flags: Iterable[ReviewedFlag]) -> bool:
    """A sheet may be closed when every "talk first" and "talk" flag has an outcome."""
    return all(flag.outcome is not None for flag in flags if flag.priority is not Priority.CHECK)
