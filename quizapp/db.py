"""The engine, and sessions that read or write."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 5_000
# While another program holds the file: waiting longer would only keep the threads from those who read.
SHORT_TIMEOUT_MS = 200


class Database:
    """Hands out sessions. On SQLite, writing ones begin with BEGIN IMMEDIATE, one at a time in this process.

    A deferred BEGIN with a read before the write fails with "database is locked" under load, whatever the busy
    timeout; and SQLite's own waiting is slower than a lock. Nobody waits longer than the busy timeout; and once one
    has waited in vain, the next wait only briefly, until one gets through.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(self.url, hide_parameters=True, pool_size=16, max_overflow=48)
            event.listen(self.engine, "connect", _set_pragmas)
            event.listen(self.engine, "begin", _begin)
        else:
            self.engine = create_engine(
                self.url, hide_parameters=True, pool_size=8, max_overflow=24, pool_pre_ping=True
            )
        event.listen(self.engine, "checkin", _end_what_is_left)
        self.writing_engine: Engine = self.engine.execution_options(quizapp_writing=True)
        self._one_writer = threading.Lock()
        self._patience_ms = BUSY_TIMEOUT_MS

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; nothing written in it is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one transaction. The caller commits; leaving without a commit keeps nothing."""
        if not self.is_sqlite:
            with Session(self.writing_engine, expire_on_commit=False) as session:
                yield session
            return
        with self._writers_turn(), Session(self.writing_engine, expire_on_commit=False) as session:
            self._begin_writing(session)
            yield session

    @contextmanager
    def _writers_turn(self) -> Iterator[None]:
        """This process's one writer at a time. Raises OperationalError where the wait was in vain."""
        if not self._one_writer.acquire(timeout=self._patience_ms / 1000):
            raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
        try:
            yield
        finally:
            self._one_writer.release()

    def _begin_writing(self, session: Session) -> None:
        patience = self._patience_ms
        try:
            session.connection(execution_options={"quizapp_patience_ms": patience})
        except OperationalError:
            self._patience_ms = SHORT_TIMEOUT_MS
            raise
        if patience != BUSY_TIMEOUT_MS:
            self._patience_ms = BUSY_TIMEOUT_MS

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL and in memory."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def dispose(self) -> None:
        self.engine.dispose()


def _set_pragmas(connection: Any, _record: Any) -> None:
    # WAL is set once, when the database is made (migrating.py): setting it at every connection races.
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _end_what_is_left(connection: Any, record: Any) -> None:
    """SQLAlchemy puts a connection whose COMMIT failed back into the pool in its transaction, write lock and all."""
    if connection is None:  # it was invalidated
        return
    is_sqlite = isinstance(connection, sqlite3.Connection)
    is_idle = not connection.in_transaction if is_sqlite else connection.info.transaction_status.name == "IDLE_TIMEOUT"
    if is_idle:
        return
    try:
        connection.rollback()
    except Exception:  # it is of no use any more
        record.invalidate()


def _begin(connection: Any) -> None:
    # By the driver's own connection: SQLAlchemy's way to say one word costs a page as much as a question does.
    driver: sqlite3.Connection = connection.connection.driver_connection
    options = connection.get_execution_options()
    statement = "BEGIN IMMEDIATE" if options.get("quizapp_writing", False) else "BEGIN"
    patience = options.get("quizapp_patience_ms", BUSY_TIMEOUT_MS)
    if patience != BUSY_TIMEOUT_MS:
        driver.execute(f"PRAGMA busy_timeout = {patience}")
    try:
        driver.execute(statement)
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error
    finally:
        if patience != BUSY_TIMEOUT_MS:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
