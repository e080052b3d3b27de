"""Remove deleted rows from the database files (VACUUM, WAL checkpoint), one process at a time."""

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quizapp.db import Database
from quizapp.models import DatabaseFlag

# The row of this name with an empty value: nothing was deleted since the last scrub. With a value: a scrub is under
# way, or was interrupted.
PURGED = "purged"
CLEANUP_LOCK = 815_002  # PostgreSQL: one process cleans up, the others skip it
CHECKPOINT_TRIES, CHECKPOINT_WAIT = 50, 0.1


@contextmanager
def only_one(database: Database) -> Iterator[bool]:
    """Yield whether this process may clean up now; on PostgreSQL False while another one does.

    On SQLite several may: each of their transactions is the only writer, and checks again what is due.
    """
    if database.is_sqlite:
        yield True
        return
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        is_ours = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": CLEANUP_LOCK})
        try:
            yield bool(is_ours)
        finally:
            if is_ours:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": CLEANUP_LOCK})


def deleted(session: Session) -> None:
    """Note, in the transaction that deletes part of a sheet, that the next clean-up has to scrub the files."""
    session.execute(delete(DatabaseFlag).where(DatabaseFlag.name == PURGED))


def is_due(session: Session) -> bool:
    """Return whether something was deleted since the last complete scrub; True if there was none yet."""
    return session.scalar(select(DatabaseFlag.value).where(DatabaseFlag.name == PURGED)) != ""


def scrub(database: Database) -> bool:
    """Rewrite the file and empty the write-ahead log if something was deleted. Return True if nothing is left over.

    `secure_delete` overwrites what is deleted with zeros, but not the copies that SQLite leaves behind when it moves
    rows between pages. A full disk or a long read can prevent it; then the next clean-up tries again. PostgreSQL does
    its own vacuuming: True means nothing there.
    """
    if database.file is None:
        return True
    with database.reading() as session:
        if not is_due(session):
            return True
    name = secrets.token_urlsafe(8)
    try:
        with database.transaction() as session:
            deleted(session)
            session.add(DatabaseFlag(name=PURGED, value=name))
        if not _rewrite(database):
            return False
        with database.transaction() as session:  # unless something was deleted meanwhile
            is_ours = (DatabaseFlag.name == PURGED, DatabaseFlag.value == name)
            session.execute(update(DatabaseFlag).where(*is_ours).values(value=""))
    except OperationalError:
        return False
    return True


def _rewrite(database: Database) -> bool:
    connection = database.engine.raw_connection()  # outside a transaction
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA temp_store = MEMORY")  # no copy in a temporary folder
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA busy_timeout = 0")  # while SQLite itself waits here, no patient can write
        return _empty_log(cursor)
    except sqlite3.OperationalError:
        return False
    finally:
        connection.invalidate()  # a connection with these settings must not go back to the pool
        connection.close()


def _empty_log(cursor: Any) -> bool:
    for _ in range(CHECKPOINT_TRIES):
        is_busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_busy:
            return True
        time.sleep(CHECKPOINT_WAIT)
    return False
