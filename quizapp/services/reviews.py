"""What a nurse can do with a sheet: enter its visit code, record outcomes, close it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.domain.reviewing import Outcome, may_close
from quizapp.domain.visit_codes import CodeKeys
from quizapp.services.releases import sever
from quizapp.storage import attempts, reviews
from quizapp.storage.models import Attempt


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
    session_hash: bytes


def by_code(session: Session, keys: CodeKeys, typed: str) -> Attempt | None:
    """The attempt of a visit code as somebody typed it."""
    return attempts.by_code(session, keys.candidates(typed))


def unlock(session: Session, nurse: Nurse, attempt: Attempt) -> None:
    """Let this staff session record on the sheet: its visit code was entered."""
    reviews.unlock(session, nurse.session_hash, attempt.id)


def is_unlocked(session: Session, nurse: Nurse, attempt: Attempt) -> bool:
    return reviews.is_unlocked(session, nurse.session_hash, attempt.id)


def record(
    session: Session, nurse: Nurse, attempt: Attempt, outcomes: Mapping[str, Outcome], today: date
) -> None:
    """Append an outcome to each item's flag; all of them or none. The caller holds the attempt.

    What this nurse recorded last is not appended again, so a double click leaves one row.
    Raises CodeNeeded, FlagsChanged.
    """
    must_be_unlocked(session, nurse, attempt)
    if not outcomes.keys() <= {flag.item_id for flag in attempts.flags(session, attempt.id)}:
        raise FlagsChanged
    for item_id, outcome in outcomes.items():
        newest = reviews.last(session, attempt.id, item_id)
        if newest is None or (newest.outcome, newest.staff) != (outcome.value, nurse.staff_id):
            reviews.append(session, attempt.id, item_id, outcome, nurse.staff_id, today)


def close(session: Session, nurse: Nurse, attempt: Attempt, today: date) -> None:
    """Take the sheet out of the queue; it is severed some days later. Raises CodeNeeded, OutcomesMissing."""
    must_be_unlocked(session, nurse, attempt)
    if not may_close(reviews.reviewed_flags(session, attempt.id)):
        raise OutcomesMissing
    reviews.close(session, attempt.id, today)


def close_and_unlink(session: Session, nurse: Nurse, attempt: Attempt, today: date) -> None:
    """Close the sheet and sever it at once. Raises CodeNeeded, OutcomesMissing, KeptForPhysician."""
    close(session, nurse, attempt, today)
    if attempt.for_physician:
        raise KeptForPhysician
    sever(session, attempt)


def must_be_unlocked(session: Session, nurse: Nurse, attempt: Attempt) -> None:
    if not is_unlocked(session, nurse, attempt):
        raise CodeNeeded
