"""The clean-up: what `quizapp sweep` does, and `serve` at its start and every hour.

It works in many short transactions with a pause between them, so that no patient waits for it. Each transaction leaves
everything consistent, so the next clean-up simply continues one that was interrupted.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.aggregation import release, retention, scrub
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database, insert_for
from quizapp.models import DatabaseFlag
from quizapp.patients import attempts

CHUNK = 100  # sheets in one transaction: about a tenth of a second
# Longer than SQLite's longest pause between two looks at a lock (0.1 s), so that waiting writers get a turn.
PAUSE_SECONDS = 0.15
LAST_SWEEP = "swept"  # the DatabaseFlag with the day of the last complete sweep, or of the first start
LONGEST_PAUSE = timedelta(days=4)  # a server that was off for a long weekend sweeps again by itself

T = TypeVar("T")


@dataclass(frozen=True)
class CleanupResult:
    """What a clean-up did, or would do. `is_scrubbed`: nothing deleted is left in the bytes of the files."""

    released: int = 0
    left_made_sheets: int = 0
    unlinked: int = 0
    never_begun: int = 0
    is_scrubbed: bool = True


def sweep(database: Database, editions: Editions, keep: Retention, today: date) -> CleanupResult | None:
    """Make sheets of attempts left for a day, release full batches, unlink old sheets, scrub the files.

    Return None if another process is cleaning up this database.
    """
    with scrub.only_one(database) as is_ours:
        if not is_ours:
            return None
        with database.reading() as session:
            left = list(attempts.left_before(session, today))
        ended = _in_chunks(database, left, lambda s, ids: retention.end_attempts_left(s, editions, ids, today))
        released = _release(database, editions, keep, today)
        with database.reading() as session:
            due = retention.due_for_unlinking(session, keep, today)
        unlinked = _in_chunks(database, due, lambda s, ids: retention.unlink_due(s, keep, ids, today))
        with database.transaction() as session:
            release.release_outcomes(session, keep.min_group, today)
            confirm_clock(session, today)
        return CleanupResult(
            released,
            left_made_sheets=sum(made for made, _ in ended),
            unlinked=sum(unlinked),
            never_begun=sum(deleted for _, deleted in ended),
            is_scrubbed=scrub.scrub(database),
        )


def last_sweep(session: Session) -> date | None:
    """Return the day of the last sweep; None before the first start."""
    day = session.scalar(select(DatabaseFlag.value).where(DatabaseFlag.name == LAST_SWEEP))
    return date.fromisoformat(day) if day else None


def is_clock_doubtful(session: Session, today: date) -> bool:
    """Return whether the date has jumped since the last sweep: by days forward, or back.

    A clock that is weeks ahead would have every sheet deleted, so callers sweep only after someone confirmed the date.
    One day back is another server's clock at midnight.
    """
    last = last_sweep(session)
    return last is not None and not -timedelta(days=1) <= today - last <= LONGEST_PAUSE


def confirm_clock(session: Session, today: date) -> None:
    """Take today for the day it is, and compare the next days with it."""
    value = today.isoformat()
    insert = insert_for(session, DatabaseFlag).values(name=LAST_SWEEP, value=value)
    session.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def dry_run(session: Session, keep: Retention, today: date) -> CleanupResult:
    """Return the counts of a clean-up, without changing anything."""
    left = attempts.left_before(session, today).values()
    begun = sum(lessons_read > 0 for lessons_read in left)
    full = [n for n in release.waiting_groups(session).values() if n >= keep.min_group]
    return CleanupResult(sum(full), begun, retention.count_due(session, keep, today), len(left) - begun)


def _release(database: Database, editions: Editions, keep: Retention, today: date) -> int:
    with database.reading() as session:
        groups = [key for key, n in release.waiting_groups(session).items() if n >= keep.min_group]
    released = 0
    for key in groups:
        with database.transaction() as session:
            procedure = editions.by_id(session, key.edition).in_language(key.language)
            released += release.release_full_batch(session, procedure, key.edition, key.language, today, keep.min_group)
    return released


def _in_chunks(database: Database, ids: Sequence[str], change: Callable[[Session, Sequence[str]], T]) -> list[T]:
    """Make a change to some attempts at a time, each time in a transaction. Return what each call returned.

    In random order: the place of unlinked answers in the file must not tell whose sheet ended first.
    """
    shuffled = random.SystemRandom().sample(ids, len(ids))
    results = []
    for start in range(0, len(shuffled), CHUNK):
        if start:
            time.sleep(PAUSE_SECONDS)
        with database.transaction() as session:
            results.append(change(session, shuffled[start : start + CHUNK]))
    return results
