"""What a nurse can do with a sheet: open it, record outcomes, close it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.aggregation.retention import unlink_sheet
from quizapp.domain.outcomes import Outcome, may_close
from quizapp.models import Attempt
from quizapp.nurses import review_queries
from quizapp.patients import attempt_queries


class NotAllowed(Exception):
    """What was asked for cannot be done with this sheet now; nothing was changed."""


class CodeNeeded(NotAllowed):
    """The sheet's visit code was not entered in this staff session."""


class FlagsChanged(NotAllowed):
    """An outcome is for a flag that the sheet does not have (any more): the patient has gone on since."""


class OutcomesMissing(NotAllowed):
    """A "talk first" or "talk" flag has no outcome yet, so the sheet cannot be closed."""


class KeptForPhysician(NotAllowed):
    """Something is left to the physician, so the sheet stays for its full time."""


@dataclass(frozen=True)
class Nurse:
    """Who acts, and by the hash of which staff session."""

    staff_id: int
    name: str
    session_hash: bytes


def is_unlocked(session: Session, nurse: Nurse, attempt: Attempt) -> bool:
    """Whether the sheet's visit code was entered in this staff session."""
    return review_queries.is_unlocked(session, nurse.session_hash, attempt.id)


def must_be_unlocked(session: Session, nurse: Nurse, attempt: Attempt) -> None:
    if not is_unlocked(session, nurse, attempt):
        raise CodeNeeded


def note_preparing(session: Session, nurse: Nurse, attempt: Attempt, now: datetime) -> None:
    """Audit that a sheet was opened from the queue, without its code."""
    audit.note(session, now, nurse.name, "sheet-opened", attempt.id, "to prepare")


def record(session: Session, nurse: Nurse, attempt: Attempt, outcomes: Mapping[str, Outcome], now: datetime) -> None:
    """Append an outcome to each item's flag; all of them or none. The caller holds the attempt.

    What this nurse recorded last is not appended again, so a double click leaves one row.
    Raises CodeNeeded, FlagsChanged.
    """
    must_be_unlocked(session, nurse, attempt)
    if not outcomes.keys() <= {flag.item_id for flag in attempt_queries.flags(session, attempt.id)}:
        raise FlagsChanged
    new = {
        item_id: outcome
        for item_id, outcome in outcomes.items()
        if not _was_last(session, nurse, attempt, item_id, outcome)
    }
    for item_id, outcome in new.items():
        review_queries.append(session, attempt.id, item_id, outcome, nurse.staff_id, now.date())
    if new:
        audit.note(session, now, nurse.name, "outcome", attempt.id)


def close(session: Session, nurse: Nurse, attempt: Attempt, now: datetime) -> None:
    """Take the sheet out of the queue; it is unlinked some days later. Raises CodeNeeded, OutcomesMissing."""
    _must_be_closable(session, nurse, attempt)
    review_queries.close(session, attempt.id, now.date())
    audit.note(session, now, nurse.name, "sheet-closed", attempt.id)


def close_and_unlink(session: Session, nurse: Nurse, attempt: Attempt, now: datetime) -> None:
    """Close the sheet and unlink it at once. Raises CodeNeeded, OutcomesMissing, KeptForPhysician."""
    _must_be_closable(session, nurse, attempt)
    if attempt.for_physician:
        raise KeptForPhysician
    audit.note(session, now, nurse.name, "sheet-closed", attempt.id, "and unlinked")
    unlink_sheet(session, attempt)


def _must_be_closable(session: Session, nurse: Nurse, attempt: Attempt) -> None:
    must_be_unlocked(session, nurse, attempt)
    if not may_close(review_queries.reviewed_flags(session, attempt.id)):
        raise OutcomesMissing


def _was_last(session: Session, nurse: Nurse, attempt: Attempt, item_id: str, outcome: Outcome) -> bool:
    newest = review_queries.last(session, attempt.id, item_id)
    return newest is not None and (newest.outcome, newest.staff) == (outcome.value, nurse.staff_id)
