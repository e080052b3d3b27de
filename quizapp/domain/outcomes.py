"""Outcomes: what a nurse can record about a flag, when a sheet may be closed, and its place in the queue."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

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


class QueuePlace(IntEnum):
    """A sheet's most serious flag without an outcome, as its Priority; TO_CLOSE when all have one."""

    TALK_FIRST = 1
    TALK = 2
    CHECK = 3
    TO_CLOSE = 4


@dataclass(frozen=True)
class Review:
    """One recorded outcome. A correction is a later review; `number` counts from 1 within the flag."""

    number: int
    outcome: Outcome
    staff_name: str
    day: date


@dataclass(frozen=True)
class ReviewedFlag:
    """A flag's priority and its latest outcome; None if nothing is recorded yet."""

    priority: Priority
    outcome: Outcome | None


def may_close(flags: Iterable[ReviewedFlag]) -> bool:
    """Return whether every "talk first" and "talk" flag has an outcome, so that the sheet may be closed."""
    return all(flag.outcome is not None for flag in flags if flag.priority is not Priority.CHECK)


def queue_place(flags: Collection[ReviewedFlag]) -> QueuePlace | None:
    """Return the place of an open sheet in the queue; None for one without flags, which is not in the queue."""
    if not flags:
        return None
    return QueuePlace(min((flag.priority for flag in flags if flag.outcome is None), default=QueuePlace.TO_CLOSE))


def is_for_physician(flags: Iterable[ReviewedFlag]) -> bool:
    """Return whether something is left to the physician: such a sheet is kept for its full time."""
    return any(flag.outcome is Outcome.PHYSICIAN for flag in flags)


def days_left(
    ended: date, closed: date | None, for_physician: bool, today: date, sheet_days: int, closed_days: int
) -> int:
    """Return the whole days until a sheet is deleted, at least 0. `closed` is None if it is open."""
    full = sheet_days - (today - ended).days
    if closed is None or for_physician:
        return max(0, full)
    return max(0, min(full, closed_days - (today - closed).days))
