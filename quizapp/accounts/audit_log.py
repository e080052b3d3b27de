"""The audit, for leads: read, filter, take along."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts import account_queries, audit_queries, audit_words
from quizapp.accounts.account_pages import AuditLine, AuditPage
from quizapp.accounts.audit import ACTIONS, COMMAND_LINE, UNKNOWN_NAME, note
from quizapp.accounts.audit_queries import Entry
from quizapp.accounts.auth import lead_required, signed_in
from quizapp.domain.gettext_marker import N_
from quizapp.reports.formats import csv_format
from quizapp.reports.tables import Column, Table
from quizapp.web.context import current, db
from quizapp.web.render import show
from quizapp.web.staff import bp, menu_entry

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


@menu_entry(N_("Audit"), 7, sections=("audit",), leads_only=True)
@bp.get("/audit")
@lead_required
def audit_log() -> ResponseReturnValue:
    names = _names(db())
    action, name = _filters(request.args, names)
    before = min(request.args.get("before", LARGEST_ID, type=int), LARGEST_ID)
    rows = audit_queries.page(db(), PAGE_ROWS + 1, before, action, name)
    more = len(rows) > PAGE_ROWS
    rows = rows[:PAGE_ROWS]
    return show(
        "staff/audit.html",
        AuditPage(
            lines=tuple(_line(row) for row in rows),
            actions=tuple((action_id, _(label)) for action_id, label in ACTIONS.items()),
            names=tuple((name, audit_words.name(name)) for name in names),
            action=action,
            name=name,
            older_url=url_for("staff.audit_log", before=rows[-1].id, action=action, name=name) if more else None,
        ),
    )


@bp.post("/audit.csv")
@lead_required
def audit_export() -> ResponseReturnValue:
    """Read and written out in no transaction that others wait for: a year of audit takes seconds."""
    with current().database.writing() as session:
        note(session, current().clock(), signed_in().name, "exported", detail="audit")
        session.commit()
    with current().database.reading() as session:
        action, name = _filters(request.form, _names(session))
        rows = audit_queries.page(session, EXPORT_ROWS, LARGEST_ID, action, name)
    table = Table("audit", "Audit", COLUMNS, tuple(_cells(row) for row in rows))
    return Response(
        csv_format.table(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=quizapp-audit.csv"},
    )


def _line(row: Entry) -> AuditLine:
    return AuditLine(
        _when(row.at),
        audit_words.name(row.staff_name),
        _(ACTIONS[row.action]),
        row.sheet,
        audit_words.detail(row.detail),
    )


def _when(at: datetime) -> str:
    return str(format_datetime(at, _("d MMM yyyy, HH:mm:ss")))


def _cells(row: Entry) -> tuple[str, ...]:
    return (row.at.isoformat(timespec="seconds"), row.staff_name, row.action, row.sheet or "", row.detail)


def _names(session: Session) -> tuple[str, ...]:
    return (*(account.name for account in account_queries.all_accounts(session)), COMMAND_LINE, UNKNOWN_NAME)


def _filters(asked: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    """The action and the name to show; "" for all, and where the one asked for does not exist."""
    action, name = asked.get("action", ""), asked.get("name", "")
    return (action if action in ACTIONS else "", name if name in names else "")
