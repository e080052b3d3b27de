"""The queue that a nurse works through: a page of sheets, ready to show."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.domain.flags import Priority
from quizapp.domain.grading import item_records
from quizapp.domain.journey import current_step
from quizapp.domain.outcomes import days_left
from quizapp.domain.procedure import Procedure
from quizapp.nurses import queue_queries
from quizapp.nurses.queue_queries import QueueFilter, QueueRow


@dataclass(frozen=True)
class QueuedSheet:
    """One line of the queue.

    `topics`: headings of what the open flags are about. `stopped_at`: the lesson, None for a finished walk.
    """

    attempt_id: str
    procedure: Procedure
    language: str
    stopped_at: int | None
    is_closed: bool
    age_days: int
    days_left: int
    open_flags: dict[Priority, int]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class QueuePage:
    """Fifty sheets of a list. `total`: how many the whole list has, counted to storage.queue.COUNT_LIMIT."""

    sheets: tuple[QueuedSheet, ...]
    total: int
    number: int
    has_next: bool


def queue_page(
    session: Session,
    editions: Editions,
    wanted: QueueFilter,
    number: int,
    language: str,
    retention: Retention,
    today: date,
) -> QueuePage:
    """A page of the list (counted from 1) in the nurse's language; empty when it is past the end."""
    found = queue_queries.page(session, wanted, number)
    has_next = len(found) > queue_queries.PAGE_SIZE
    found = found[: queue_queries.PAGE_SIZE]
    stops = _stops(session, editions, found)
    sheets = tuple(
        QueuedSheet(
            attempt_id=row.attempt_id,
            procedure=procedure,
            language=row.language,
            stopped_at=stops.get(row.attempt_id),
            is_closed=row.closed_day is not None,
            age_days=(today - row.day).days,
            days_left=days_left(
                row.day,
                row.closed_day,
                row.for_physician,
                today,
                retention.sheet_days,
                retention.closed_days,
            ),
            open_flags={priority: sum(flag[1] is priority for flag in row.open_flags) for priority in Priority},
            topics=_topics(procedure, row),
        )
        for row in found
        for procedure in [editions.by_id(session, row.edition).in_language(language)]
    )
    return QueuePage(sheets, queue_queries.count(session, wanted), number, has_next)


def _stops(session: Session, editions: Editions, found: list[QueueRow]) -> dict[str, int]:
    """The lesson, counted from 1, at which each stopped one stands."""
    stopped = [row for row in found if row.state == "stopped"]
    answers = queue_queries.answers(session, [row.attempt_id for row in stopped])
    stops = {}
    for row in stopped:
        procedure = editions.by_id(session, row.edition).in_language(row.language)
        records = item_records(procedure, answers[row.attempt_id])
        stops[row.attempt_id] = current_step(procedure, row.lessons_read, records).lesson
    return stops


def _topics(procedure: Procedure, row: QueueRow) -> tuple[str, ...]:
    headings = []
    for item_id, _ in row.open_flags:
        item = procedure.item(item_id)
        if item is not None:
            headings.append(procedure.lesson_of(item_id).block(item.block).heading)
    return tuple(dict.fromkeys(headings))
