"""Back up and restore a SQLite database; find old backups. A restore brings back no expired sheet and no session."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from quizapp import migrate
from quizapp.accounts import audit, sessions
from quizapp.aggregation import cleanup
from quizapp.aggregation.cleanup import CleanupResult
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database
from quizapp.web.context import Context

SQLITE_MAGIC, PG_DUMP_MAGIC = b"SQLite format 3\0", b"PGDMP"  # the second begins what pg_dump --format=custom writes
SIDE_FILES = ("-wal", "-shm", "-journal")  # what SQLite puts next to a database in use

OTHER_NAME = "Choose another name, or delete it first."
REPLACE = "With --replace it is kept next to the restored one."


class BackupError(Exception):
    """The request would lose something, or the file is not a sound backup; nothing was changed."""


@dataclass(frozen=True)
class Restored:
    """Rows in all tables, what was cleaned up, where the former database is kept (if any), the logs of a lost one."""

    rows: int
    swept: CleanupResult
    kept: Path | None
    set_aside: list[Path]


def back_up(database_url: str, file: Path) -> int:
    """Write a checked copy of a database, also one in use; return the rows in all tables. Raises BackupError."""
    database = _file_of(database_url, f"pg_dump --format=custom --file={file} --dbname=...")
    if not database.is_file():
        raise BackupError(f"There is no database yet: {database}")
    _refuse_existing(file, OTHER_NAME)
    with _work_folder(file) as folder:
        snapshot, copy = Path(folder, "snapshot"), Path(folder, "copy")
        with closing(_open(database)) as source, closing(_open(snapshot)) as target:
            source.execute("BEGIN")  # from here on we see one state, whatever others write
            rows = _row_counts(source)
            source.backup(target)
        with closing(_open(snapshot)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        if check(copy) != rows:
            raise BackupError("The copy does not hold what the database held. Please try again.")
        copy.chmod(0o600)
        _sync(copy)
        _refuse_existing(file, OTHER_NAME)
        copy.rename(file)
    _sync(file.parent)
    return sum(rows.values())


def restore(
    file: Path, database_url: str, editions: Editions, retention: Retention, now: datetime, *, replace: bool
) -> Restored:
    """Upgrade and clean up a copy of the backup, then put it in place. Raises BackupError, with what to do."""
    database = _file_of(database_url, f"pg_restore --clean --dbname=... {file}, then quizapp sweep")
    check(file)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not replace:
        _refuse_existing(database, REPLACE)
    with _work_folder(database) as folder:
        copy = Path(folder, "copy")
        shutil.copyfile(file, copy)
        swept = _bring_up_to_date(copy, editions, retention, now)
        merge_side_files(copy)
        rows = check(copy)
        copy.chmod(0o600)
        _sync(copy)
        with migrate.alone_with(database):  # a server that starts now waits
            if not replace:
                _refuse_existing(database, REPLACE)
            kept, set_aside = _keep_former(database)
            copy.replace(database)
            _sync(database.parent)
    return Restored(sum(rows.values()), swept, kept, set_aside)


def check(file: Path) -> dict[str, int]:
    """Return the row counts of a sound backup, of this version or an older one. Raises BackupError."""
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    if any(_side_file(file, end).exists() for end in SIDE_FILES):
        raise BackupError(f"{file} is a database in use, not a backup: part of it is in the files next to it.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if problems != ["ok"]:
                raise BackupError(f"{file} is damaged: {'; '.join(map(str, problems))}")
            rows = _row_counts(connection)
            if not {"alembic_version", "attempt", "staff"} <= rows.keys():
                raise BackupError(f"{file} is no backup of quizapp.")
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError(f"{file} is damaged: it has rows that belong to nothing.")
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} is damaged or no backup: {error}") from error
    if revision not in migrate.known_revisions():
        raise BackupError(f"{file} was made by a newer quizapp. Install that version first.")
    return rows


def merge_side_files(database: Path) -> None:
    """Bring everything next to a database into its file. Raises sqlite3.OperationalError if something has it open."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def older_than(folders: Iterable[Path], days: int, database: Path | None) -> list[Path]:
    """Return the backups in these folders last written so long ago: SQLite files except the database, and pg_dump's.

    What cannot be read is left out: a search for old backups must not stop a server.
    """
    before = time.time() - days * 86_400
    found = set()
    for folder in folders:
        with suppress(OSError):
            for file in folder.iterdir():
                with suppress(OSError):  # gone meanwhile, or not ours to read
                    if _is_old_backup(file, before):
                        found.add(file.resolve())
    return sorted(found - ({database.resolve()} if database else set()))


def past_their_days(context: Context) -> list[Path]:
    """Return the backups that hold sheets past their time: next to the SQLite database, and in the backup folder."""
    database = context.database.file
    folders = [place for place in (database and database.parent, context.settings.backup_folder) if place]
    return older_than(folders, context.settings.retention.sheet_days, database)


def _is_old_backup(file: Path, before: float) -> bool:
    if not file.is_file() or file.stat().st_mtime >= before:
        return False
    with file.open("rb") as opened:
        return opened.read(len(SQLITE_MAGIC)).startswith((SQLITE_MAGIC, PG_DUMP_MAGIC))


def _file_of(database_url: str, instead: str) -> Path:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        raise BackupError(f"This database is on PostgreSQL, which has its own tools: {instead}")
    return Path(url.database or "")


def _refuse_existing(file: Path, advice: str) -> None:
    if file.exists():
        raise BackupError(f"{file} is there already. {advice}")


def _bring_up_to_date(copy: Path, editions: Editions, retention: Retention, now: datetime) -> CleanupResult:
    """Bring a copy to this version's tables and to today."""
    database = Database(f"sqlite:///{copy}")
    try:
        migrate.upgrade(database)
        swept = cleanup.sweep(database, editions, retention, now.date()) or CleanupResult()
        with database.transaction() as session:
            sessions.end_everyones(session)
            audit.note(session, now, audit.COMMAND_LINE, "restored")
    finally:
        database.dispose()
    return swept


def _keep_former(database: Path) -> tuple[Path | None, list[Path]]:
    """Give the former database a second name, and move the side files that do not merge into it.

    Returns that name, or None and the side files of a database that is gone: SQLite would replay them over the
    restored file.
    """
    names = (database.with_name(f"{database.name}.replaced-{number}") for number in range(1, 10_000))
    kept = next(name for name in names if not any(_side_file(name, end).exists() for end in ("", *SIDE_FILES)))
    exists = database.exists()
    try:
        if exists:
            merge_side_files(database)
    except sqlite3.OperationalError:
        raise BackupError(f"Something has the database open: {database}. Stop the server first.") from None
    except sqlite3.DatabaseError:  # damaged, which is why it is being replaced: its parts stay together
        pass
    left = [end for end in SIDE_FILES if _side_file(database, end).exists()]
    moved = [_side_file(database, end).rename(_side_file(kept, end)) for end in left]
    if not exists:
        return None, moved
    os.link(database, kept)  # so that at no moment there is no database
    return kept, []


def _work_folder(file: Path) -> TemporaryDirectory[str]:
    """Return a folder next to `file`, for this account only, that is deleted at the end."""
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}.")
    return TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent, ignore_cleanup_errors=True)


def _side_file(file: Path, end: str) -> Path:
    return file.with_name(file.name + end)


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=30)


def _row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of our tables
        for (name,) in tables.fetchall()
    }


def _sync(path: Path) -> None:
    """Write a file's bytes, or a folder's entries, to the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
