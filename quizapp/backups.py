"""Backing up and restoring. A restore brings back no sheet that is past its time, and nobody's signed-in session."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from quizapp import backup_files, migrate
from quizapp.accounts import account_service, audit
from quizapp.aggregation import cleanup
from quizapp.aggregation.cleanup import CleanupResult
from quizapp.backup_files import Refused
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database

__all__ = ["BackUp", "Refused", "Restored", "back_up", "restore"]


@dataclass(frozen=True)
class BackUp:
    """What was written: rows in all tables, and bytes."""

    rows: int
    size: int


@dataclass(frozen=True)
class Restored:
    """Rows in all tables, what had to be swept, where the former database is kept (None: there was none), and the logs
    of a lost one that were set aside."""

    rows: int
    swept: CleanupResult
    kept: Path | None
    set_aside: list[Path]


def back_up(database_url: str, file: Path) -> BackUp:
    """Write a checked copy. Raises Refused, with what to do."""
    database = _file_of(database_url, f"pg_dump --format=custom --file={file} --dbname=...")
    if not database.is_file():
        raise Refused(f"There is no database yet: {database}")
    rows = backup_files.write(database, file)
    return BackUp(sum(rows.values()), file.stat().st_size)


def restore(
    file: Path, database_url: str, editions: Editions, retention: Retention, now: datetime, *, replace: bool
) -> Restored:
    """Upgrade and sweep a copy of the backup, then put it in place. Raises Refused, with what to do."""
    database = _file_of(database_url, f"pg_restore --clean --dbname=... {file}, then quizapp sweep")
    backup_files.check(file)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if database.exists() and not replace:
        raise Refused(f"There is a database already: {database}. With --replace it is kept beside the restored one.")
    with backup_files.workplace(database) as place:
        copy = place / "copy"
        copy.touch(mode=0o600)
        copy.write_bytes(file.read_bytes())
        swept = _made_fit(copy, editions, retention, now)
        backup_files.as_one_file(copy)
        rows = backup_files.check(copy)
        kept, set_aside = backup_files.put_in_place(copy, database, replace=replace)
    return Restored(sum(rows.values()), swept, kept, set_aside)


def _made_fit(copy: Path, editions: Editions, retention: Retention, now: datetime) -> CleanupResult:
    """Bring a copy to this version's tables and to today."""
    database = Database(f"sqlite:///{copy}")
    try:
        migrate.upgrade(database)
        swept = cleanup.sweep(database, editions, retention, now.date()) or CleanupResult()
        with database.writing() as session:
            account_service.end_all_sessions(session)
            audit.note(session, now, audit.COMMAND_LINE, "restored")
            session.commit()
    finally:
        database.dispose()
    return swept


def _file_of(database_url: str, instead: str) -> Path:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        raise Refused(f"This database is on PostgreSQL, which has its own tools: {instead}")
    return Path(url.database or "")
