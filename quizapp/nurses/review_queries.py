"""What nurses recorded about the flags of a sheet, and which sheets a staff session may record on."""

from datetime import date

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from quizapp.domain.flags import Priority
from quizapp.domain.outcomes import Outcome, Review, ReviewedFlag, is_for_physician, queue_place
from quizapp.models import Attempt, FlagRow, ReviewRow, Staff, UnlockedSheet
from quizapp.upsert import insert_or_ignore


def of_sheet(session: Session, attempt_id: str) -> dict[str, tuple[Review, ...]]:
    """Every review of a sheet by item, in the order they were made."""
    rows = session.execute(
        select(ReviewRow.item, ReviewRow.number, ReviewRow.outcome, ReviewRow.day, Staff.name)
        .join(Staff, Staff.id == ReviewRow.staff)
        .where(ReviewRow.attempt == attempt_id)
        .order_by(ReviewRow.item, ReviewRow.number)
    )
    found: dict[str, tuple[Review, ...]] = {}
    for row in rows:
        review = Review(row.number, Outcome(row.outcome), row.name, row.day)
        found[row.item] = (*found.get(row.item, ()), review)
    return found


def last_outcomes(session: Session, attempt_id: str) -> dict[str, str]:
    """The latest outcome of each reviewed item of a sheet."""
    rows = session.execute(
        select(ReviewRow.item, ReviewRow.outcome).where(ReviewRow.attempt == attempt_id).order_by(ReviewRow.number)
    )
    return dict(rows.all())


def reviewed_flags(session: Session, attempt_id: str) -> list[ReviewedFlag]:
    """Every flag of a sheet with its latest outcome."""
    outcomes = last_outcomes(session, attempt_id)
    rows = session.execute(select(FlagRow.item, FlagRow.priority).where(FlagRow.attempt == attempt_id))
    return [
        ReviewedFlag(Priority(priority), Outcome(outcomes[item]) if item in outcomes else None)
        for item, priority in rows
    ]


def last(session: Session, attempt_id: str, item_id: str) -> ReviewRow | None:
    """The latest review of one flag."""
    return session.scalar(
        select(ReviewRow)
        .where(ReviewRow.attempt == attempt_id, ReviewRow.item == item_id)
        .order_by(ReviewRow.number.desc())
        .limit(1)
    )


def append(session: Session, attempt_id: str, item_id: str, outcome: Outcome, staff_id: int, day: date) -> None:
    """Add a review after this flag's last one. The caller holds the attempt, so numbers do not collide."""
    newest = session.scalar(
        select(func.max(ReviewRow.number)).where(ReviewRow.attempt == attempt_id, ReviewRow.item == item_id)
    )
    session.add(
        ReviewRow(
            attempt=attempt_id,
            item=item_id,
            number=(newest or 0) + 1,
            outcome=outcome.value,
            staff=staff_id,
            day=day,
        )
    )
    session.flush()
    _place(session, attempt_id)


def close(session: Session, attempt_id: str, day: date) -> None:
    """Take a sheet out of the queue. The day of the first close stands."""
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(closed_day=func.coalesce(Attempt.closed_day, day), queue_place=None)
    )


def unlock(session: Session, session_hash: bytes, attempt_id: str) -> None:
    """Note that the sheet's visit code was entered in this staff session."""
    insert_or_ignore(session, UnlockedSheet, session=session_hash, attempt=attempt_id)


def is_unlocked(session: Session, session_hash: bytes, attempt_id: str) -> bool:
    return session.get(UnlockedSheet, (session_hash, attempt_id)) is not None


def _place(session: Session, attempt_id: str) -> None:
    """Put what flags and reviews say into the attempt's row, where the queue reads it."""
    flags = reviewed_flags(session, attempt_id)
    is_open = Attempt.closed_day.is_(None)
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(queue_place=case((is_open, queue_place(flags)), else_=None), for_physician=is_for_physician(flags))
    )
