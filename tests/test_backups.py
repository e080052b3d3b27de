"""Copies of the database: sound or refused, never silently in place of another, and told when they are old."""

import os
import shutil
import sqlite3
import stat
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from quizapp import backups, migrate
from quizapp.accounts import accounts, audit
from quizapp.cli import main
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database
from quizapp.models import Attempt, Audit, OneTimeLink
from quizapp.patients import attempts
from tests.builders import KEYS, keep_edition, make_test_edition, walk

EDITION = make_test_edition()
RETENTION = Retention(sheet_days=14, closed_days=2, min_group=11)
NOW = datetime(2026, 11, 24, 9, 0)


class Catalogue:
    def __init__(self):
        self.editions = {EDITION.procedure_id: EDITION}


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'data' / 'quizapp.sqlite3'}"


@pytest.fixture
def served(url):
    """A database in use, with five sheets."""
    database = Database(url)
    migrate.upgrade(database)
    with database.writing() as session:
        keep_edition(session, EDITION)
        for _ in range(5):
            walk(session, EDITION)
        session.commit()
    yield database
    database.dispose()


def restore(file, url, days_later=0, replace=False):
    now = NOW + timedelta(days=days_later)
    return backups.restore(file, url, Editions(Catalogue()), RETENTION, now, replace=replace)


def sheets(url):
    database = Database(url)
    with database.reading() as session:
        found = session.scalar(select(func.count()).select_from(Attempt))
    database.dispose()
    return found


def test_it_writes_a_sound_private_copy_of_a_database_in_use(served, url, tmp_path):
    file = tmp_path / "backup"
    rows = backups.back_up(url, file)
    assert rows == sum(backups.check(file).values()) > 5
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"data", "backup"}


def test_it_never_writes_over_a_file(served, url, tmp_path):
    file = tmp_path / "backup"
    file.write_text("something else")
    with pytest.raises(backups.BackupError, match="is there already"):
        backups.back_up(url, file)
    assert file.read_text() == "something else"


def test_it_restores_what_was_backed_up_and_keeps_the_former_database_beside(served, url, tmp_path):
    file = tmp_path / "backup"
    backups.back_up(url, file)
    with served.writing() as session:
        walk(session, EDITION)
        session.commit()
    served.dispose()
    with pytest.raises(backups.BackupError, match="--replace"):
        restore(file, url)
    restored = restore(file, url, replace=True)
    assert sheets(url) == 5
    assert sheets(f"sqlite:///{restored.kept}") == 6
    assert restored.kept.name == "quizapp.sqlite3.replaced-1"
    assert stat.S_IMODE(served.file.stat().st_mode) == 0o600
    assert restore(file, url, replace=True).kept.name == "quizapp.sqlite3.replaced-2"


def test_it_does_not_touch_a_database_that_something_has_open(served, url, tmp_path):
    file = tmp_path / "backup"
    backups.back_up(url, file)
    with served.reading() as session:
        session.scalar(select(Attempt.id).limit(1))
    with pytest.raises(backups.BackupError, match="Stop the server first"):
        restore(file, url, replace=True)
    assert sheets(url) == 5
    assert [path.name for path in served.file.parent.iterdir() if "replaced" in path.name] == []


def test_it_replaces_a_damaged_database_and_keeps_its_parts(served, url, tmp_path):
    file = tmp_path / "backup"
    backups.back_up(url, file)
    served.dispose()
    with served.file.open("r+b") as damaged:
        damaged.write(b"no longer a database" * 1000)
    restored = restore(file, url, replace=True)
    assert sheets(url) == 5
    assert restored.kept.read_bytes().startswith(b"no longer a database")


def test_it_finds_nothing_under_an_expired_code_in_a_restored_backup(served, url, tmp_path):
    """Abuse case 12: the sheet was purged, a backup still had it, and the backup is restored."""
    file = tmp_path / "backup"
    with served.writing() as session:
        attempt, secret = walk(session, EDITION)
        code = KEYS.code(secret, attempt.code_hmac)
        session.commit()
    backups.back_up(url, file)
    served.dispose()
    restored = restore(file, url, days_later=14, replace=True)
    assert restored.swept.unlinked == 6
    database = Database(url)
    with database.reading() as session:
        assert attempts.by_code(session, KEYS.candidates(code)) is None
        assert attempts.find(session, secret) is None
    database.dispose()
    data = subprocess.run(["cat", served.file], capture_output=True, check=True).stdout
    assert attempt.code_hmac not in data
    assert attempt.secret_hash not in data


def test_it_signs_everyone_out_and_notes_it(served, url, tmp_path):
    with served.writing() as session:
        accounts.first_lead_link(session, NOW)
        session.commit()
    backups.back_up(url, tmp_path / "backup")
    served.dispose()
    restore(tmp_path / "backup", url, replace=True)
    database = Database(url)
    with database.reading() as session:
        assert session.scalars(select(OneTimeLink)).all() == []
        noted = session.execute(select(Audit.action, Audit.staff_name)).all()
    database.dispose()
    assert noted == [("restored", audit.COMMAND_LINE)]


@pytest.mark.parametrize("main_file_is", ["gone", "there"])
def test_it_lets_no_log_of_a_former_database_undo_a_restore(served, url, tmp_path, main_file_is):
    """After a crash the main file may be lost and its write-ahead log not; SQLite would replay it over the backup."""
    file, data = tmp_path / "backup", served.file.parent
    backups.back_up(url, file)
    with served.writing() as session:
        for _ in range(40):
            walk(session, EDITION)
        session.commit()
    crashed = subprocess.run(["cat", f"{served.file}-wal"], capture_output=True, check=True).stdout
    assert crashed
    served.dispose()
    if main_file_is == "gone":
        served.file.unlink()
    served.file.with_name("quizapp.sqlite3-wal").write_bytes(crashed)
    restored = restore(file, url, replace=True)
    assert sheets(url) == 5
    if main_file_is == "gone":
        assert restored.set_aside == [data / "quizapp.sqlite3.replaced-1-wal"]
        assert (data / "quizapp.sqlite3.replaced-1-wal").read_bytes() == crashed, "kept, not deleted"
        assert restore(file, url, replace=True).kept == data / "quizapp.sqlite3.replaced-2"


def test_it_sets_aside_the_rollback_journal_of_a_lost_database_and_says_so(served, url, tmp_path):
    """SQLite would roll the restored file back by it."""
    file, data = tmp_path / "backup", served.file.parent
    backups.back_up(url, file)
    served.dispose()
    for end in ("", "-wal", "-shm"):
        (data / f"quizapp.sqlite3{end}").unlink(missing_ok=True)
    (data / "quizapp.sqlite3-journal").write_bytes(b"a journal")
    assert restore(file, url).set_aside == [data / "quizapp.sqlite3.replaced-1-journal"]
    assert (data / "quizapp.sqlite3.replaced-1-journal").read_bytes() == b"a journal"
    assert sheets(url) == 5


NEXT_REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("attempt", sa.Column("added", sa.Integer()))
"""


def test_it_brings_an_older_backup_to_this_versions_tables(served, url, tmp_path, monkeypatch):
    file, migrations = tmp_path / "backup", tmp_path / "migrations"
    backups.back_up(url, file)
    served.dispose()
    shutil.copytree(migrate.MIGRATIONS, migrations)
    (migrations / "versions" / "0002_next.py").write_text(NEXT_REVISION)
    monkeypatch.setattr(migrate, "MIGRATIONS", migrations)
    restore(file, url, replace=True)
    database = Database(url)
    with database.reading() as session:
        assert migrate.state(session.connection()) == "current"
        assert session.execute(text("SELECT added FROM attempt")).all() == [(None,)] * 5
    database.dispose()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DROP TABLE attempt", "is no backup of quizapp"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer quizapp"),
        ("PRAGMA foreign_keys = OFF; INSERT INTO flag VALUES ('nobody', 'one', 'wrong', 1)", "belong to nothing"),
    ],
)
def test_it_refuses_a_file_that_is_not_a_sound_backup(served, url, tmp_path, harm, said):
    file = tmp_path / "backup"
    backups.back_up(url, file)
    connection = sqlite3.connect(file)
    connection.executescript(harm)
    connection.close()
    with pytest.raises(backups.BackupError, match=said):
        restore(file, f"sqlite:///{tmp_path / 'elsewhere' / 'quizapp.sqlite3'}")


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9])
def test_it_refuses_a_backup_that_was_cut_short_or_overwritten(served, url, tmp_path, share):
    file = tmp_path / "backup"
    backups.back_up(url, file)
    whole = file.read_bytes()
    for broken in (whole[: int(len(whole) * share)], whole[: int(len(whole) * share)].ljust(len(whole), b"\xaa")):
        file.write_bytes(broken)
        with pytest.raises(backups.BackupError):
            restore(file, url, replace=True)
    assert sheets(url) == 5


def test_it_refuses_the_database_itself_as_a_backup(served, url):
    with served.reading() as session:
        session.scalar(select(Attempt.id).limit(1))
        with pytest.raises(backups.BackupError, match="in use"):
            restore(served.file, url, replace=True)


def test_it_names_the_tools_for_postgresql(tmp_path):
    with pytest.raises(backups.BackupError, match="pg_dump"):
        backups.back_up("postgresql+psycopg://localhost/quizapp", tmp_path / "backup")
    with pytest.raises(backups.BackupError, match="pg_restore"):
        restore(tmp_path / "backup", "postgresql+psycopg://localhost/quizapp")


def test_it_finds_backups_that_outlived_the_sheets(served, url, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    for name, days in (("old", 15), ("new", 13)):
        backups.back_up(url, folder / name)
        then = time.time() - days * 86_400
        os.utime(folder / name, (then, then))
    (folder / "notes.txt").write_text("no database")
    os.utime(folder / "notes.txt", (0, 0))
    os.utime(served.file, (0, 0))
    folders = [served.file.parent, folder, tmp_path / "not there"]
    assert backups.older_than(folders, 14, served.file) == [folder / "old"]


def test_it_looks_past_what_it_may_not_read(served, tmp_path, monkeypatch):
    """Else a server could not start because of one old file of somebody else's."""
    for name in ("ours", "theirs"):
        backups.back_up(str(served.url), tmp_path / name)
        os.utime(tmp_path / name, (0, 0))
    really_open = Path.open

    def open_(path, *arguments, **named):
        if path.name == "theirs":
            raise PermissionError(13, "Permission denied")
        return really_open(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", open_)
    assert backups.older_than([tmp_path], 14, served.file) == [tmp_path / "ours"]


def test_its_commands_say_what_they_did_and_when_the_backup_must_go(served, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_INSTANCE_PATH", str(served.file.parent))
    run = CliRunner().invoke
    made = run(main, ["backup", str(tmp_path / "b")])
    assert (made.exit_code, "Delete it by" in made.output) == (0, True)
    again = run(main, ["backup", str(tmp_path / "b")])
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    served.dispose()
    refused = run(main, ["restore", str(tmp_path / "b")])
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    restored = run(main, ["restore", str(tmp_path / "b"), "--replace"])
    assert (restored.exit_code, "kept as" in restored.output) == (0, True)
    swept = run(main, ["sweep", "--dry-run"])
    assert (swept.exit_code, "0 sheets would be deleted" in swept.output) == (0, True)


def test_it_finds_old_archives_of_pg_dump_where_the_database_has_no_file(tmp_path):
    archive = tmp_path / "archive"
    archive.write_bytes(b"PGDMP\x01\x0e")
    os.utime(archive, (0, 0))
    (tmp_path / "new").write_bytes(b"PGDMP\x01\x0e")
    assert backups.older_than([tmp_path], 14, None) == [archive]
