"""Editions as they were served."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from quizapp.db import insert_or_ignore
from quizapp.models import EditionRow


def keep(session: Session, edition_id: str, procedure: str, snapshot: str, today: date) -> None:
    """Store an edition's snapshot if it is new."""
    insert_or_ignore(
        session, EditionRow, id=edition_id, procedure=procedure, snapshot=snapshot, first_day=today
    )


def snapshot(session: Session, edition_id: str) -> str | None:
    return session.scalar(select(EditionRow.snapshot).where(EditionRow.id == edition_id))


def all_of(session: Session, procedure: str) -> list[EditionRow]:
    """Every edition of a procedure, oldest first, without the large snapshots."""
    return list(
        session.scalars(
            select(EditionRow)
            .options(defer(EditionRow.snapshot))
            .where(EditionRow.procedure == procedure)
            .order_by(EditionRow.first_day, EditionRow.id)
        )
    )
