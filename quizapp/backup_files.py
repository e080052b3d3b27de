"""Copies of a SQLite database: written, checked, found when they are old, and put in its place."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from quizapp import migrate

MAGIC = b"SQLite format 3\0"
MAGICS = (MAGIC, b"PGDMP")  # the second begins what pg_dump --format=custom writes
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite lays beside a database in use


class Refused(Exception):
    """What was asked for would lose something, or the file is not a sound backup; nothing was changed."""


def write(database: Path, file: Path) -> dict[str, int]:
    """Write a sound copy of a database in use to `file`; its row counts by table.

    The rows are counted in the very state that is copied, and again in the copy. Raises Refused.
    """
    if file.exists():
        raise Refused(f"{file} is there already. Choose another name, or delete it first.")
    with workplace(file) as place:
        snapshot, copy = place / "snapshot", place / "copy"
        with closing(_opened(database)) as source, closing(_opened(snapshot)) as target:
            source.execute("BEGIN")  # from here on we see one state, whatever others write
            rows = _row_counts(source)
            source.backup(target)
        with closing(_opened(snapshot)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        if check(copy) != rows:
            raise Refused("The copy does not hold what the database held. Please try again.")
        _settle(copy)
        if file.exists():
            raise Refused(f"{file} is there already. Choose another name, or delete it first.")
        copy.rename(file)
    _sync_folder(file.parent)
    return rows


def check(file: Path) -> dict[str, int]:
    """The row counts of a sound backup of this version or an older one. Raises Refused, saying what is wrong."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    if any(_beside(file, end).exists() for end in BESIDE):
        raise Refused(f"{file} is a database in use, not a backup: part of it lies beside it.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if found != ["ok"]:
                raise Refused(f"{file} is damaged: {'; '.join(map(str, found))}")
            rows = _row_counts(connection)
            if not {"alembic_version", "attempt", "staff"} <= rows.keys():
                raise Refused(f"{file} is no backup of quizapp.")
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise Refused(f"{file} is damaged: it has rows that belong to nothing.")
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    except sqlite3.DatabaseError as error:
        raise Refused(f"{file} is damaged or no backup: {error}") from error
    if not migrate.is_known(revision):
        raise Refused(f"{file} was made by a newer quizapp. Install that version first.")
    return rows


def put_in_place(copy: Path, database: Path, *, replace: bool) -> tuple[Path | None, list[Path]]:
    """Make `copy`, a database in one file, the database.

    Gives where the former one is kept, or None if there was none; and the logs of a lost one that were set aside.

    Raises Refused if there is one and `replace` is False, or if something has it open.
    """
    as_one_file(copy)
    _settle(copy)
    with migrate.alone_with(database):  # a server that starts now waits
        if database.exists():
            kept, set_aside = _keep_beside(database, replace=replace), []
        else:
            kept = None
            # Or SQLite would replay an old log over the restored file.
            set_aside = _move_parts(database, _free_name(database))
        copy.replace(database)
        _sync_folder(database.parent)
    return kept, set_aside


def as_one_file(database: Path) -> None:
    """Bring all that lies beside a database into it. Raises sqlite3.OperationalError if something else has it open."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def older_than(folders: Iterable[Path], days: int, database: Path | None) -> list[Path]:
    """The backups in these folders that were last written so long ago: SQLite files but for the database, pg_dump's.

    What cannot be read is left out: a look for old backups must not stop a server.
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
        return file.stat().st_mtime < before and _is_backup(file)
    except OSError:  # gone meanwhile, or not ours to read
        return False


@contextmanager
def workplace(file: Path) -> Iterator[Path]:
    """A folder beside `file`, for this account only, that goes with the work."""
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}.")
    place = Path(tempfile.mkdtemp(prefix=f".{file.name}-", dir=file.parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _keep_beside(database: Path, *, replace: bool) -> Path:
    if not replace:
        raise Refused(f"There is a database already: {database}. With --replace it is kept beside the restored one.")
    kept = _free_name(database)
    try:
        as_one_file(database)
    except sqlite3.OperationalError:
        raise Refused(f"Something has the database open: {database}. Stop the server first.") from None
    except sqlite3.DatabaseError:  # damaged, which is why it is being replaced: its parts stay together
        _move_parts(database, kept)
    os.link(database, kept)  # so that at no moment there is no database
    return kept


def _free_name(database: Path) -> Path:
    """A name for a former database that neither a file nor a part of one has."""
    names = (database.with_name(f"{database.name}.replaced-{number}") for number in range(1, 10_000))
    return next(name for name in names if not any(_beside(name, end).exists() for end in ("", *BESIDE)))


def _move_parts(database: Path, kept: Path) -> list[Path]:
    there = [end for end in BESIDE if _beside(database, end).exists()]
    return [_beside(database, end).rename(_beside(kept, end)) for end in there]


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None, timeout=30)


def _row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of our tables
        for (name,) in tables.fetchall()
    }


def _settle(file: Path) -> None:
    """For this account only, and on the disk."""
    file.chmod(0o600)
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _beside(file: Path, end: str) -> Path:
    return file.with_name(file.name + end)


def _is_backup(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)).startswith(MAGICS)
