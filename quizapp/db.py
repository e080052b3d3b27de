"""The engine, sessions that read or write, and INSERT ... ON CONFLICT for both databases."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from quizapp.models import Base

BUSY_TIMEOUT_MS = 5_000
PRAGMAS = (f"busy_timeout = {BUSY_TIMEOUT_MS}", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")


class Database:
    """Hands out sessions. On SQLite, writing ones start with BEGIN IMMEDIATE, one at a time in this process.

    A deferred BEGIN with a read before the write fails with "database is locked" under load, whatever the busy
    timeout; and a lock of our own is faster than SQLite's waiting. Both waits end after the busy timeout.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(self.url, hide_parameters=True, pool_size=16, max_overflow=48)
            event.listen(self.engine, "connect", _set_pragmas)
            event.listen(self.engine, "begin", _begin)
        else:
            from quizapp import postgres  # psycopg takes memory that SQLite does not need

            self.engine = create_engine(
                self.url, hide_parameters=True, pool_size=8, max_overflow=24, pool_pre_ping=True
            )
            event.listen(self.engine, "do_connect", postgres.connect)
        event.listen(self.engine, "checkin", _end_open_transaction)
        self.writing_engine: Engine = self.engine.execution_options(quizapp_writing=True)
        self._writer_lock = threading.Lock()

    def reading(self) -> Session:
        """A session for reading, closed at the end of the `with` block; nothing written in it is kept."""
        return Session(self.engine, expire_on_commit=False)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one transaction, which the caller commits. Raises OperationalError if it cannot start."""
        if self.is_sqlite and not self._writer_lock.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
        try:
            with Session(self.writing_engine, expire_on_commit=False) as session:
                if self.is_sqlite:
                    session.connection()  # begins now, not at the first query
                yield session
        finally:
            if self.is_sqlite:
                self._writer_lock.release()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session for writing that is committed at the end of the block, unless that raises an exception."""
        with self.writing() as session:
            yield session
            session.commit()

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL and in memory."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    def dispose(self) -> None:
        self.engine.dispose()


def _set_pragmas(connection: Any, _record: Any) -> None:
    # WAL is set once, when the database is created (migrate.py): setting it on every connection races.
    connection.isolation_level = None  # _begin starts transactions
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    # By the driver's own connection: SQLAlchemy would spend as much on this word as on a query.
    driver: Any = connection.connection.driver_connection
    statement = "BEGIN IMMEDIATE" if connection.get_execution_options().get("quizapp_writing", False) else "BEGIN"
    try:
        driver.execute(statement)
    except sqlite3.OperationalError as error:
        raise OperationalError(statement, None, error) from error


def _end_open_transaction(connection: Any, record: Any) -> None:
    """Roll back: SQLAlchemy returns a connection whose COMMIT failed to the pool in its transaction, still locked."""
    if connection is None:  # it was invalidated
        return
    is_sqlite = isinstance(connection, sqlite3.Connection)
    is_idle = not connection.in_transaction if is_sqlite else connection.info.transaction_status.name == "IDLE"
    try:
        if not is_idle:
            connection.rollback()
    except Exception:  # the connection can no longer be used
        record.invalidate()


def insert_for(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT with ON CONFLICT, in the dialect of the session's database."""
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def insert_or_ignore(session: Session, table: type[Base], /, **values: Any) -> bool:
    """Insert a row unless it conflicts with one; return True if it was inserted."""
    statement = _insert_or_ignore(table, session.get_bind().dialect.name)
    return session.execute(statement, values).first() is not None


@cache
def _insert_or_ignore(table: type[Base], dialect: str) -> ReturningInsert[Any]:
    """Return the statement, built once for each table. RETURNING tells what was inserted: psycopg has no row count."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    mapped = inspect(table)
    return insert(cast(Table, mapped.local_table)).on_conflict_do_nothing().returning(*mapped.primary_key)
