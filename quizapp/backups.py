"""Back up and restore a SQLite database; find old backups. A restore brings back no expired sheet and no session."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from quizapp import migrate
from quizapp.accounts import audit, sessions
from quizapp.aggregation import cleanup
from quizapp.aggregation.cleanup import CleanupResult
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database

SQLITE_MAGIC, PG_DUMP_MAGIC = b"SQLite format 3\0", b"PGDMP"  # the second begins what pg_dump --format=custom writes
SIDE_FILES = ("-wal", "-shm", "-journal")  # what SQLite puts next to a database in use


class BackupError(Exception):
    """The request would lose something, or the file is not a sound backup; nothing was changed."""


@dataclass(frozen=True)
class Backup:
    """What was written: rows in all tables, and bytes."""

    rows: int
    size: int


@dataclass(frozen=True)
class Restored:
    """Rows in all tables, what the clean-up removed, and where the former database is kept.

    `kept` is None if there was no database. `set_aside`: the logs of a lost one.
    """

    rows: int
    swept: CleanupResult
    kept: Path | None
    set_aside: list[Path]


def back_up(database_url: str, file: Path) -> Backup:
    """Write a checked copy of a database, also one in use. Raises BackupError, with what to do."""
    database = _file_of(database_url, f"pg_dump --format=custom --file={file} --dbname=...")
    if not database.is_file():
        raise BackupError(f"There is no database yet: {database}")
    _refuse_to_overwrite(file)
    with _work_folder(file) as folder:
        snapshot, copy = folder / "snapshot", folder / "copy"
        with closing(_open(database)) as source, closing(_open(snapshot)) as target:
            source.execute("BEGIN")  # from here on we see one state, whatever others write
            rows = _row_counts(source)
            source.backup(target)
        with closing(_open(snapshot)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        if check(copy) != rows:
            raise BackupError("The copy does not hold what the database held. Please try again.")
        _make_private_and_sync(copy)
        _refuse_to_overwrite(file)
        copy.rename(file)
    _sync_folder(file.parent)
    return Backup(sum(rows.values()), file.stat().st_size)


def restore(
    file: Path, database_url: str, editions: Editions, retention: Retention, now: datetime, *, replace: bool
) -> Restored:
    """Upgrade and clean up a copy of the backup, then put it in place. Raises BackupError, with what to do."""
    database = _file_of(database_url, f"pg_restore --clean --dbname=... {file}, then quizapp sweep")
    check(file)
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_existing(database, replace=replace)
    with _work_folder(database) as folder:
        copy = folder / "copy"
        copy.touch(mode=0o600)
        copy.write_bytes(file.read_bytes())
        swept = _bring_up_to_date(copy, editions, retention, now)
        merge_side_files(copy)
        rows = check(copy)
        _make_private_and_sync(copy)
        with migrate.alone_with(database):  # a server that starts now waits
            _refuse_existing(database, replace=replace)
            kept, set_aside = _keep_former(database)
            copy.replace(database)
            _sync_folder(database.parent)
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
    if not migrate.is_known(revision):
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
    files = {file for folder in folders for file in _files_in(folder)} - ({database.resolve()} if database else set())
    return sorted(file for file in files if _is_old_backup(file, before))


def _files_in(folder: Path) -> list[Path]:
    try:
        return [file.resolve() for file in folder.iterdir() if file.is_file()]
    except OSError:
        return []


def _is_old_backup(file: Path, before: float) -> bool:
    try:
        if file.stat().st_mtime >= before:
            return False
        with file.open("rb") as opened:
            return opened.read(len(SQLITE_MAGIC)).startswith((SQLITE_MAGIC, PG_DUMP_MAGIC))
    except OSError:  # gone meanwhile, or not ours to read
        return False


def _file_of(database_url: str, instead: str) -> Path:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        raise BackupError(f"This database is on PostgreSQL, which has its own tools: {instead}")
    return Path(url.database or "")


def _refuse_to_overwrite(file: Path) -> None:
    if file.exists():
        raise BackupError(f"{file} is there already. Choose another name, or delete it first.")


def _refuse_existing(database: Path, *, replace: bool) -> None:
    if database.exists() and not replace:
        raise BackupError(
            f"There is a database already: {database}. With --replace it is kept next to the restored one."
        )


def _bring_up_to_date(copy: Path, editions: Editions, retention: Retention, now: datetime) -> CleanupResult:
    """Bring a copy to this version's tables and to today."""
    database = Database(f"sqlite:///{copy}")
    try:
        migrate.upgrade(database)
        swept = cleanup.sweep(database, editions, retention, now.date()) or CleanupResult()
        with database.writing() as session:
            sessions.end_everyones(session)
            audit.note(session, now, audit.COMMAND_LINE, "restored")
            session.commit()
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


@contextmanager
def _work_folder(file: Path) -> Iterator[Path]:
    """A folder next to `file`, for this account only, deleted at the end."""
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}.")
    folder = Path(tempfile.mkdtemp(prefix=f".{file.name}-", dir=file.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def _make_private_and_sync(file: Path) -> None:
    file.chmod(0o600)
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
