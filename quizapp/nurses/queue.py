"""The staff start page: the visit code field, and below it the queue of sheets to prepare."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session
from wtforms import Form, IntegerField, SelectField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional

from quizapp.accounts.auth import staff_required
from quizapp.config import Retention
from quizapp.content.catalogue import Catalogue
from quizapp.content.editions import Editions
from quizapp.domain.flags import PRIORITY_LABELS, PRIORITY_MEANINGS, Priority
from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.domain.journey import current_step
from quizapp.domain.outcomes import QueuePlace
from quizapp.domain.procedure import Procedure
from quizapp.models import Attempt, FlagRow, ResponseRow, ReviewRow
from quizapp.nurses.messages import message
from quizapp.nurses.sheets import days_until_deleted
from quizapp.web.context import current, db, today
from quizapp.web.i18n import OWN_NAMES, page_language
from quizapp.web.render import render_page
from quizapp.web.staff import bp, menu_entry

PAGE_SIZE = 50
LAST_PAGE = 20_000  # a million sheets
COUNT_LIMIT = 1_000  # nobody reads further, and counting takes time


class QueueList(StrEnum):
    """The lists that a sheet can be in; OPEN is the next three together."""

    OPEN = "open"
    TALK_FIRST = "talk-first"
    TALK = "talk"
    CHECK = "check"
    TO_CLOSE = "to-close"
    PHYSICIAN = "physician"


LIST_LABELS = {
    QueueList.OPEN: N_("All open"),
    QueueList.TALK_FIRST: PRIORITY_LABELS[Priority.TALK_FIRST],
    QueueList.TALK: PRIORITY_LABELS[Priority.TALK],
    QueueList.CHECK: PRIORITY_LABELS[Priority.CHECK],
    QueueList.TO_CLOSE: N_("To close"),
    QueueList.PHYSICIAN: N_("For the physician"),
}

_CONDITIONS: dict[QueueList, ColumnElement[bool]] = {
    QueueList.OPEN: Attempt.queue_place < QueuePlace.TO_CLOSE.value,
    QueueList.TALK_FIRST: Attempt.queue_place == QueuePlace.TALK_FIRST.value,
    QueueList.TALK: Attempt.queue_place == QueuePlace.TALK.value,
    QueueList.CHECK: Attempt.queue_place == QueuePlace.CHECK.value,
    QueueList.TO_CLOSE: Attempt.queue_place == QueuePlace.TO_CLOSE.value,
    QueueList.PHYSICIAN: Attempt.for_physician == true(),
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

    `topics`: headings of what the open flags are about. `stopped_at`: the lesson, None if the patient finished.
    """

    attempt: Attempt
    procedure: Procedure
    stopped_at: int | None
    age_days: int
    days_left: int
    open_flags: dict[Priority, int]
    topics: tuple[str, ...]


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


class QueueQuery(Form):
    """The filter and the page number in the address."""

    list = StringField(default=QueueList.OPEN.value, validators=[AnyOf([each.value for each in QueueList])])
    procedure = SelectField(validators=[Optional()])
    language = SelectField(validators=[Optional()])
    page = IntegerField(default=1, validators=[Optional(), NumberRange(1, LAST_PAGE)])

    @classmethod
    def for_catalogue(cls, catalogue: Catalogue) -> Self:
        query = cls(request.args)
        query.procedure.choices = ["", *catalogue.editions]
        query.language.choices = ["", *{code for e in catalogue.editions.values() for code in e.languages}]
        return query

    @property
    def filter(self) -> QueueFilter:
        return QueueFilter(QueueList(self.list.data), self.procedure.data or None, self.language.data or None)


@menu_entry(N_("Sheets"), 1, sections=("", "find", "sheet"))
@bp.get("/")
@staff_required
def queue() -> ResponseReturnValue:
    editions = current().editions
    query = QueueQuery.for_catalogue(editions.catalogue)
    if not query.validate():
        abort(400)
    number = query.page.data or 1
    page = queue_page(db(), editions, query.filter, number, page_language(), current().retention, today())
    served = editions.catalogue.editions
    codes = {code for edition in served.values() for code in edition.languages}
    return render_page(
        "staff/queue.html",
        message=message(),
        page=page,
        filter=query.filter,
        lists={each.value: _(label) for each, label in LIST_LABELS.items()},
        procedures={name: edition.in_language(page_language()).title for name, edition in served.items()},
        languages={code: OWN_NAMES.get(code, code) for code in sorted(codes)},
        count_limit=COUNT_LIMIT,
        priorities=PRIORITY_MEANINGS,
    )


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
    flags = _open_flags(session, ids)
    sheets = []
    for attempt_id in ids:
        attempt = attempts[attempt_id]
        procedure = editions.by_id(session, attempt.edition).in_language(language)
        raised = flags.get(attempt_id, [])
        sheets.append(
            QueuedSheet(
                attempt=attempt,
                procedure=procedure,
                stopped_at=stops.get(attempt_id),
                age_days=(today - attempt.day).days,
                days_left=days_until_deleted(attempt, retention, today),
                open_flags={each: sum(priority is each for _item, priority in raised) for each in Priority},
                topics=_topics(procedure, (item_id for item_id, _priority in raised)),
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
    if wanted.list is QueueList.PHYSICIAN:
        return ids.order_by(Attempt.day, Attempt.id)
    return ids.order_by(Attempt.queue_place, Attempt.day, Attempt.id)


def _open_flags(session: Session, attempt_ids: list[str]) -> dict[str, list[tuple[str, Priority]]]:
    """The items of each sheet whose flag has no outcome yet, most serious first."""
    rows = session.execute(
        select(FlagRow.attempt, FlagRow.item, FlagRow.priority)
        .outerjoin(ReviewRow, (ReviewRow.attempt == FlagRow.attempt) & (ReviewRow.item == FlagRow.item))
        .where(FlagRow.attempt.in_(attempt_ids), ReviewRow.number.is_(None))
        .order_by(FlagRow.priority, FlagRow.item)
    )
    flags: dict[str, list[tuple[str, Priority]]] = {}
    for attempt_id, item, priority in rows:
        flags.setdefault(attempt_id, []).append((item, Priority(priority)))
    return flags


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


def _topics(procedure: Procedure, item_ids: Iterable[str]) -> tuple[str, ...]:
    items = (item for item_id in item_ids if (item := procedure.item(item_id)))
    return tuple(dict.fromkeys(procedure.lesson_of(item.id).block(item.block).heading for item in items))
