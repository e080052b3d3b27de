"""The audit, for leads: read, filter, take along."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.domain.tables import Column, Table
from quizapp.exports import csv_format
from quizapp.services.audit import ACTIONS, COMMAND_LINE, UNKNOWN_NAME, note
from quizapp.storage import audit
from quizapp.storage import staff as stored
from quizapp.storage.audit import Entry
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime
from quizapp.web.staff import audit_words as words
from quizapp.web.staff.access import leads, signed_in
from quizapp.web.staff.account_pages import AuditLine, AuditPage
from quizapp.web.staff.blueprint import bp

PAGE_ROWS = 50
EXPORT_ROWS = 200_000
LARGEST_ID = 2**31 - 1
COLUMNS = (
    Column("at", "When, in UTC."),
    Column("who", "The account."),
    Column("action", "What was done."),
    Column("sheet", "The sheet's id, which dies with the sheet."),
    Column("detail", "More, coded."),
)


@bp.get("/audit")
@leads
def audit_log() -> ResponseReturnValue:
    names = _names(db())
    action, name = _filters(request.args, names)
    before = min(request.args.get("before", LARGEST_ID, type=int), LARGEST_ID)
    rows = audit.page(db(), PAGE_ROWS + 1, before, action, name)
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    return show(
        "staff/audit.html",
        AuditPage(
            lines=tuple(_line(row) for row in rows),
            actions=tuple((action_id, _(label)) for action_id, label in ACTIONS.items()),
            names=tuple((name, words.name(name)) for name in names),
            action=action,
            name=name,
            older_url=url_for("staff.audit_log", before=rows[-1].id, action=action, name=name) if more else None,
        ),
    )


@bp.post("/audit.csv")
@leads
def audit_export() -> ResponseReturnValue:
    """Read and written out in no transaction that others wait for: a year of audit takes seconds."""
    with runtime().database.writing() as session:
        note(session, runtime().clock(), signed_in().name, "exported", detail="audit")
        session.commit()
    with runtime().database.reading() as session:
        action, name = _filters(request.form, _names(session))
        rows = audit.page(session, EXPORT_ROWS, LARGEST_ID, action, name)
    table = Table("audit", "Audit", COLUMNS, tuple(_cells(row) for row in rows))
    return Response(
        csv_format.table(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=quizapp-audit.csv"},
    )


def _line(row: Entry) -> AuditLine:
    return AuditLine(
        _when(row.at), words.name(row.staff_name), _(ACTIONS[row.action]), row.sheet, words.detail(row.detail)
    )


def _when(at: datetime) -> str:
    return str(format_datetime(at, _("d MMM yyyy, HH:mm:ss")))


def _cells(row: Entry) -> tuple[str, ...]:
    return (row.at.isoformat(timespec="seconds"), row.staff_name, row.action, row.sheet or "", row.detail)


def _names(session: Session) -> tuple[str, ...]:
    return (*(account.name for account in stored.all_accounts(session)), COMMAND_LINE, UNKNOWN_NAME)


def _filters(asked: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    """The action and the name to show; "" for all, and where the one asked for does not exist."""
    action, name = asked.get("action", ""), asked.get("name", "")
    return (action if action in ACTIONS else "", name if name in names else "")
