"""The sweep: what `quizapp sweep` does, and `serve` at its start and every hour.

In many short transactions with a pause between, so that no patient waits for it. Each leaves everything whole, so a
sweep that is cut short is simply gone on with by the next.
"""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from quizapp.aggregation import batches, release, scrub
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database
from quizapp.patients import attempt_queries

CHUNK = 100  # sheets in one transaction: about a tenth of a second
# Longer than SQLite's longest wait between two looks at a lock (0.1 s), so that whoever waits gets a turn.
PAUSE_SECONDS = 0.15


@dataclass(frozen=True)
class CleanupResult:
    """What a sweep did, or would do. `is_purged`: nothing deleted is left in the files' bytes."""

    released: int = 0
    left_made_sheets: int = 0
    severed: int = 0
    never_begun: int = 0
    is_purged: bool = True


def sweep(database: Database, editions: Editions, retention: Retention, today: date) -> CleanupResult | None:
    """Make sheets of attempts left for a day, release full batches, sever what is past its time, purge the files.

    None: another process is sweeping this database.
    """
    with scrub.only_one(database) as is_ours:
        if not is_ours:
            return None
        done = _end_attempts_left(database, editions, today)
        done = replace(done, released=_release(database, editions, retention, today))
        done = replace(done, severed=_sever(database, retention, today))
        with database.writing() as session:
            release.release_outcomes(session, retention.min_group, today)
            session.commit()
        return replace(done, is_purged=scrub.purge(database))


def dry_run(session: Session, retention: Retention, today: date) -> CleanupResult:
    """The counts of a sweep, found by reading only."""
    left, never_begun = attempt_queries.count_left_before(session, today)
    full = [n for n in batches.waiting_groups(session).values() if n >= retention.min_group]
    return CleanupResult(sum(full), left, release.count_due(session, retention, today), never_begun)


def _end_attempts_left(database: Database, editions: Editions, today: date) -> CleanupResult:
    with database.reading() as session:
        ids = attempt_queries.left_before(session, today)
    made = dropped = 0
    for chunk in _chunks(ids):
        with database.writing() as session:
            more_made, more_dropped = release.end_attempts_left(session, editions, chunk, today)
            session.commit()
        made, dropped = made + more_made, dropped + more_dropped
    return CleanupResult(left_made_sheets=made, never_begun=dropped)


def _release(database: Database, editions: Editions, retention: Retention, today: date) -> int:
    with database.reading() as session:
        groups = [key for key, n in batches.waiting_groups(session).items() if n >= retention.min_group]
    released = 0
    for key in groups:
        with database.writing() as session:
            procedure = editions.by_id(session, key.edition).in_language(key.language)
            released += release.release_full_batch(
                session, procedure, key.edition, key.language, today, retention.min_group
            )
            session.commit()
    return released


def _sever(database: Database, retention: Retention, today: date) -> int:
    with database.reading() as session:
        ids = release.due_for_severing(session, retention, today)
    severed = 0
    for chunk in _chunks(ids):
        with database.writing() as session:
            severed += release.sever_due(session, retention, chunk, today)
            session.commit()
    return severed


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """In a drawn order: where bare answers come to stand in the file must not tell whose sheet ended first."""
    drawn = random.SystemRandom().sample(ids, len(ids))
    for start in range(0, len(drawn), CHUNK):
        if start:
            time.sleep(PAUSE_SECONDS)
        yield drawn[start : start + CHUNK]
