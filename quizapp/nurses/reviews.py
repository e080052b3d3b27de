"""Reviews: unlock a sheet by its visit code, record how each talk went, stop for the patient, close the sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.aggregation.retention import unlink_sheet
from quizapp.db import insert_or_ignore
from quizapp.domain.outcomes import REOPENED, Outcome, Review, ReviewedFlag, has_follow_up, may_close, queue_place
from quizapp.domain.procedure import Procedure
from quizapp.models import Attempt, ReviewRow, Staff, UnlockedSheet
from quizapp.patients import attempts


class NotAllowed(Exception):
    """What was asked for cannot be done with this sheet now; nothing was changed."""


class CodeNeeded(NotAllowed):
    """The sheet's visit code was not entered in this staff session."""


class FlagsChanged(NotAllowed):
    """An outcome is for a flag that the sheet does not have (any more): the patient has gone on since."""


class OutcomesMissing(NotAllowed):
    """A "talk first", "talk" or reopened flag has no outcome, so the sheet cannot be closed."""


class KeptForFollowUp(NotAllowed):
    """Something is left to follow up, so the sheet is kept for its full time."""


@dataclass(frozen=True)
class Nurse:
    """The person who acts, and the hash of their staff session."""

    staff_id: int
    name: str
    session_hash: bytes


def unlock(session: Session, nurse: Nurse, attempt: Attempt) -> None:
    """Note that the sheet's visit code was entered in this staff session."""
    insert_or_ignore(session, UnlockedSheet, session=nurse.session_hash, attempt=attempt.id)


def is_unlocked(session: Session, nurse: Nurse, attempt: Attempt) -> bool:
    """Tell whether the sheet's visit code was entered in this staff session."""
    return session.get(UnlockedSheet, (nurse.session_hash, attempt.id)) is not None


def must_be_unlocked(session: Session, nurse: Nurse, attempt: Attempt) -> None:
    """Raise CodeNeeded if the sheet's visit code was not entered in this staff session."""
    if not is_unlocked(session, nurse, attempt):
        raise CodeNeeded


def reviews_of(session: Session, attempt_id: str) -> dict[str, tuple[Review, ...]]:
    """Return every review of a sheet by item, in the order they were made; also what asking again opened again."""
    rows = session.execute(
        select(ReviewRow.item, ReviewRow.number, ReviewRow.outcome, ReviewRow.day, Staff.name)
        .join(Staff, Staff.id == ReviewRow.staff)
        .where(ReviewRow.attempt == attempt_id)
        .order_by(ReviewRow.item, ReviewRow.number)
    )
    reviews: dict[str, tuple[Review, ...]] = {}
    for row in rows:
        outcome = None if row.outcome == REOPENED else Outcome(row.outcome)
        review = Review(row.number, outcome, row.name, row.day)
        reviews[row.item] = (*reviews.get(row.item, ()), review)
    return reviews


def reviewed_flags(session: Session, attempt_id: str) -> list[ReviewedFlag]:
    """Return every flag of a sheet with its latest outcome."""
    reviews = reviews_of(session, attempt_id)
    flags = attempts.flags(session, attempt_id)
    return [ReviewedFlag.of(flag.priority, reviews.get(flag.item_id, ())) for flag in flags]


def record(session: Session, nurse: Nurse, attempt: Attempt, outcomes: Mapping[str, Outcome], now: datetime) -> None:
    """Append an outcome to each item's flag; all of them or none. The caller holds the attempt.

    What this nurse recorded last is not appended again, so a double click leaves one row.
    Raises CodeNeeded, FlagsChanged.
    """
    must_be_unlocked(session, nurse, attempt)
    if not outcomes.keys() <= {flag.item_id for flag in attempts.flags(session, attempt.id)}:
        raise FlagsChanged
    appended = [
        _append(session, attempt.id, item_id, outcome.value, nurse.staff_id, now.date())
        for item_id, outcome in outcomes.items()
    ]
    if any(appended):
        _place_in_queue(session, attempt.id)
        audit.note(session, now, nurse.name, "outcome", attempt.id)


def reopen(session: Session, nurse: Nurse, attempt: Attempt, item_id: str, day: date) -> None:
    """Open an item's flag again, and a closed sheet too."""
    session.get(Attempt, attempt.id, with_for_update=True)
    _append(session, attempt.id, item_id, REOPENED, nurse.staff_id, day)
    attempt.closed_day = None
    session.flush()
    _place_in_queue(session, attempt.id)


def _append(session: Session, attempt_id: str, item_id: str, outcome: str, staff_id: int, day: date) -> bool:
    """Store a review after the flag's last one, unless that is the same one by the same person.

    The caller holds the attempt, so that numbers do not collide. Returns whether it was stored.
    """
    last = session.scalar(
        select(ReviewRow)
        .where(ReviewRow.attempt == attempt_id, ReviewRow.item == item_id)
        .order_by(ReviewRow.number.desc())
        .limit(1)
    )
    if last is not None and (last.outcome, last.staff) == (outcome, staff_id):
        return False
    number = last.number + 1 if last is not None else 1
    session.add(ReviewRow(attempt=attempt_id, item=item_id, number=number, outcome=outcome, staff=staff_id, day=day))
    session.flush()
    return True


def close(session: Session, nurse: Nurse, attempt: Attempt, now: datetime) -> None:
    """Take the sheet out of the queue; it is deleted some days later. The day of the first close counts.

    Raises CodeNeeded, OutcomesMissing.
    """
    _must_be_closable(session, nurse, attempt)
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(closed_day=func.coalesce(Attempt.closed_day, now.date()), queue_place=None)
    )
    audit.note(session, now, nurse.name, "sheet-closed", attempt.id)


def close_and_unlink(session: Session, nurse: Nurse, attempt: Attempt, now: datetime) -> None:
    """Close the sheet and delete it at once. Raises CodeNeeded, OutcomesMissing, KeptForFollowUp."""
    _must_be_closable(session, nurse, attempt)
    if attempt.for_physician:
        raise KeptForFollowUp
    audit.note(session, now, nurse.name, "sheet-closed", attempt.id, "and unlinked")
    unlink_sheet(session, attempt)


def stop(session: Session, nurse: Nurse, attempt: Attempt, procedure: Procedure, now: datetime) -> None:
    """Make the sheet of a patient who has left. Does nothing if it is made already. Raises CodeNeeded."""
    must_be_unlocked(session, nurse, attempt)
    if attempt.state == "open":
        attempts.stop(session, attempt, procedure, now.date())
        audit.note(session, now, nurse.name, "sheet-stopped", attempt.id)


def _must_be_closable(session: Session, nurse: Nurse, attempt: Attempt) -> None:
    must_be_unlocked(session, nurse, attempt)
    if not may_close(reviewed_flags(session, attempt.id)):
        raise OutcomesMissing


def _place_in_queue(session: Session, attempt_id: str) -> None:
    """Store what flags and reviews come to in the attempt's row, which the queue reads."""
    flags = reviewed_flags(session, attempt_id)
    is_open = Attempt.closed_day.is_(None)
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(queue_place=case((is_open, queue_place(flags)), else_=None), for_physician=has_follow_up(flags))
    )
