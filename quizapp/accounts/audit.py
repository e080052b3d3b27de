"""Audit rows: appended, read in pages, never changed. They have minutes, and a sheet's pseudonym that opens nothing."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from quizapp.domain.gettext_marker import N_
from quizapp.models import Audit

# Names for actions that no account took.
UNKNOWN_NAME, COMMAND_LINE = N_("unknown name"), N_("command line")

ACTIONS = {
    "signed-in": N_("Signed in"),
    "sign-in-refused": N_("Sign-in refused"),
    "sign-in-slowed": N_("Too many wrong sign-ins"),
    "signed-out": N_("Signed out"),
    "account-added": N_("Account added"),
    "account-changed": N_("Account changed"),
    "password-set": N_("Password set"),
    "second-factor": N_("Second factor changed"),
    "refused": N_("Refused: not for this account"),
    "searched": N_("Looked up a visit code"),
    "search-slowed": N_("Too many wrong visit codes"),
    "sheet-opened": N_("Opened a sheet"),
    "sheet-stopped": N_("Ended an attempt that a patient had left"),
    "outcome": N_("Recorded an outcome"),
    "sheet-closed": N_("Closed a sheet"),
    "recheck": N_("Asked again in the room"),
    "exported": N_("Exported"),
    "invitations": N_("Made invitations"),
    "approved": N_("Approved content"),
    "alarm-seen": N_("Noted what was done about an alarm"),
    "clock": N_("Confirmed the date"),
    "restored": N_("Restored a backup"),
}


def note(
    session: Session, at: datetime, staff_name: str, action: str, sheet: str | None = None, detail: str = ""
) -> None:
    """Append one row. `action` is a key of ACTIONS; `sheet` is an attempt's id; `detail` is coded or a staff name."""
    if action not in ACTIONS:
        raise ValueError(f"unknown audit action {action}")
    minute, pseudonym = at.replace(second=0, microsecond=0), sheet and pseudonym_of(sheet)
    session.add(Audit(at=minute, staff_name=staff_name[:80], action=action, sheet=pseudonym, detail=detail[:200]))
    session.flush()


def pseudonym_of(attempt_id: str) -> str:
    """Return what the audit calls a sheet. The id itself is the address of the sheet, and nobody can get back to it."""
    return hashlib.sha256(f"audit:{attempt_id}".encode()).hexdigest()[:22]


def entries(
    session: Session, size: int, before: int, action: str = "", staff_name: str = ""
) -> Sequence[Row[int, datetime, str, str, str | None, str]]:
    """Return up to `size` entries with an id below `before`, newest first. "" means any action or name.

    Plain columns, not mapped objects: an export reads a year of them.
    """
    columns = (Audit.id, Audit.at, Audit.staff_name, Audit.action, Audit.sheet, Audit.detail)
    query = select(*columns).where(Audit.id < before).order_by(Audit.id.desc()).limit(size)
    if action:
        query = query.where(Audit.action == action)
    if staff_name:
        query = query.where(Audit.staff_name == staff_name)
    return session.execute(query).all()
