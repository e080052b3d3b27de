"""The sweep: what it ends, what it leaves, that one runs at a time, and that what it deleted is gone from the files."""

import random
import sqlite3
import subprocess
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from quizapp import migrate
from quizapp.aggregation import cleanup, scrub
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database
from quizapp.models import Attempt
from quizapp.patients import attempts
from quizapp.tally_models import TallyGroup, WaitingAttempt
from tests.builders import KEYS, TODAY, begin, keep_edition, make_test_edition, walk

EDITION = make_test_edition()
RETENTION = Retention(sheet_days=14, closed_days=2, min_group=11)


class Catalogue:
    def __init__(self):
        self.editions = {EDITION.procedure_id: EDITION}


@pytest.fixture
def editions(database):
    with database.writing() as session:
        keep_edition(session, EDITION)
        session.commit()
    return Editions(Catalogue())


def finish(database, count, today=TODAY, min_group=11):
    """`count` finished attempts; their secrets."""
    with database.writing() as session:
        made = [walk(session, EDITION, today=today, min_group=min_group)[1] for _ in range(count)]
        session.commit()
    return made


def count(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def sweep(database, editions, days_later):
    return cleanup.sweep(database, editions, RETENTION, TODAY + timedelta(days=days_later))


def test_it_deletes_a_sheet_on_its_last_day_and_not_before(database, editions):
    [secret] = finish(database, 1)
    assert sweep(database, editions, 13).unlinked == 0
    assert sweep(database, editions, 14).unlinked == 1
    with database.reading() as session:
        assert attempts.find(session, secret) is None
    assert (count(database, Attempt), count(database, WaitingAttempt)) == (0, 1)


@pytest.mark.parametrize(
    ("age", "closed_since", "for_physician", "left"),
    [
        (0, None, False, 14),
        (5, None, False, 9),
        (20, None, False, 0),
        (5, 0, False, 2),
        (5, 1, False, 1),
        (5, 3, False, 0),
        (13, 0, False, 1),
        (5, 1, True, 9),
    ],
)
def test_it_counts_the_days_until_it_is_deleted(age, closed_since, for_physician, left):
    closed = None if closed_since is None else TODAY - timedelta(days=closed_since)
    sheet = Attempt(day=TODAY - timedelta(days=age), closed_day=closed, for_physician=for_physician)
    assert cleanup.days_left(sheet, RETENTION, TODAY) == left


def test_it_does_nothing_the_second_time(database, editions):
    finish(database, 13)
    assert sweep(database, editions, 14).unlinked == 13
    assert sweep(database, editions, 14) == cleanup.CleanupResult()


def test_it_ends_what_was_left_for_a_day(database, editions):
    with database.writing() as session:
        begin(session, EDITION)
        walk(session, EDITION, finish=False)
        session.commit()
    done = sweep(database, editions, 1)
    assert (done.left_made_sheets, done.never_begun) == (1, 1)
    with database.reading() as session:
        assert session.scalars(select(Attempt.state)).all() == ["stopped"]


def test_it_says_beforehand_exactly_what_it_then_does(database, editions):
    finish(database, 12, min_group=20)
    finish(database, 3, today=TODAY - timedelta(days=3), min_group=20)
    with database.writing() as session:
        begin(session, EDITION)
        walk(session, EDITION, finish=False)
        session.commit()
    day = TODAY + timedelta(days=14)
    with database.reading() as session:
        foretold = cleanup.dry_run(session, RETENTION, day)
    assert count(database, Attempt) == 17
    assert foretold == cleanup.sweep(database, editions, RETENTION, day)
    assert (foretold.unlinked, foretold.left_made_sheets, foretold.never_begun) == (16, 1, 1)
    assert (count(database, Attempt), count(database, WaitingAttempt)) == (0, 15 - foretold.released)


def test_it_leaves_it_to_the_one_that_is_sweeping_already(database, editions):
    finish(database, 1)
    with scrub.only_one(database) as is_ours:
        assert is_ours
        done = sweep(database, editions, 14)
    assert done == (None if not database.is_sqlite else cleanup.CleanupResult(unlinked=1))


def test_it_sweeps_again_after_one_that_broke_off(database, editions):
    finish(database, 1)

    def broken_off():
        with scrub.only_one(database):
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the one raised above
        broken_off()
    assert sweep(database, editions, 14).unlinked == 1


def test_it_counts_each_patient_once_when_many_finish_and_a_sweep_runs(database, editions):
    """On PostgreSQL two that finished at once could count one batch twice, or mark one that nobody counted."""
    finishing, per_thread = 6, 8
    together = threading.Barrier(finishing + 1)
    errors = []

    def patients():
        together.wait()
        for _ in range(per_thread):
            try:
                finish(database, 1, min_group=2)
            except Exception as error:
                errors.append(error)

    def sweeper():
        together.wait()
        for _ in range(per_thread):
            try:
                cleanup.sweep(database, editions, Retention(14, 2, 2), TODAY)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=patients) for _ in range(finishing)] + [threading.Thread(target=sweeper)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.reading() as session:
        counted = session.scalar(select(func.sum(TallyGroup.n))) or 0
        waiting = session.scalar(select(func.count()).where(Attempt.tallied.is_(False)))
    assert counted + waiting == finishing * per_thread


def bytes_on_disk(folder: Path) -> dict[str, bytes]:
    """Every file, read by another process: closing one here would drop this process's locks on it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {file.name: subprocess.run(["cat", file], capture_output=True, check=True).stdout for file in files}


@pytest.mark.parametrize("sheets", [300, pytest.param(5_000, marks=pytest.mark.full)])
def test_it_leaves_nothing_of_a_deleted_sheet_in_any_byte(tmp_path, sheets):
    """Sheets come and go for weeks, some stay; no id, secret hash or code HMAC of a gone one is in any file."""
    database = Database(f"sqlite:///{tmp_path / 'quizapp.sqlite3'}")
    migrate.upgrade(database)
    with database.writing() as session:
        keep_edition(session, EDITION)
        session.commit()
    editions, chance, marks = Editions(Catalogue()), random.Random(5), {}
    for day in range(30):
        today = TODAY + timedelta(days=day)
        with database.writing() as session:
            for _ in range(sheets // 30):
                given = chance.choice([("right",), ("left", "right"), (None, "left")])
                attempt, _ = walk(session, EDITION, {"one": given}, prompts=("my-risks",), today=today)
                marks[attempt.id] = (attempt.id.encode(), attempt.secret_hash, attempt.code_hmac)
            session.commit()
        assert cleanup.sweep(database, editions, RETENTION, today).is_scrubbed
    with database.reading() as session:
        live = set(session.scalars(select(Attempt.id)))
    files = bytes_on_disk(tmp_path)
    assert {"quizapp.sqlite3", "quizapp.sqlite3-wal"} <= set(files)
    gone = [mark for attempt_id, three in marks.items() if attempt_id not in live for mark in three]
    kept = [mark for attempt_id, three in marks.items() if attempt_id in live for mark in three]
    assert all(any(mark in data for data in files.values()) for mark in kept), "the search itself works"
    found = [mark for mark in gone if any(mark in data for data in files.values())]
    print(f"{len(gone) // 3} sheets deleted, {len(kept) // 3} live, {len(found)} traces of deleted ones")
    assert len(gone) > sheets
    assert found == []
    database.dispose()


@pytest.mark.full
def test_it_lets_patients_go_on_while_ten_thousand_sheets_end(database, editions, database_url):
    """Prints how long other writers wait; another process's writer, as the server's worker is."""
    for _ in range(100):
        finish(database, 100)
    other, waits, is_over = Database(database_url), [], threading.Event()

    def patients():
        while not is_over.is_set():
            begun = time.perf_counter()
            with other.writing() as session:
                attempts.begin(session, EDITION, "en", KEYS, TODAY + timedelta(days=14))
                session.commit()
            waits.append(time.perf_counter() - begun)
            is_over.wait(0.02)

    threads = [threading.Thread(target=patients) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    done = sweep(database, editions, 14)
    seconds = time.perf_counter() - begun
    is_over.set()
    for thread in threads:
        thread.join()
    other.dispose()
    half, most, slowest = (sorted(waits)[int((len(waits) - 1) * share)] * 1000 for share in (0.5, 0.99, 1))
    print(
        f"{database.url.get_backend_name()}: {done.unlinked} sheets in {seconds:.1f} s; {len(waits)} starts meanwhile: "
        f"half within {half:.0f} ms, 99% within {most:.0f} ms, the slowest {slowest:.0f} ms"
    )
    assert done.unlinked == 10_000


class WrittenAnew:
    """Whether SQLite wrote the whole file anew: a VACUUM gives the database a new schema cookie."""

    def __init__(self, database):
        self.database = database
        self.cookie = self._cookie()

    def since_asked(self) -> bool:
        before, self.cookie = self.cookie, self._cookie()
        return before != self.cookie

    def _cookie(self):
        with self.database.reading() as session:
            return session.scalar(text("PRAGMA schema_version"))


@pytest.fixture
def on_sqlite(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'quizapp.sqlite3'}")
    migrate.upgrade(database)
    with database.writing() as session:
        keep_edition(session, EDITION)
        session.commit()
    yield database
    database.dispose()


def test_it_writes_the_file_anew_only_after_something_was_deleted(on_sqlite):
    editions, anew = Editions(Catalogue()), WrittenAnew(on_sqlite)
    assert sweep(on_sqlite, editions, 0).is_scrubbed
    assert anew.since_asked(), "whoever comes from a version before may have deleted something"
    finish(on_sqlite, 3, min_group=20)
    assert sweep(on_sqlite, editions, 0).is_scrubbed
    assert not anew.since_asked()
    assert sweep(on_sqlite, editions, 14).unlinked == 3
    assert anew.since_asked()
    sweep(on_sqlite, editions, 14)
    assert not anew.since_asked()
    with on_sqlite.writing() as session:
        begin(session, EDITION, TODAY)
        session.commit()
    assert sweep(on_sqlite, editions, 1).never_begun == 1
    assert anew.since_asked()
    finish(on_sqlite, 1, min_group=20)
    with on_sqlite.writing() as session:  # as a nurse does who closes a sheet and unlinks it
        cleanup.unlink_sheet(session, session.scalars(select(Attempt)).one())
        session.commit()
    assert sweep(on_sqlite, editions, 0).is_scrubbed
    assert anew.since_asked()


def test_it_purges_again_after_a_purge_that_could_not_be_ended(on_sqlite):
    """A reader of another program that stays keeps the log from being emptied."""
    editions = Editions(Catalogue())
    sweep(on_sqlite, editions, 0)
    finish(on_sqlite, 1, min_group=20)
    reader = sqlite3.connect(on_sqlite.file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM attempt").fetchone()
    assert not sweep(on_sqlite, editions, 14).is_scrubbed
    with on_sqlite.reading() as session:
        assert scrub.is_due(session)
    reader.close()
    anew = WrittenAnew(on_sqlite)
    assert sweep(on_sqlite, editions, 14) == cleanup.CleanupResult()
    assert anew.since_asked()


def test_it_purges_after_a_crash_between_the_deletion_and_the_purge(on_sqlite):
    """The next process finds in the file that something was deleted."""
    editions = Editions(Catalogue())
    sweep(on_sqlite, editions, 0)
    finish(on_sqlite, 1, min_group=20)
    with on_sqlite.writing() as session:
        cleanup.unlink_sheet(session, session.scalars(select(Attempt)).one())
        session.commit()
    on_sqlite.dispose()
    afterwards = Database(str(on_sqlite.url))
    anew = WrittenAnew(afterwards)
    assert sweep(afterwards, editions, 0).is_scrubbed
    assert anew.since_asked()
    afterwards.dispose()


def test_it_does_not_forget_what_was_deleted_while_it_purged(on_sqlite):
    editions, anew = Editions(Catalogue()), WrittenAnew(on_sqlite)
    finish(on_sqlite, 1, min_group=20)
    reader = sqlite3.connect(on_sqlite.file, isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM attempt").fetchone()  # until it ends, the log cannot be emptied

    def a_nurse_closes_a_sheet():
        while not anew.since_asked():
            time.sleep(0.01)
        with on_sqlite.writing() as session:
            cleanup.unlink_sheet(session, session.scalars(select(Attempt)).one())
            session.commit()
        reader.close()

    nurse = threading.Thread(target=a_nurse_closes_a_sheet)
    nurse.start()
    sweep(on_sqlite, editions, 0)
    nurse.join()
    with on_sqlite.reading() as session:
        assert scrub.is_due(session)
    assert sweep(on_sqlite, editions, 0).is_scrubbed
    assert anew.since_asked()
