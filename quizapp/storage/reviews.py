"""What nurses recorded, and the queue of sheets."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.domain.reviewing import Outcome, Review
from quizapp.storage.models import Attempt, FlagRow, ReviewRow, Staff, UnlockedSheet
from quizapp.storage.upserting import insert_or_ignore


@dataclass(frozen=True)
class QueueRow:
    """One sheet in the queue. Counts are of flags without an outcome yet."""

    attempt_id: str
    procedure: str
    language: str
    state: str
    day: date
    talk_first: int
    talk: int
    check: int
    items: tuple[str, ...]
    edition: str
    lessons_read: int


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
        select(ReviewRow.item, ReviewRow.outcome)
        .where(ReviewRow.attempt == attempt_id)
        .order_by(ReviewRow.number)
    )
    return {item: outcome for item, outcome in rows}


def append(session: Session, attempt_id: str, item_id: str, outcome: Outcome, staff_id: int, day: date) -> None:
    """Add a review after the last one of this flag. The caller holds the attempt, so numbers do not collide."""
    last = session.scalar(
        select(func.max(ReviewRow.number)).where(ReviewRow.attempt == attempt_id, ReviewRow.item == item_id)
    )
    session.add(
        ReviewRow(
            attempt=attempt_id,
            item=item_id,
            number=(last or 0) + 1,
            outcome=outcome.value,
            staff=staff_id,
            day=day,
        )
    )
    session.flush()


def unlock(session: Session, session_hash: bytes, attempt_id: str) -> None:
    """Note that the sheet's visit code was entered in this staff session."""
    insert_or_ignore(session, UnlockedSheet, session=session_hash, attempt=attempt_id)


def is_unlocked(session: Session, session_hash: bytes, attempt_id: str) -> bool:
    return session.get(UnlockedSheet, (session_hash, attempt_id)) is not None


def queue(session: Session) -> list[QueueRow]:
    """Sheets not closed that have a flag without an outcome, most serious first and then oldest."""
    open_flags = (
        select(FlagRow.attempt, FlagRow.item, FlagRow.priority)
        .join(Attempt, Attempt.id == FlagRow.attempt)
        .outerjoin(ReviewRow, (ReviewRow.attempt == FlagRow.attempt) & (ReviewRow.item == FlagRow.item))
        .where(ReviewRow.number.is_(None), Attempt.closed_day.is_(None))
        .order_by(FlagRow.priority, FlagRow.item)
    )
    by_attempt: dict[str, list[tuple[str, int]]] = {}
    for attempt_id, item, priority in session.execute(open_flags):
        by_attempt.setdefault(attempt_id, []).append((item, priority))
    if not by_attempt:
        return []
    sheets = session.scalars(
        select(Attempt).where(Attempt.state.in_(("stopped", "finished")), Attempt.closed_day.is_(None))
    )
    rows = [_queue_row(attempt, by_attempt[attempt.id]) for attempt in sheets if attempt.id in by_attempt]
    return sorted(rows, key=lambda row: (-row.talk_first, -row.talk, row.day, row.attempt_id))


def _queue_row(attempt: Attempt, flags: list[tuple[str, int]]) -> QueueRow:
    priorities = [priority for _, priority in flags]
    return QueueRow(
        attempt_id=attempt.id,
        procedure=attempt.procedure,
        language=attempt.language,
        state=attempt.state,
        day=attempt.day,
        talk_first=priorities.count(1),
        talk=priorities.count(2),
        check=priorities.count(3),
        items=tuple(item for item, _ in flags),
        edition=attempt.edition,
        lessons_read=attempt.lessons_read,
    )
