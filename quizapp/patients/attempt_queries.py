"""Queries about attempts that several subjects share. What only patients do is in attempts.py."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from quizapp.domain.flags import Flag, Priority
from quizapp.domain.grading import Certainty, Response
from quizapp.domain.outcomes import ReviewedFlag, queue_place
from quizapp.models import Attempt, ChosenPrompt, FlagRow, ResponseRow

# Every page of a patient needs these. Built once, and as columns: the mapped class costs as much again.
_COLUMNS = cast(Table, ResponseRow.__table__).c
_RESPONSES = select(_COLUMNS.item, _COLUMNS.try_number, _COLUMNS.form, _COLUMNS.option, _COLUMNS.certainty).where(
    _COLUMNS.attempt == bindparam("attempt_id")
)


def by_id(session: Session, attempt_id: str) -> Attempt | None:
    return session.get(Attempt, attempt_id)


def locked_by_id(session: Session, attempt_id: str) -> Attempt | None:
    """Return the attempt, locked until this transaction ends."""
    return session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())


def locked_by_ids(session: Session, attempt_ids: Iterable[str]) -> list[Attempt]:
    """Return those of these attempts that no other transaction has locked, locked until this one ends."""
    query = select(Attempt).where(Attempt.id.in_(list(attempt_ids))).with_for_update(skip_locked=True)
    return list(session.scalars(query))


def by_code(session: Session, hmacs: Iterable[bytes]) -> Attempt | None:
    """Return the attempt whose visit code has one of these HMACs (one for each key that is still accepted)."""
    return session.scalar(select(Attempt).where(Attempt.code_hmac.in_(list(hmacs))))


def responses(session: Session, attempt_id: str) -> list[Response]:
    rows = session.execute(_RESPONSES, {"attempt_id": attempt_id})
    return [
        Response(item, try_number, form, option, Certainty(certainty))
        for item, try_number, form, option, certainty in rows
    ]


def prompts(session: Session, attempt_id: str) -> set[str]:
    """Return the ids of the ticked prompts."""
    return set(session.scalars(select(ChosenPrompt.prompt).where(ChosenPrompt.attempt == attempt_id)))


def flags(session: Session, attempt_id: str) -> list[Flag]:
    """Return an attempt's flags, most serious first."""
    rows = session.scalars(
        select(FlagRow).where(FlagRow.attempt == attempt_id).order_by(FlagRow.priority, FlagRow.item)
    )
    return [Flag(row.item, row.rule, Priority(row.priority)) for row in rows]


def replace_flags(session: Session, attempt: Attempt, new: Iterable[Flag]) -> None:
    """Store the flags of a finished or stopped attempt in place of earlier ones, and put its sheet into the queue."""
    flags = tuple(new)
    attempt.queue_place = queue_place([ReviewedFlag(flag.priority, outcome=None) for flag in flags])
    session.flush()
    session.execute(delete(FlagRow).where(FlagRow.attempt == attempt.id))
    rows = [
        {"attempt": attempt.id, "item": flag.item_id, "rule": flag.rule_id, "priority": flag.priority.value}
        for flag in flags
    ]
    if rows:
        session.execute(insert(FlagRow), rows)


def left_before(session: Session, today: date) -> list[str]:
    """Return the ids of attempts still open that were last touched on an earlier day."""
    return list(session.scalars(select(Attempt.id).where(Attempt.state == "open", Attempt.day < today)))


def count_left_before(session: Session, today: date) -> tuple[int, int]:
    """Count the attempts of `left_before`: those with a lesson read, and those without."""
    counted = select(func.count()).where(Attempt.state == "open", Attempt.day < today)
    begun = session.scalar(counted.where(Attempt.lessons_read > 0)) or 0
    return begun, (session.scalar(counted) or 0) - begun
