"""Outcomes: what a nurse can record about a flag, when a sheet may be closed, and its place in the queue."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from quizapp.domain.flags import Priority
from quizapp.domain.gettext_marker import N_


class Outcome(StrEnum):
    """How the talk about a flag ended. Coded: no free text."""

    UNDERSTOOD = "understood"
    STILL_UNCLEAR = "still-unclear"
    PHYSICIAN = "physician"
    NOT_TALKED = "not-talked"
    BAD_QUESTION = "bad-question"

    @property
    def is_talk(self) -> bool:
        """Whether there was a talk: "not talked about" is recorded, but is none."""
        return self is not Outcome.NOT_TALKED


OUTCOME_LABELS = {
    Outcome.UNDERSTOOD: N_("Understood after talking"),
    Outcome.STILL_UNCLEAR: N_("Still unclear"),
    Outcome.PHYSICIAN: N_("For the physician"),
    Outcome.NOT_TALKED: N_("Not talked about"),
    Outcome.BAD_QUESTION: N_("The question is bad"),
}


# Outcomes after which nothing is left to do, and those that somebody has to follow up.
SETTLED = (Outcome.UNDERSTOOD, Outcome.BAD_QUESTION)
FOLLOW_UPS = (Outcome.STILL_UNCLEAR, Outcome.PHYSICIAN)

# Stored in place of an outcome if the patient, asked again in the room, answers otherwise than the leaflet.
REOPENED = "reopened"


TO_CLOSE = 4  # in the queue, after every Priority: each flag of the sheet has an outcome


@dataclass(frozen=True)
class Review:
    """One recorded outcome; None if asking again in the room opened the flag again.

    A correction is a later review; `number` counts from 1 within the flag.
    """

    number: int
    outcome: Outcome | None
    staff_name: str
    day: date


@dataclass(frozen=True)
class ReviewedFlag:
    """A flag's priority and its latest outcome; None if nothing is recorded, or (`is_reopened`) not since a recheck."""

    priority: Priority
    outcome: Outcome | None
    is_reopened: bool = False

    @classmethod
    def of(cls, priority: Priority, reviews: Sequence[Review]) -> Self:
        """Return a flag as its reviews, in order, leave it."""
        outcome = reviews[-1].outcome if reviews else None
        return cls(priority, outcome, is_reopened=bool(reviews) and outcome is None)


def may_close(flags: Iterable[ReviewedFlag]) -> bool:
    """Return whether every "talk first", "talk" and reopened flag has an outcome, so that the sheet may be closed."""
    needed = (flag for flag in flags if flag.is_reopened or flag.priority is not Priority.CHECK)
    return all(flag.outcome is not None for flag in needed)


def queue_place(flags: Collection[ReviewedFlag]) -> int | None:
    """Return an open sheet's place in the queue: its most serious open flag's, or TO_CLOSE; None without flags."""
    open_flags = (flag.priority.value for flag in flags if flag.outcome is None)
    return min(open_flags, default=TO_CLOSE) if flags else None


def has_follow_up(flags: Iterable[ReviewedFlag]) -> bool:
    """Return whether something is left to follow up: such a sheet is kept for its full time."""
    return any(flag.outcome in FOLLOW_UPS for flag in flags)
