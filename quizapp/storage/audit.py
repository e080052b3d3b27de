"""The audit: appended, read in pages, never changed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.storage.models import Audit


def append(session: Session, at: datetime, staff_name: str, action: str, sheet: str | None, detail: str) -> None:
    session.add(Audit(at=at, staff_name=staff_name, action=action, sheet=sheet, detail=detail))
    session.flush()


def page(
    session: Session, size: int, before: int, action: str = "", staff_name: str = ""
) -> list[Audit]:
    """Up to `size` rows, newest first, older than the row `before`."""
    query = select(Audit).where(Audit.id < before).order_by(Audit.id.desc()).limit(size)
    if action:
        query = query.where(Audit.action == action)
    if staff_name:
        query = query.where(Audit.staff_name == staff_name)
    return list(session.scalars(query))
