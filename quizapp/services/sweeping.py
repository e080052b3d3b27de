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

from quizapp.services import releases
from quizapp.services.editions import Editions
from quizapp.services.releases import Retention
from quizapp.storage import attempts, batches, purging
from quizapp.storage.database import Database

CHUNK = 100  # sheets in one transaction: about a tenth of a second
# Longer than SQLite's longest wait between two looks at a lock (0.1 s), so that whoever waits gets a turn.
PAUSE_SECONDS = 0.15


@dataclass(frozen=True)
class Swept:
    """What a sweep did, or would do. `is_purged`: nothing deleted is left in the files' bytes."""

    released: int = 0
    left_made_sheets: int = 0
    severed: int = 0
    never_begun: int = 0
    is_purged: bool = True


def sweep(database: Database, editions: Editions, retention: Retention, today: date) -> Swept | None:
    """Make sheets of attempts left for a day, release full batches, sever what is past its time, purge the files.

    None: another process is sweeping this database.
    """
    with purging.only_one(database) as is_ours:
        if not is_ours:
            return None
        done = _end_attempts_left(database, editions, today)
        done = replace(done, released=_release(database, editions, retention, today))
        done = replace(done, severed=_sever(database, retention, today))
        with database.writing() as session:
            releases.release_outcomes(session, retention.min_group, today)
            session.commit()
        return replace(done, is_purged=purging.purge(database))


def what_it_would_do(session: Session, retention: Retention, today: date) -> Swept:
    """The counts of a sweep, found by reading only."""
    left, never_begun = attempts.count_left_before(session, today)
    full = [n for n in batches.waiting_groups(session).values() if n >= retention.min_group]
    return Swept(sum(full), left, releases.count_due(session, retention, today), never_begun)


def _end_attempts_left(database: Database, editions: Editions, today: date) -> Swept:
    with database.reading() as session:
        ids = attempts.left_before(session, today)
    made = dropped = 0
    for chunk in _chunks(ids):
        with database.writing() as session:
            more_made, more_dropped = releases.end_attempts_left(session, editions, chunk, today)
            session.commit()
        made, dropped = made + more_made, dropped + more_dropped
    return Swept(left_made_sheets=made, never_begun=dropped)


def _release(database: Database, editions: Editions, retention: Retention, today: date) -> int:
    with database.reading() as session:
        groups = [key for key, n in batches.waiting_groups(session).items() if n >= retention.min_group]
    released = 0
    for key in groups:
        with database.writing() as session:
            procedure = editions.by_id(session, key.edition).in_language(key.language)
            released += releases.release_full_batch(
                session, procedure, key.edition, key.language, today, retention.min_group
            )
            session.commit()
    return released


def _sever(database: Database, retention: Retention, today: date) -> int:
    with database.reading() as session:
        ids = releases.due_for_severing(session, retention, today)
    severed = 0
    for chunk in _chunks(ids):
        with database.writing() as session:
            severed += releases.sever_due(session, retention, chunk, today)
            session.commit()
    return severed


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """In a drawn order: where bare answers come to stand in the file must not tell whose sheet ended first."""
    drawn = random.SystemRandom().sample(ids, len(ids))
    for start in range(0, len(drawn), CHUNK):
        if start:
            time.sleep(PAUSE_SECONDS)
        yield drawn[start : start + CHUNK]
