"""The queue of sheets: a page of it, and how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from quizapp.domain.flagging import Priority
from quizapp.domain.grading import Certainty, Response
from quizapp.domain.reviewing import QueuePlace
from quizapp.storage.models import Attempt, FlagRow, ResponseRow, ReviewRow

PAGE_SIZE = 50


class QueueList(StrEnum):
    """The lists that a sheet can stand in."""

    OPEN = "open"
    TO_CLOSE = "to-close"
    PHYSICIAN = "physician"


@dataclass(frozen=True)
class QueueFilter:
    """Which sheets to list; None: any."""

    list: QueueList = QueueList.OPEN
    procedure: str | None = None
    language: str | None = None
    place: QueuePlace | None = None


@dataclass(frozen=True)
class QueueRow:
    """One sheet in the queue. `open_flags` are the items without an outcome yet, by priority, most serious first."""

    attempt_id: str
    procedure: str
    edition: str
    language: str
    state: str
    day: date
    lessons_read: int
    closed_day: date | None
    for_physician: bool
    open_flags: tuple[tuple[str, Priority], ...]


# The columns that each list sorts by are those that an index has in this order (models.py).
_CONDITIONS: dict[QueueList, ColumnElement[bool]] = {
    QueueList.OPEN: Attempt.queue_place < QueuePlace.TO_CLOSE.value,
    QueueList.TO_CLOSE: Attempt.queue_place == QueuePlace.TO_CLOSE.value,
    QueueList.PHYSICIAN: Attempt.for_physician.is_(True),
}
_ORDER: dict[QueueList, tuple[InstrumentedAttribute[Any], ...]] = {
    QueueList.OPEN: (Attempt.queue_place, Attempt.day, Attempt.id),
    QueueList.TO_CLOSE: (Attempt.queue_place, Attempt.day, Attempt.id),
    QueueList.PHYSICIAN: (Attempt.day, Attempt.id),
}


def counts(session: Session, wanted: QueueFilter) -> dict[QueuePlace | None, int]:
    """How many sheets the filter finds at each place; None: closed ones, which only the physician's list has."""
    rows = session.execute(
        select(Attempt.queue_place, func.count()).where(*_conditions(wanted)).group_by(Attempt.queue_place)
    )
    return {QueuePlace(place) if place else None: n for place, n in rows}


def page(session: Session, wanted: QueueFilter, number: int) -> list[QueueRow]:
    """The page's sheets (counted from 1): the most serious open flag first, then the oldest."""
    ids = list(
        session.scalars(
            select(Attempt.id)
            .where(*_conditions(wanted))
            .order_by(*_ORDER[wanted.list])
            .limit(PAGE_SIZE)
            .offset((number - 1) * PAGE_SIZE)
        )
    )
    sheets = {
        row.id: row
        for row in session.execute(
            select(
                Attempt.id,
                Attempt.procedure,
                Attempt.edition,
                Attempt.language,
                Attempt.state,
                Attempt.day,
                Attempt.lessons_read,
                Attempt.closed_day,
                Attempt.for_physician,
            ).where(Attempt.id.in_(ids))
        )
    }
    flags = _open_flags(session, ids)
    return [
        QueueRow(
            attempt_id=row.id,
            procedure=row.procedure,
            edition=row.edition,
            language=row.language,
            state=row.state,
            day=row.day,
            lessons_read=row.lessons_read,
            closed_day=row.closed_day,
            for_physician=row.for_physician,
            open_flags=flags.get(row.id, ()),
        )
        for row in (sheets[attempt_id] for attempt_id in ids)
    ]


def answers(session: Session, attempt_ids: Iterable[str]) -> dict[str, list[Response]]:
    """All responses of each of these sheets, to see where it stopped."""
    found: dict[str, list[Response]] = {attempt_id: [] for attempt_id in attempt_ids}
    rows = session.execute(
        select(
            ResponseRow.attempt,
            ResponseRow.item,
            ResponseRow.try_number,
            ResponseRow.form,
            ResponseRow.option,
            ResponseRow.certainty,
        ).where(ResponseRow.attempt.in_(found))
    )
    for row in rows:
        response = Response(row.item, row.try_number, row.form, row.option, Certainty(row.certainty))
        found[row.attempt].append(response)
    return found


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions = [_CONDITIONS[wanted.list]]
    if wanted.procedure is not None:
        conditions.append(Attempt.procedure == wanted.procedure)
    if wanted.language is not None:
        conditions.append(Attempt.language == wanted.language)
    if wanted.place is not None:
        conditions.append(Attempt.queue_place == wanted.place.value)
    return conditions


def _open_flags(session: Session, attempt_ids: list[str]) -> dict[str, tuple[tuple[str, Priority], ...]]:
    """The flags of each sheet that have no outcome yet."""
    rows = session.execute(
        select(FlagRow.attempt, FlagRow.item, FlagRow.priority)
        .outerjoin(ReviewRow, (ReviewRow.attempt == FlagRow.attempt) & (ReviewRow.item == FlagRow.item))
        .where(FlagRow.attempt.in_(attempt_ids), ReviewRow.number.is_(None))
        .order_by(FlagRow.priority, FlagRow.item)
    )
    found: dict[str, tuple[tuple[str, Priority], ...]] = {}
    for attempt_id, item, priority in rows:
        found[attempt_id] = (*found.get(attempt_id, ()), (item, Priority(priority)))
    return found
