"""What patients chose in the room, and which staff session's device a patient holds for it."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.models import Recheck, StaffSession
from quizapp.upsert import insert_or_ignore


def of_sheet(session: Session, attempt_id: str) -> dict[str, Recheck]:
    """What the patient chose in the room, by item."""
    rows = session.scalars(select(Recheck).where(Recheck.attempt == attempt_id))
    return {row.item: row for row in rows}


def keep(session: Session, attempt_id: str, item_id: str, form_id: str, option_id: str | None) -> bool:
    """Store what was chosen unless something is stored for this item; True when it was stored."""
    return insert_or_ignore(session, Recheck, attempt=attempt_id, item=item_id, form=form_id, option=option_id)


def handed_over(session: Session, session_hash: bytes) -> str | None:
    """The attempt whose patient holds the device of this staff session; None while the nurse has it."""
    return session.scalar(select(StaffSession.handed_over).where(StaffSession.token_hash == session_hash))


def hand_over(session: Session, session_hash: bytes, attempt_id: str | None) -> None:
    """Give the device to an attempt's patient, or (None) back to the nurse."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == session_hash).values(handed_over=attempt_id))
