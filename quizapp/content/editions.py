"""The editions that are being served and those that earlier attempts began on."""

from datetime import date
from threading import Lock

from sqlalchemy.orm import Session

from quizapp.content import stored_editions
from quizapp.content.catalogue import Catalogue, from_snapshot, to_snapshot
from quizapp.domain.procedure import Edition, Procedure
from quizapp.models import Attempt


class Editions:
    """Editions by id, each read from the database at most once in a process: they never change."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._by_id = {edition.id: edition for edition in catalogue.editions.values()}
        self._lock = Lock()

    def current(self, procedure_id: str) -> Edition | None:
        """The edition that a new attempt begins on."""
        return self.catalogue.edition(procedure_id)

    def by_id(self, session: Session, edition_id: str) -> Edition:
        """An edition that some attempt began on. Raises LookupError if it was never kept."""
        edition = self._by_id.get(edition_id)
        if edition is None:
            snapshot = stored_editions.snapshot(session, edition_id)
            if snapshot is None:
                raise LookupError(f"no edition {edition_id} was kept")
            edition = from_snapshot(snapshot)
            with self._lock:
                self._by_id[edition_id] = edition
        return edition

    def procedure_of(self, session: Session, attempt: Attempt) -> Procedure:
        """What this attempt's patient sees, in the attempt's language."""
        return self.by_id(session, attempt.edition).in_language(attempt.language)


def keep_current(session: Session, editions: Editions, today: date) -> None:
    """Store a snapshot of each edition that is being served, at start."""
    for edition in editions.catalogue.editions.values():
        stored_editions.keep(session, edition.id, edition.procedure_id, to_snapshot(edition), today)
