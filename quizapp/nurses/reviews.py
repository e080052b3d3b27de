"""Reviews: unlock a sheet by its visit code, record how each talk went, stop for the patient, close the sheet."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import SignedIn
from quizapp.aggregation.cleanup import unlink_sheet
from quizapp.db import insert_or_ignore
from quizapp.domain.flags import Priority
from quizapp.domain.outcomes import REOPENED, Outcome, Review, ReviewedFlag, has_follow_up, may_close, queue_place
from quizapp.domain.procedure import Procedure
from quizapp.models import Attempt, FlagRow, ReviewRow, Staff, UnlockedSheet
from quizapp.patients import attempts


class Refusal(StrEnum):
    """Why something cannot be done with a sheet now; the value is the name of a message."""

    CODE_NEEDED = "code-first"  # its visit code was not entered in this staff session
    FLAGS_CHANGED = "changed"  # an outcome is for a flag that it does not have (any more): the patient has gone on
    OUTCOMES_MISSING = "outcomes-missing"  # a "talk first", "talk" or reopened flag has no outcome
    KEPT_FOR_FOLLOW_UP = "follow-up"  # something is left to follow up, so it is kept for its full time
    NOTHING_TO_ASK = "nothing-to-ask"  # no question is left that can be asked in other words


class NotAllowed(Exception):
    """What was asked for cannot be done with this sheet now; nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def unlock(session: Session, nurse: SignedIn, attempt: Attempt) -> None:
    """Note that the sheet's visit code was entered in this staff session."""
    insert_or_ignore(session, UnlockedSheet, session=nurse.session_hash, attempt=attempt.id)


def is_unlocked(session: Session, nurse: SignedIn, attempt: Attempt) -> bool:
    """Return whether the sheet's visit code was entered in this staff session."""
    return session.get(UnlockedSheet, (nurse.session_hash, attempt.id)) is not None


def must_be_unlocked(session: Session, nurse: SignedIn, attempt: Attempt) -> None:
    """Raise NotAllowed if the sheet's visit code was not entered in this staff session."""
    if not is_unlocked(session, nurse, attempt):
        raise NotAllowed(Refusal.CODE_NEEDED)


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
        review = Review(row.number, _outcome(row.outcome), row.name, row.day)
        reviews[row.item] = (*reviews.get(row.item, ()), review)
    return reviews


def reviewed_flags(session: Session, attempt_ids: Collection[str]) -> dict[str, dict[str, ReviewedFlag]]:
    """Return the flags of some sheets, by item, each with its latest outcome."""
    rows = session.execute(
        select(FlagRow.attempt, FlagRow.item, FlagRow.priority, ReviewRow.outcome)
        .outerjoin(ReviewRow, (ReviewRow.attempt == FlagRow.attempt) & (ReviewRow.item == FlagRow.item))
        .where(FlagRow.attempt.in_(attempt_ids))
        .order_by(ReviewRow.number)  # so that a flag's latest review comes last
    )
    flags: dict[str, dict[str, ReviewedFlag]] = {attempt_id: {} for attempt_id in attempt_ids}
    for attempt_id, item_id, priority, outcome in rows:
        flags[attempt_id][item_id] = ReviewedFlag(Priority(priority), _outcome(outcome), outcome == REOPENED)
    return flags


def _outcome(stored: str | None) -> Outcome | None:
    return None if stored in (None, REOPENED) else Outcome(stored)


def record(session: Session, nurse: SignedIn, attempt: Attempt, outcomes: Mapping[str, Outcome], now: datetime) -> None:
    """Append an outcome to each item's flag; all of them or none. The caller holds the attempt.

    What this nurse recorded last is not appended again, so a double click leaves one row.
    Raises NotAllowed: CODE_NEEDED, FLAGS_CHANGED.
    """
    must_be_unlocked(session, nurse, attempt)
    if not outcomes.keys() <= {flag.item_id for flag in attempts.flags(session, attempt.id)}:
        raise NotAllowed(Refusal.FLAGS_CHANGED)
    appended = [
        _append(session, attempt.id, item_id, outcome.value, nurse.staff_id, now.date())
        for item_id, outcome in outcomes.items()
    ]
    if any(appended):
        _place_in_queue(session, attempt)
        audit.note(session, now, nurse.name, "outcome", attempt.id)


def reopen(session: Session, nurse: SignedIn, attempt: Attempt, item_id: str, day: date) -> None:
    """Open an item's flag again, and a closed sheet too."""
    session.refresh(attempt, with_for_update=True)  # another nurse may have closed it since it was read
    _append(session, attempt.id, item_id, REOPENED, nurse.staff_id, day)
    attempt.closed_day = None
    _place_in_queue(session, attempt)


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


def close(session: Session, nurse: SignedIn, attempt: Attempt, now: datetime) -> None:
    """Take the sheet out of the queue; it is deleted some days later. The day of the first close counts.

    The caller holds the attempt. Raises NotAllowed: CODE_NEEDED, OUTCOMES_MISSING.
    """
    _must_be_closable(session, nurse, attempt)
    attempt.closed_day = attempt.closed_day or now.date()
    attempt.queue_place = None
    session.flush()
    audit.note(session, now, nurse.name, "sheet-closed", attempt.id)


def close_and_unlink(session: Session, nurse: SignedIn, attempt: Attempt, now: datetime) -> None:
    """Close the sheet and delete it at once. Raises NotAllowed as `close` does, and KEPT_FOR_FOLLOW_UP."""
    _must_be_closable(session, nurse, attempt)
    if attempt.for_physician:
        raise NotAllowed(Refusal.KEPT_FOR_FOLLOW_UP)
    audit.note(session, now, nurse.name, "sheet-closed", attempt.id, "and unlinked")
    unlink_sheet(session, attempt)


def stop(session: Session, nurse: SignedIn, attempt: Attempt, procedure: Procedure, now: datetime) -> None:
    """Make the sheet of a patient who has left. Does nothing if it is made already. Raises NotAllowed: CODE_NEEDED."""
    must_be_unlocked(session, nurse, attempt)
    if attempt.state == "open":
        attempts.stop(session, attempt, procedure, now.date())
        audit.note(session, now, nurse.name, "sheet-stopped", attempt.id)


def _must_be_closable(session: Session, nurse: SignedIn, attempt: Attempt) -> None:
    must_be_unlocked(session, nurse, attempt)
    if not may_close(reviewed_flags(session, [attempt.id])[attempt.id].values()):
        raise NotAllowed(Refusal.OUTCOMES_MISSING)


def _place_in_queue(session: Session, attempt: Attempt) -> None:
    """Store what flags and reviews come to in the attempt's row, which the queue reads. The caller holds it."""
    flags = reviewed_flags(session, [attempt.id])[attempt.id].values()
    attempt.queue_place = None if attempt.closed_day else queue_place(flags)
    attempt.for_physician = has_follow_up(flags)
    session.flush()
