"""Seeing to it that what was deleted is gone from the files too, and that one process sweeps at a time."""

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

# This mark with no value: nothing was deleted since the last purge. With one: that purge is under way, or broke off.
PURGED = "purged"
SWEEP_LOCK = 815_002  # PostgreSQL: one process sweeps, the others leave it to that one
CHECKPOINT_TRIES, CHECKPOINT_WAIT = 50, 0.1


@contextmanager
def only_one(database: Database) -> Iterator[bool]:
    """Whether this process may sweep now; on PostgreSQL False while another does.

    On SQLite several may: each of their transactions is the only one that writes, and looks again at what is due.
    """
    if database.is_sqlite:
        yield True
        return
    with database.engine.connect() as connection:
        is_ours = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": SWEEP_LOCK})
        connection.commit()
        try:
            yield bool(is_ours)
        finally:
            if is_ours:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": SWEEP_LOCK})
                connection.commit()


def deleted(session: Session) -> None:
    """Say, in the transaction that deletes something of a sheet, that the next sweep is to purge the files."""
    session.execute(delete(DatabaseFlag).where(DatabaseFlag.name == PURGED))


def is_due(session: Session) -> bool:
    """Whether something was deleted since the last purge that worked; True also where there was none yet."""
    return session.scalar(select(DatabaseFlag.value).where(DatabaseFlag.name == PURGED)) != ""


def purge(database: Database) -> bool:
    """If something was deleted since the last time, write the file anew and empty the write-ahead log; True when clean.

    `secure_delete` writes zeros over what is deleted, but not over the copies that SQLite leaves behind when it moves
    rows between pages. A full disk or a long read can stand in the way; then the next sweep does it. PostgreSQL does
    its own vacuuming: True means nothing there.
    """
    if database.file is None:
        return True
    with database.reading() as session:
        if not is_due(session):
            return True
    name = secrets.token_urlsafe(8)
    try:
        with database.writing() as session:
            deleted(session)
            session.add(DatabaseFlag(name=PURGED, value=name))
            session.commit()
        if not _write_anew(database):
            return False
        with database.writing() as session:  # unless something was deleted meanwhile
            is_ours = (DatabaseFlag.name == PURGED, DatabaseFlag.value == name)
            session.execute(update(DatabaseFlag).where(*is_ours).values(value=""))
            session.commit()
    except OperationalError:
        return False
    return True


def _write_anew(database: Database) -> bool:
    connection = database.engine.raw_connection()  # outside a transaction
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA temp_store = MEMORY")  # no copy of it in a folder for temporary files
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA busy_timeout = 0")  # while SQLite itself waits here, nobody can write
        return _empty_log(cursor)
    except sqlite3.OperationalError:
        return False
    finally:
        connection.invalidate()  # with its own settings it must not go back to the pool
        connection.close()


def _empty_log(cursor: Any) -> bool:
    for _ in range(CHECKPOINT_TRIES):
        is_busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_busy:
            return True
        time.sleep(CHECKPOINT_WAIT)
    return False
