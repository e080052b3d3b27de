"""Attempts and what belongs to them."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.orm import Session

from quizapp.domain.flags import Flag, Priority
from quizapp.domain.grading import Certainty, Response
from quizapp.domain.outcomes import ReviewedFlag, queue_place
from quizapp.models import Attempt, ChosenPrompt, FlagRow, ResponseRow, ReviewRow
from quizapp.upsert import insert_or_ignore

# Asked for by every page of a patient: built once, so that a request only fills them in.
_BY_SECRET = select(Attempt).where(Attempt.secret_hash == bindparam("secret_hash"))
_BY_SECRET_LOCKED = _BY_SECRET.with_for_update()
# The mapped class would cost as much again, to flush what is never added by it.
_COLUMNS = cast(Table, ResponseRow.__table__).c
_RESPONSES = select(_COLUMNS.item, _COLUMNS.try_number, _COLUMNS.form, _COLUMNS.option, _COLUMNS.certainty).where(
    _COLUMNS.attempt == bindparam("attempt_id")
)
# Past the unit of work, which costs the last page more than the statements themselves.
_FLAGS, _PROMPTS = cast(Table, FlagRow.__table__), cast(Table, ChosenPrompt.__table__)
_FORGET_FLAGS = delete(_FLAGS).where(_FLAGS.c.attempt == bindparam("of"))
_FORGET_PROMPTS = delete(_PROMPTS).where(_PROMPTS.c.attempt == bindparam("of"))


def add(session: Session, attempt: Attempt) -> None:
    session.add(attempt)
    session.flush()


def by_id(session: Session, attempt_id: str) -> Attempt | None:
    return session.get(Attempt, attempt_id)


def by_secret(session: Session, secret_hash: bytes) -> Attempt | None:
    return session.scalar(_BY_SECRET, {"secret_hash": secret_hash})


def locked_by_secret(session: Session, secret_hash: bytes) -> Attempt | None:
    """The attempt, held until this transaction ends, so that racing requests pass one after the other."""
    return session.scalar(_BY_SECRET_LOCKED, {"secret_hash": secret_hash})


def locked_by_id(session: Session, attempt_id: str) -> Attempt | None:
    return session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())


def locked_by_ids(session: Session, attempt_ids: Iterable[str]) -> list[Attempt]:
    """Those of these attempts that nobody else is changing now, held until this transaction ends."""
    query = select(Attempt).where(Attempt.id.in_(list(attempt_ids))).with_for_update(skip_locked=True)
    return list(session.scalars(query))


def by_code(session: Session, hmacs: Iterable[bytes]) -> Attempt | None:
    return session.scalar(select(Attempt).where(Attempt.code_hmac.in_(list(hmacs))))


def responses(session: Session, attempt_id: str) -> list[Response]:
    rows = session.execute(_RESPONSES, {"attempt_id": attempt_id})
    return [
        Response(item, try_number, form, option, Certainty(certainty))
        for item, try_number, form, option, certainty in rows
    ]


def keep_response(session: Session, attempt_id: str, response: Response) -> bool:
    """Store a response unless one is stored for this item and try; True when it was stored."""
    return insert_or_ignore(
        session,
        ResponseRow,
        attempt=attempt_id,
        item=response.item_id,
        try_number=response.try_number,
        form=response.form_id,
        option=response.option_id,
        certainty=response.certainty.value,
    )


def prompts(session: Session, attempt_id: str) -> set[str]:
    return set(session.scalars(select(ChosenPrompt.prompt).where(ChosenPrompt.attempt == attempt_id)))


def keep_prompts(session: Session, attempt_id: str, prompt_ids: Iterable[str]) -> None:
    """Replace the ticked prompts."""
    session.execute(_FORGET_PROMPTS, {"of": attempt_id})
    rows = [{"attempt": attempt_id, "prompt": prompt_id} for prompt_id in prompt_ids]
    if rows:
        session.execute(_PROMPTS.insert(), rows)


def flags(session: Session, attempt_id: str) -> list[Flag]:
    """Most serious first."""
    rows = session.scalars(
        select(FlagRow).where(FlagRow.attempt == attempt_id).order_by(FlagRow.priority, FlagRow.item)
    )
    return [Flag(row.item, row.rule, Priority(row.priority)) for row in rows]


def replace_flags(session: Session, attempt: Attempt, new: Iterable[Flag]) -> None:
    """Store what a finish or stop derived, in place of an earlier stop's flags, and put the sheet into the queue."""
    flags = tuple(new)
    attempt.queue_place = queue_place([ReviewedFlag(flag.priority, outcome=None) for flag in flags])
    session.flush()
    session.execute(_FORGET_FLAGS, {"of": attempt.id})
    rows = [
        {"attempt": attempt.id, "item": flag.item_id, "rule": flag.rule_id, "priority": flag.priority.value}
        for flag in flags
    ]
    if rows:
        session.execute(_FLAGS.insert(), rows)


def has_reviews(session: Session, attempt_id: str) -> bool:
    return session.scalar(select(ReviewRow.number).where(ReviewRow.attempt == attempt_id).limit(1)) is not None


def left_before(session: Session, today: date) -> list[str]:
    """Attempts still open that were last touched on an earlier day."""
    return list(session.scalars(select(Attempt.id).where(Attempt.state == "open", Attempt.day < today)))


def count_left_before(session: Session, today: date) -> tuple[int, int]:
    """How many of those got past their first lesson, and how many did not."""
    counted = select(func.count()).where(Attempt.state == "open", Attempt.day < today)
    begun = session.scalar(counted.where(Attempt.lessons_read > 0)) or 0
    return begun, (session.scalar(counted) or 0) - begun
