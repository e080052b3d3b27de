"""Notes who did what. A sheet is named only by an id that dies with it."""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.storage import audit

# Who did it, where it was not an account.
UNKNOWN_NAME, COMMAND_LINE = "unknown name", "command line"

ACTIONS = {
    "signed-in": "Signed in",
    "sign-in-refused": "Sign-in refused",
    "sign-in-slowed": "Too many wrong sign-ins",
    "signed-out": "Signed out",
    "account-added": "Account added",
    "account-changed": "Account changed",
    "password-set": "Password set",
    "second-factor": "Second factor changed",
    "refused": "Refused: not for this account",
    "searched": "Looked up a visit code",
    "search-slowed": "Too many wrong visit codes",
    "sheet-opened": "Opened a sheet",
    "outcome": "Recorded an outcome",
    "sheet-closed": "Closed a sheet",
    "recheck": "Asked again in the room",
    "exported": "Exported",
    "invitations": "Made invitations",
    "approved": "Approved content",
    "restored": "Restored a backup",
}


def note(
    session: Session, at: datetime, staff_name: str, action: str, sheet: str | None = None, detail: str = ""
) -> None:
    """Append one row. `action` is one of ACTIONS; `detail` is coded or a staff name, never a patient's."""
    if action not in ACTIONS:
        raise ValueError(f"unknown audit action {action}")
    audit.append(session, at, staff_name[:80], action, sheet, detail[:200])
