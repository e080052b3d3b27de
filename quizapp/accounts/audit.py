"""Notes who did what. A sheet is named only by an id that dies with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts import audit_queries
from quizapp.domain.gettext_marker import N_

# Who did it, where it was not an account.
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
    "outcome": N_("Recorded an outcome"),
    "sheet-closed": N_("Closed a sheet"),
    "recheck": N_("Asked again in the room"),
    "exported": N_("Exported"),
    "invitations": N_("Made invitations"),
    "approved": N_("Approved content"),
    "restored": N_("Restored a backup"),
}


def note(
    session: Session, at: datetime, staff_name: str, action: str, sheet: str | None = None, detail: str = ""
) -> None:
    """Append one row. `action` is one of ACTIONS; `detail` is coded or a staff name, never a patient's."""
    if action not in ACTIONS:
        raise ValueError(f"unknown audit action {action}")
    audit_queries.append(session, at, staff_name[:80], action, sheet, detail[:200])
