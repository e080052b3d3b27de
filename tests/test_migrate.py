"""Making and upgrading the database."""

import stat
import threading

from quizapp import migrate
from quizapp.db import Database


def test_it_upgrades_an_empty_database_to_what_the_models_say(empty_database_url):
    database = Database(empty_database_url)
    migrate.upgrade(database)
    migrate.check(database)
    with database.reading() as session:
        assert migrate.state(session.connection()) == "current"
    database.dispose()


def test_it_upgrades_twice_as_once(database):
    migrate.upgrade(database)
    migrate.check(database)


def test_it_makes_the_file_for_its_own_account_only(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'new' / 'quizapp.sqlite3'}")
    migrate.upgrade(database)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    database.dispose()


def test_it_is_upgraded_once_by_processes_that_start_together(empty_database_url):
    errors = []

    def upgrade():
        database = Database(empty_database_url)
        try:
            migrate.upgrade(database)
        except Exception as error:
            errors.append(error)
        database.dispose()

    threads = [threading.Thread(target=upgrade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    database = Database(empty_database_url)
    migrate.check(database)
    database.dispose()


def test_it_makes_the_file_once_however_closely_processes_start(tmp_path):
    """Without a lock of our own about one in fifty got "database is locked" here, whatever the busy timeout."""
    rounds, together, errors = 100, threading.Barrier(4), []

    def make():
        for number in range(rounds):
            database = Database(f"sqlite:///{tmp_path / f'{number}.sqlite3'}")
            together.wait()
            try:
                with migrate.alone_with(database.file):
                    migrate.make_file(database)
            except Exception as error:
                errors.append(error)
            database.dispose()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_it_keeps_no_order_of_arrival(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'quizapp.sqlite3'}")
    migrate.upgrade(database)
    with database.reading() as session:
        tables = dict(
            session.connection().exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
        )
    patient = {n for n in tables if n in ("attempt", "response", "flag", "review", "chosen_prompt")}
    assert len(patient) == 5
    assert all("WITHOUT ROWID" in tables[name] for name in patient)
    database.dispose()
