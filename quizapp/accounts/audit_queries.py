"""The audit: appended, read in pages, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit: plain values, since an export reads a year of them."""

    id: int
    at: datetime
    staff_name: str
    action: str
    sheet: str | None
    detail: str


def append(session: Session, at: datetime, staff_name: str, action: str, sheet: str | None, detail: str) -> None:
    session.add(Audit(at=at, staff_name=staff_name, action=action, sheet=sheet, detail=detail))
    session.flush()


def page(session: Session, size: int, before: int, action: str = "", staff_name: str = "") -> list[Entry]:
    """Up to `size` entries, newest first, older than the one whose id is `before`."""
    columns = (Audit.id, Audit.at, Audit.staff_name, Audit.action, Audit.sheet, Audit.detail)
    query = select(*columns).where(Audit.id < before).order_by(Audit.id.desc()).limit(size)
    if action:
        query = query.where(Audit.action == action)
    if staff_name:
        query = query.where(Audit.staff_name == staff_name)
    return [Entry(*row) for row in session.execute(query)]
