"""The engine, and sessions that read or write."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 5_000


class Database:
    """Hands out sessions. On SQLite, writing ones begin with BEGIN IMMEDIATE, one at a time in this process.

    A deferred BEGIN with a read before the write fails with "database is locked" under load, whatever the busy
    timeout; and SQLite's own waiting is slower than a lock.
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
        self.writing_engine: Engine = self.engine.execution_options(quizapp_writing=True)
        self._one_writer = threading.Lock()

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
        with self._one_writer, Session(self.writing_engine, expire_on_commit=False) as session:
            yield session

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


def _begin(connection: Any) -> None:
    writing = connection.get_execution_options().get("quizapp_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
