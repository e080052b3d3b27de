"""How sheets end: which are past their days, and how one is unlinked from everything that leads to the patient."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from quizapp.aggregation import scrub
from quizapp.aggregation.tallies import GroupKey
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.domain.outcomes import REOPENED
from quizapp.models import Attempt, ResponseRow, ReviewRow
from quizapp.patients import attempts
from quizapp.tally_models import WaitingAttempt, WaitingOutcome, WaitingResponse

_IS_SHEET = Attempt.state.in_(("stopped", "finished", "invited"))


def unlink_sheet(session: Session, attempt: Attempt) -> None:
    """Delete a sheet with its code, secret, day, flags, reviews and prompts.

    Answers that the tallies have not counted yet are kept under a new id, so that nothing leads back to the sheet.
    """
    if attempt.state == "finished" and not attempt.tallied:
        _keep_answers(session, attempt)
    sheet, group = secrets.token_urlsafe(16), _group_of(attempt)
    session.add_all(
        WaitingOutcome(sheet=sheet, item=item, outcome=outcome, **group)
        for item, outcome in _last_outcomes(session, attempt.id).items()
    )
    session.delete(attempt)
    scrub.deleted(session)
    session.flush()


def _last_outcomes(session: Session, attempt_id: str) -> dict[str, str]:
    """Return the latest outcome of each reviewed item of a sheet; none for one that a recheck opened again."""
    rows = session.execute(
        select(ReviewRow.item, ReviewRow.outcome).where(ReviewRow.attempt == attempt_id).order_by(ReviewRow.number)
    )
    latest: dict[str, str] = dict(rows.all())
    return {item_id: outcome for item_id, outcome in latest.items() if outcome != REOPENED}


def _keep_answers(session: Session, attempt: Attempt) -> None:
    new_id = secrets.token_urlsafe(16)
    session.add(WaitingAttempt(id=new_id, **_group_of(attempt)))
    session.flush()
    columns = ("item", "try_number", "form", "option", "certainty")
    answers = select(literal(new_id), *(getattr(ResponseRow, column) for column in columns))
    answers = answers.where(ResponseRow.attempt == attempt.id)
    session.execute(insert(WaitingResponse).from_select(["attempt", *columns], answers))


def _group_of(attempt: Attempt) -> dict[str, str]:
    return asdict(GroupKey(attempt.procedure, attempt.edition, attempt.language))


def due_for_unlinking(session: Session, retention: Retention, today: date) -> list[str]:
    """Return the ids of sheets and unused slips past their days, and of closed ones unless one is for the physician."""
    return list(session.scalars(select(Attempt.id).where(_is_due(retention, today), _IS_SHEET)))


def count_due(session: Session, retention: Retention, today: date) -> int:
    """Count the sheets that are due, and the open attempts that a clean-up would first make into sheets."""
    left = (Attempt.state == "open") & (Attempt.lessons_read > 0)
    return session.scalar(select(func.count()).where(_is_due(retention, today), or_(_IS_SHEET, left))) or 0


def unlink_due(session: Session, retention: Retention, ids: Sequence[str], today: date) -> int:
    """Unlink those of these sheets that are still due and not locked by another transaction. Return how many."""
    due = session.scalars(
        select(Attempt)
        .where(Attempt.id.in_(ids), _is_due(retention, today), _IS_SHEET)
        .with_for_update(skip_locked=True)
    ).all()
    for attempt in due:
        unlink_sheet(session, attempt)
    return len(due)


def _is_due(retention: Retention, today: date) -> ColumnElement[bool]:
    old = Attempt.day <= today - timedelta(days=retention.sheet_days)
    closed = Attempt.closed_day <= today - timedelta(days=retention.closed_days)
    return or_(old, closed & Attempt.for_physician.is_(False))


def end_attempts_left(session: Session, editions: Editions, ids: Sequence[str], today: date) -> tuple[int, int]:
    """Make sheets of attempts that were left for a day. Return how many were made, and how many were deleted.

    An attempt that never got past its first lesson is deleted: there is nothing to talk about.
    """
    made = deleted = 0
    left = session.scalars(
        select(Attempt)  # without those to which the patient has come back meanwhile
        .where(Attempt.id.in_(ids), Attempt.state == "open", Attempt.day < today)
        .with_for_update(skip_locked=True)
    ).all()
    for attempt in left:
        if attempt.lessons_read == 0:
            session.delete(attempt)
            scrub.deleted(session)
            deleted += 1
            continue
        attempts.stop(session, attempt, editions.procedure_of(session, attempt), attempt.day)
        made += 1
    session.flush()
    return made, deleted
