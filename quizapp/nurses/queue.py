"""The staff start page: the visit code field, and below it the queue of sheets to prepare."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.auth import staff_required
from quizapp.aggregation.cleanup import days_left
from quizapp.aggregation.release import answers_of
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.domain.flags import PRIORITY_LABELS, PRIORITY_MEANINGS, Priority
from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import item_records
from quizapp.domain.journey import current_step
from quizapp.domain.outcomes import FOLLOW_UPS, TO_CLOSE, Outcome, ReviewedFlag
from quizapp.domain.procedure import Procedure
from quizapp.models import Attempt, ResponseRow, ReviewRow
from quizapp.nurses.reviews import reviewed_flags
from quizapp.nurses.sheets import message
from quizapp.web.context import current, db, today
from quizapp.web.i18n import OWN_NAMES, page_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry

PAGE_SIZE = 50
LAST_PAGE = 20_000  # a million sheets
COUNT_LIMIT = 1_000  # counting more takes time, and the exact number does not matter


_LATER = aliased(ReviewRow)
_IS_FOR_PHYSICIAN = exists().where(
    ReviewRow.attempt == Attempt.id,
    ReviewRow.outcome == Outcome.PHYSICIAN.value,
    ~exists().where(
        _LATER.attempt == ReviewRow.attempt, _LATER.item == ReviewRow.item, _LATER.number > ReviewRow.number
    ),
)
# The lists that a sheet can be in, by their name in addresses: the label, and which sheets are in it.
LISTS: dict[str, tuple[str, ColumnElement[bool]]] = {
    "open": (N_("All open"), Attempt.queue_place < TO_CLOSE),
    **{each.code: (label, Attempt.queue_place == each.value) for each, label in PRIORITY_LABELS.items()},
    "to-close": (N_("To close"), Attempt.queue_place == TO_CLOSE),
    "follow-ups": (N_("Follow-ups"), Attempt.for_physician == true()),
    "physician": (N_("Follow-ups for the physician"), (Attempt.for_physician == true()) & _IS_FOR_PHYSICIAN),
}


@dataclass(frozen=True)
class QueueFilter:
    """Which sheets to list: a key of LISTS, and a page of it, counted from 1. None stands for any."""

    list: str = "open"
    procedure: str | None = None
    language: str | None = None
    page: int = 1


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
    """At most PAGE_SIZE sheets of a list, of which the first is number `first`; `total`: see COUNT_LIMIT."""

    sheets: tuple[QueuedSheet, ...]
    first: int
    total: int
    has_next: bool


@menu_entry(N_("Sheets"), 1, sections=("", "find", "sheet"))
@bp.get("/")
@staff_required
def queue() -> ResponseReturnValue:
    editions = current().editions
    served = editions.catalogue.editions
    codes = {code for edition in served.values() for code in edition.languages}
    asked = {name: request.args[name] for name in ("list", "procedure", "language") if request.args.get(name)}
    try:
        wanted = QueueFilter(**asked, page=int(request.args.get("page") or 1))
    except ValueError:
        abort(400)
    is_known = wanted.procedure in (None, *served) and wanted.language in (None, *codes)
    if not is_known or wanted.list not in LISTS or not 1 <= wanted.page <= LAST_PAGE:
        abort(400)
    return render_page(
        "staff/queue.html",
        message=message(),
        page=queue_page(db(), editions, wanted, page_language(), current().settings.retention, today()),
        filter=wanted,
        lists={name: _(label) for name, (label, _condition) in LISTS.items()},
        procedures={name: edition.in_language(page_language()).title for name, edition in served.items()},
        languages={code: OWN_NAMES.get(code, code) for code in sorted(codes)},
        count_limit=COUNT_LIMIT,
        priorities=PRIORITY_MEANINGS,
    )


def queue_page(
    session: Session, editions: Editions, wanted: QueueFilter, language: str, retention: Retention, today: date
) -> QueuePage:
    """Return a page of a list in the nurse's language, most serious first, then oldest; empty if past the end."""
    before = (wanted.page - 1) * PAGE_SIZE
    ids = list(session.scalars(_ids(wanted).limit(PAGE_SIZE + 1).offset(before)))
    has_next, ids = len(ids) > PAGE_SIZE, ids[:PAGE_SIZE]
    found = {attempt.id: attempt for attempt in session.scalars(select(Attempt).where(Attempt.id.in_(ids)))}
    stops = _stops(session, editions, [attempt for attempt in found.values() if attempt.state == "stopped"])
    flags = reviewed_flags(session, ids)
    sheets = []
    for attempt_id in ids:
        attempt = found[attempt_id]
        procedure = editions.by_id(session, attempt.edition).in_language(language)
        still_open = [flag.priority for flag in flags[attempt_id].values() if flag.outcome is None]
        sheets.append(
            QueuedSheet(
                attempt=attempt,
                procedure=procedure,
                stopped_at=stops.get(attempt_id),
                age_days=(today - attempt.day).days,
                days_left=days_left(attempt, retention, today),
                open_flags={each: still_open.count(each) for each in Priority},
                topics=_topics(procedure, flags[attempt_id], None),
                follow_ups={each: _topics(procedure, flags[attempt_id], each) for each in FOLLOW_UPS},
            )
        )
    total = session.scalar(select(func.count()).select_from(_ids(wanted).limit(COUNT_LIMIT).subquery())) or 0
    return QueuePage(tuple(sheets), before + 1, total, has_next)


def _ids(wanted: QueueFilter) -> Select[str]:
    """Return the list's sheets in order, by columns that an index has in this order (models.py)."""
    ids = select(Attempt.id).where(LISTS[wanted.list][1])
    if wanted.procedure is not None:
        ids = ids.where(Attempt.procedure == wanted.procedure)
    if wanted.language is not None:
        ids = ids.where(Attempt.language == wanted.language)
    if wanted.list in ("follow-ups", "physician"):
        return ids.order_by(Attempt.day, Attempt.id)
    return ids.order_by(Attempt.queue_place, Attempt.day, Attempt.id)


def _stops(session: Session, editions: Editions, stopped: list[Attempt]) -> dict[str, int]:
    """Return the lesson, counted from 1, at which each of these attempts stopped."""
    answers = answers_of(session, ResponseRow, [attempt.id for attempt in stopped])
    stops = {}
    for attempt, responses in zip(stopped, answers, strict=True):
        procedure = editions.procedure_of(session, attempt)
        records = item_records(procedure, responses)
        stops[attempt.id] = current_step(procedure, attempt.lessons_read, records).lesson
    return stops


def _topics(procedure: Procedure, flags: Mapping[str, ReviewedFlag], outcome: Outcome | None) -> tuple[str, ...]:
    """Return the headings of what the flags with this latest outcome are about, in the order of the walk."""
    items = [item for item in procedure.items() if item.id in flags and flags[item.id].outcome is outcome]
    return tuple(dict.fromkeys(procedure.lesson_of(item.id).block(item.block).heading for item in items))
