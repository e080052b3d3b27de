"""The audit page, for leads: read, filter, download."""

from collections.abc import Mapping

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts import accounts, audit
from quizapp.accounts.audit import ACTIONS, COMMAND_LINE, UNKNOWN_NAME
from quizapp.accounts.auth import lead_required, signed_in
from quizapp.domain.gettext_marker import N_
from quizapp.reports.formats import csv_table
from quizapp.reports.tables import Column, Table
from quizapp.web.context import commit, current, db
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry

PAGE_ROWS = 50
EXPORT_ROWS = 200_000
MAX_ID = 2**31 - 1
COLUMNS = tuple(Column(name, "") for name in ("at", "who", "action", "sheet", "detail"))
DETAILS = {
    "first lead": N_("first lead"),
    "everywhere": N_("everywhere"),
    "on": N_("turned on"),
    "off": N_("turned off"),
    "to prepare": N_("to prepare"),
    "by its visit code": N_("by its visit code"),
    "and unlinked": N_("and deleted at once"),
    "audit": N_("the audit"),
}
# What follows an account's name in a detail -> its frame and word.
ENDINGS = {
    " (nurse)": (" (%s)", N_("nurse")),
    " (lead)": (" (%s)", N_("lead")),
    ": reset": (": %s", N_("new link")),
    ": disabled": (": %s", N_("closed")),
    ": enabled": (": %s", N_("opened again")),
}


@bp.app_template_filter("audit_name")
def name_words(noted: str) -> str:
    """Return an account's name as it is; translate what is noted for actions of no account."""
    return str(_(noted)) if noted in (UNKNOWN_NAME, COMMAND_LINE) else noted


@bp.app_template_filter("audit_detail")
def detail_words(noted: str) -> str:
    """Put a detail into words; names, ids and an export's choices stay as they are."""
    if noted in DETAILS:
        return str(_(DETAILS[noted]))
    for ending, (frame, word) in ENDINGS.items():
        if noted.endswith(ending):
            return str(noted.removesuffix(ending) + frame % _(word))
    return noted


@menu_entry(N_("Audit"), 7, sections=("audit",), leads_only=True)
@bp.get("/audit")
@lead_required
def audit_log() -> ResponseReturnValue:
    names = _names(db())
    action, name = _filters(request.args, names)
    before = min(request.args.get("before", MAX_ID, type=int), MAX_ID)
    rows = audit.entries(db(), PAGE_ROWS + 1, before, action, name)
    return render_page(
        "staff/audit.html",
        entries=rows[:PAGE_ROWS],
        has_older=len(rows) > PAGE_ROWS,
        actions={action: _(label) for action, label in ACTIONS.items()},
        names={name: name_words(name) for name in names},
        action=action,
        name=name,
    )


@bp.post("/audit.csv")
@lead_required
def audit_export() -> ResponseReturnValue:
    """Download what the filter shows. A year of rows takes seconds to read, so no writer waits for it."""
    audit.note(db(), current().clock(), signed_in().name, "exported", detail="audit")
    commit()
    with current().database.reading() as session:
        action, name = _filters(request.form, _names(session))
        rows = audit.entries(session, EXPORT_ROWS, MAX_ID, action, name)
    cells = tuple(
        (row.at.isoformat(timespec="minutes"), row.staff_name, row.action, row.sheet or "", row.detail) for row in rows
    )
    return Response(
        csv_table(Table("audit", "Audit", COLUMNS, cells)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=quizapp-audit.csv"},
    )


def _names(session: Session) -> tuple[str, ...]:
    return (*(account.name for account in accounts.all_accounts(session)), COMMAND_LINE, UNKNOWN_NAME)


def _filters(chosen: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    """Return the action and the name to show; "" for all, and for one that does not exist."""
    action, name = chosen.get("action", ""), chosen.get("name", "")
    return (action if action in ACTIONS else "", name if name in names else "")
