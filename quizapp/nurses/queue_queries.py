"""The queue of sheets: a page of it, and how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from quizapp.domain.flags import Priority
from quizapp.domain.grading import Certainty, Response
from quizapp.domain.outcomes import QueuePlace
from quizapp.models import Attempt, FlagRow, ResponseRow, ReviewRow

PAGE_SIZE = 50
COUNT_LIMIT = 1_000


class QueueList(StrEnum):
    """The lists that a sheet can stand in; OPEN is the next three together."""

    OPEN = "open"
    TALK_FIRST = "talk-first"
    TALK = "talk"
    CHECK = "check"
    TO_CLOSE = "to-close"
    PHYSICIAN = "physician"


@dataclass(frozen=True)
class QueueFilter:
    """Which sheets to list; None: of any procedure, in any language."""

    list: QueueList = QueueList.OPEN
    procedure: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class QueueRow:
    """One sheet in the queue. `open_flags`: items that have no outcome yet, the most serious first."""

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


_CONDITIONS: dict[QueueList, ColumnElement[bool]] = {
    QueueList.OPEN: Attempt.queue_place < QueuePlace.TO_CLOSE.value,
    QueueList.TALK_FIRST: Attempt.queue_place == QueuePlace.TALK_FIRST.value,
    QueueList.TALK: Attempt.queue_place == QueuePlace.TALK.value,
    QueueList.CHECK: Attempt.queue_place == QueuePlace.CHECK.value,
    QueueList.TO_CLOSE: Attempt.queue_place == QueuePlace.TO_CLOSE.value,
    QueueList.PHYSICIAN: Attempt.for_physician == true(),
}


def count(session: Session, wanted: QueueFilter) -> int:
    """How many sheets the filter finds, at most COUNT_LIMIT: nobody reads further, and counting takes time."""
    return session.scalar(select(func.count()).select_from(_ids(wanted).limit(COUNT_LIMIT).subquery())) or 0


def page(session: Session, wanted: QueueFilter, number: int) -> list[QueueRow]:
    """The page's sheets (counted from 1): the most serious open flag first, then the oldest.

    One more than PAGE_SIZE tells that there is another page.
    """
    ids = list(session.scalars(_ids(wanted).limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)))
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


def _ids(wanted: QueueFilter) -> Select[str]:
    """In the order of the list, by columns that an index has in this order (models/attempts.py)."""
    found = select(Attempt.id).where(_CONDITIONS[wanted.list])
    if wanted.procedure is not None:
        found = found.where(Attempt.procedure == wanted.procedure)
    if wanted.language is not None:
        found = found.where(Attempt.language == wanted.language)
    if wanted.list is QueueList.PHYSICIAN:
        return found.order_by(Attempt.day, Attempt.id)
    return found.order_by(Attempt.queue_place, Attempt.day, Attempt.id)


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
