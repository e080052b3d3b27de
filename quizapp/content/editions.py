"""The editions that are being served, and those that earlier attempts began on."""

from datetime import date
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from quizapp.content.catalogue import Catalogue, from_snapshot, to_snapshot
from quizapp.content.schema import BLANK
from quizapp.db import insert_or_ignore
from quizapp.domain.procedure import Edition, Procedure
from quizapp.models import Attempt, EditionRow


class Editions:
    """Editions by id, each read from the database at most once in a process: they never change."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._by_id = {edition.id: edition for edition in catalogue.editions.values()}
        self._lock = Lock()

    def current(self, procedure_id: str) -> Edition | None:
        """Return the edition that a new attempt begins on."""
        return self.catalogue.editions.get(procedure_id)

    def by_id(self, session: Session, edition_id: str) -> Edition:
        """Return an edition that an attempt began on. Raise LookupError if it was never stored."""
        edition = self._by_id.get(edition_id)
        if edition is None:
            snapshot = session.scalar(select(EditionRow.snapshot).where(EditionRow.id == edition_id))
            if snapshot is None:
                raise LookupError(f"no edition {edition_id} was stored")
            edition = from_snapshot(snapshot)
            with self._lock:
                self._by_id[edition_id] = edition
        return edition

    def procedure_of(self, session: Session, attempt: Attempt) -> Procedure:
        """Return what this attempt's patient sees, in the attempt's language."""
        return self.by_id(session, attempt.edition).in_language(attempt.language)


def store_current(session: Session, editions: Editions, today: date) -> None:
    """Store each edition that is being served, at start."""
    for edition in editions.catalogue.editions.values():
        store_edition(session, edition, today)


def store_edition(session: Session, edition: Edition, today: date) -> None:
    """Store a snapshot of an edition, unless it is stored already."""
    insert_or_ignore(
        session,
        EditionRow,
        id=edition.id,
        procedure=edition.procedure_id,
        snapshot=to_snapshot(edition),
        first_day=today,
    )


def stored_editions(session: Session, procedure: str) -> list[EditionRow]:
    """Return every edition of a procedure, oldest first, without the large snapshots."""
    query = select(EditionRow).options(defer(EditionRow.snapshot)).where(EditionRow.procedure == procedure)
    return list(session.scalars(query.order_by(EditionRow.first_day, EditionRow.id)))


def last_stored(session: Session, procedure_id: str) -> Edition | None:
    """Return the edition that patients saw last, or None if there is none without blanks."""
    query = select(EditionRow.snapshot).where(EditionRow.procedure == procedure_id)
    snapshot = session.scalar(query.order_by(EditionRow.first_day.desc(), EditionRow.id).limit(1))
    return from_snapshot(snapshot) if snapshot and BLANK not in snapshot else None
