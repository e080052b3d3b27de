"""The staff start page: the visit code field, and below it the queue of sheets to prepare."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.auth import staff_required
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.domain.flags import PRIORITY_LABELS, PRIORITY_MEANINGS, Priority
from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.domain.journey import current_step
from quizapp.domain.outcomes import FOLLOW_UPS, REOPENED, Outcome, QueuePlace
from quizapp.domain.procedure import Procedure
from quizapp.models import Attempt, FlagRow, ResponseRow, ReviewRow
from quizapp.nurses.sheets import days_until_deleted, message
from quizapp.web.context import current, db, today
from quizapp.web.i18n import OWN_NAMES, page_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry

PAGE_SIZE = 50
LAST_PAGE = 20_000  # a million sheets
COUNT_LIMIT = 1_000  # counting more takes time, and the exact number does not matter


class QueueList(StrEnum):
    """The lists that a sheet can be in; OPEN is the next three together."""

    OPEN = "open"
    TALK_FIRST = "talk-first"
    TALK = "talk"
    CHECK = "check"
    TO_CLOSE = "to-close"
    FOLLOW_UPS = "follow-ups"
    PHYSICIAN = "physician"


LIST_LABELS = {
    QueueList.OPEN: N_("All open"),
    QueueList.TALK_FIRST: PRIORITY_LABELS[Priority.TALK_FIRST],
    QueueList.TALK: PRIORITY_LABELS[Priority.TALK],
    QueueList.CHECK: PRIORITY_LABELS[Priority.CHECK],
    QueueList.TO_CLOSE: N_("To close"),
    QueueList.FOLLOW_UPS: N_("Follow-ups"),
    QueueList.PHYSICIAN: N_("Follow-ups for the physician"),
}

_LATER = aliased(ReviewRow)
_IS_FOR_PHYSICIAN = exists().where(
    ReviewRow.attempt == Attempt.id,
    ReviewRow.outcome == Outcome.PHYSICIAN.value,
    ~exists().where(
        _LATER.attempt == ReviewRow.attempt, _LATER.item == ReviewRow.item, _LATER.number > ReviewRow.number
    ),
)
_CONDITIONS: dict[QueueList, ColumnElement[bool]] = {
    QueueList.OPEN: Attempt.queue_place < QueuePlace.TO_CLOSE.value,
    QueueList.TALK_FIRST: Attempt.queue_place == QueuePlace.TALK_FIRST.value,
    QueueList.TALK: Attempt.queue_place == QueuePlace.TALK.value,
    QueueList.CHECK: Attempt.queue_place == QueuePlace.CHECK.value,
    QueueList.TO_CLOSE: Attempt.queue_place == QueuePlace.TO_CLOSE.value,
    QueueList.FOLLOW_UPS: Attempt.for_physician == true(),
    QueueList.PHYSICIAN: (Attempt.for_physician == true()) & _IS_FOR_PHYSICIAN,
}


@dataclass(frozen=True)
class QueueFilter:
    """Which sheets to list. `procedure` and `language` are None for any."""

    list: QueueList = QueueList.OPEN
    procedure: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class QueuedSheet:
    """One line of the queue, with the procedure in the nurse's language.

    `topics`: headings of what the open flags are about, in the order of the walk; `follow_ups`: the same for each
    outcome to follow up. `stopped_at`: the lesson, None if the patient finished.
    """

    attempt: Attempt
    procedure: Procedure
    stopped_at: int | None
    age_days: int
    days_left: int
    open_flags: dict[Priority, int]
    topics: tuple[str, ...]
    follow_ups: dict[Outcome, tuple[str, ...]]


@dataclass(frozen=True)
class QueuePage:
    """At most PAGE_SIZE sheets of a list. `total`: how many are in the list, counted up to COUNT_LIMIT."""

    sheets: tuple[QueuedSheet, ...]
    total: int
    number: int
    has_next: bool

    @property
    def first(self) -> int:
        """The place of the first sheet in the list, counted from 1."""
        return (self.number - 1) * PAGE_SIZE + 1


@menu_entry(N_("Sheets"), 1, sections=("", "find", "sheet"))
@bp.get("/")
@staff_required
def queue() -> ResponseReturnValue:
    editions = current().editions
    served = editions.catalogue.editions
    codes = {code for edition in served.values() for code in edition.languages}
    try:
        wanted, number = _filter_and_page(served, codes)
    except ValueError:
        abort(400)
    page = queue_page(db(), editions, wanted, number, page_language(), current().retention, today())
    return render_page(
        "staff/queue.html",
        message=message(),
        page=page,
        filter=wanted,
        lists={each.value: _(label) for each, label in LIST_LABELS.items()},
        procedures={name: edition.in_language(page_language()).title for name, edition in served.items()},
        languages={code: OWN_NAMES.get(code, code) for code in sorted(codes)},
        count_limit=COUNT_LIMIT,
        priorities=PRIORITY_MEANINGS,
    )


def _filter_and_page(procedures: Container[str], languages: Container[str]) -> tuple[QueueFilter, int]:
    """Read the address. Raises ValueError for a list, procedure, language or page that cannot be."""
    procedure, language = request.args.get("procedure") or None, request.args.get("language") or None
    number = int(request.args.get("page") or 1)
    is_known = (procedure is None or procedure in procedures) and (language is None or language in languages)
    if not is_known or not 1 <= number <= LAST_PAGE:
        raise ValueError
    return QueueFilter(QueueList(request.args.get("list") or QueueList.OPEN), procedure, language), number


def queue_page(
    session: Session,
    editions: Editions,
    wanted: QueueFilter,
    number: int,
    language: str,
    retention: Retention,
    today: date,
) -> QueuePage:
    """Return a page of the list (counted from 1) in the nurse's language; empty if it is past the end.

    The most serious open flag comes first, then the oldest.
    """
    ids = list(session.scalars(_ids(wanted).limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)))
    has_next, ids = len(ids) > PAGE_SIZE, ids[:PAGE_SIZE]
    attempts = {attempt.id: attempt for attempt in session.scalars(select(Attempt).where(Attempt.id.in_(ids)))}
    stops = _stops(session, editions, [attempt for attempt in attempts.values() if attempt.state == "stopped"])
    flags, latest = _flags(session, ids), _latest_outcomes(session, ids)
    sheets = []
    for attempt_id in ids:
        attempt = attempts[attempt_id]
        procedure = editions.by_id(session, attempt.edition).in_language(language)
        outcomes = latest[attempt_id]
        still_open = {item: priority for item, priority in flags[attempt_id].items() if outcomes.get(item) is None}
        sheets.append(
            QueuedSheet(
                attempt=attempt,
                procedure=procedure,
                stopped_at=stops.get(attempt_id),
                age_days=(today - attempt.day).days,
                days_left=days_until_deleted(attempt, retention, today),
                open_flags={each: sum(priority is each for priority in still_open.values()) for each in Priority},
                topics=_topics(procedure, still_open),
                follow_ups={
                    outcome: _topics(procedure, [item for item, last in outcomes.items() if last is outcome])
                    for outcome in FOLLOW_UPS
                },
            )
        )
    total = session.scalar(select(func.count()).select_from(_ids(wanted).limit(COUNT_LIMIT).subquery())) or 0
    return QueuePage(tuple(sheets), total, number, has_next)


def _ids(wanted: QueueFilter) -> Select[str]:
    """The list's sheets in order, by columns that an index has in this order (models.py)."""
    ids = select(Attempt.id).where(_CONDITIONS[wanted.list])
    if wanted.procedure is not None:
        ids = ids.where(Attempt.procedure == wanted.procedure)
    if wanted.language is not None:
        ids = ids.where(Attempt.language == wanted.language)
    if wanted.list in (QueueList.FOLLOW_UPS, QueueList.PHYSICIAN):
        return ids.order_by(Attempt.day, Attempt.id)
    return ids.order_by(Attempt.queue_place, Attempt.day, Attempt.id)


def _flags(session: Session, attempt_ids: list[str]) -> dict[str, dict[str, Priority]]:
    """Return the priority of each sheet's flags, by item."""
    flags: dict[str, dict[str, Priority]] = {attempt_id: {} for attempt_id in attempt_ids}
    for row in session.scalars(select(FlagRow).where(FlagRow.attempt.in_(attempt_ids))):
        flags[row.attempt][row.item] = Priority(row.priority)
    return flags


def _latest_outcomes(session: Session, attempt_ids: list[str]) -> dict[str, dict[str, Outcome | None]]:
    """Return the latest outcome of each sheet's reviewed flags, by item; None for one that was opened again."""
    latest: dict[str, dict[str, Outcome | None]] = {attempt_id: {} for attempt_id in attempt_ids}
    query = select(ReviewRow).where(ReviewRow.attempt.in_(attempt_ids)).order_by(ReviewRow.number)
    for row in session.scalars(query):
        latest[row.attempt][row.item] = None if row.outcome == REOPENED else Outcome(row.outcome)
    return latest


def _stops(session: Session, editions: Editions, stopped: list[Attempt]) -> dict[str, int]:
    """The lesson, counted from 1, at which each of these attempts stopped."""
    responses: dict[str, list[Response]] = {attempt.id: [] for attempt in stopped}
    for row in session.scalars(select(ResponseRow).where(ResponseRow.attempt.in_(responses))):
        response = Response(row.item, row.try_number, row.form, row.option, Certainty(row.certainty))
        responses[row.attempt].append(response)
    stops = {}
    for attempt in stopped:
        procedure = editions.procedure_of(session, attempt)
        records = item_records(procedure, responses[attempt.id])
        stops[attempt.id] = current_step(procedure, attempt.lessons_read, records).lesson
    return stops


def _topics(procedure: Procedure, item_ids: Container[str]) -> tuple[str, ...]:
    """Return the headings of what these items are about, in the order of the walk."""
    items = [item for item in procedure.items() if item.id in item_ids]
    return tuple(dict.fromkeys(procedure.lesson_of(item.id).block(item.block).heading for item in items))
