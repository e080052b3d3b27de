"""A process killed at any moment of a release, a severing or a sweep counts nobody twice and leaves nobody out.

The quick form kills at a few drawn moments; `pytest -m faults tests/faults/test_releases.py` at 200 on each database.
"""

import multiprocessing
import os
import random
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, func, make_url, select, text
from sqlalchemy.orm import Session

from quizapp.aggregation import cleanup
from quizapp.aggregation import release as releases
from quizapp.config import Retention
from quizapp.content.editions import Editions, load_catalogue
from quizapp.db import Database
from quizapp.models import Attempt, Base, ReviewRow, Staff
from quizapp.patients import attempts
from quizapp.tally_models import TallyGroup, TallyOption, TallyOutcome, TallyScore, WaitingOutcome
from tests.builders import keep_edition, make_procedure, make_test_edition, walk
from tests.conftest import PROCEDURES

GROUP, OLD_GROUP = 11, 12  # who finish now, the last of them in the test; and who finished weeks ago
FIRST, SECOND = make_test_edition(), make_test_edition(replace(make_procedure(), title="Another edition"))
TODAY, LONG_AGO = date(2026, 11, 24), date(2026, 11, 24) - timedelta(days=20)
RETENTION = Retention(sheet_days=14, closed_days=2, min_group=GROUP)
COUNTED: tuple[type[Base], ...] = (TallyGroup, TallyScore, TallyOption, TallyOutcome)


def editions() -> Editions:
    return Editions(replace(load_catalogue(PROCEDURES), editions={FIRST.procedure_id: FIRST}))


def make_patients(database: Database) -> None:
    """Ten finished and one at the last page; twelve of weeks ago with talks, half of them severed already."""
    never = 1_000
    with database.writing() as session:
        keep_edition(session, FIRST)
        keep_edition(session, SECOND)
        session.add(Staff(id=1, name="Nurse One", name_key="nurse one", role="nurse"))
        for number in range(GROUP):
            missed = {"one": ("left", "right" if number % 2 else None)} if number % 3 == 0 else {}
            walk(session, FIRST, missed, today=TODAY, finish=number + 1 < GROUP, min_group=never)
        for number in range(OLD_GROUP):
            choices = {"one": ("middle", "left"), "two": ("left",) if number % 2 else (None,)}
            attempt, _ = walk(session, SECOND, choices, today=LONG_AGO, min_group=never)
            session.add(
                ReviewRow(attempt=attempt.id, item="one", number=1, outcome="understood", staff=1, day=LONG_AGO)
            )
            if number % 2:
                cleanup.unlink_sheet(session, attempt)
        session.commit()


def finish_and_sweep(database: Database) -> None:
    """What a program does that is started again: the last patient sends the last page, and then it sweeps."""
    with database.writing() as session:
        last = session.scalar(select(Attempt).where(Attempt.state == "open"))
        if last is not None:
            attempts.finish(session, last, FIRST.in_language("en"), (), TODAY, GROUP)
            session.commit()
    deadline = time.monotonic() + 20  # the server may take a moment to see that the killed program is gone
    while cleanup.sweep(database, editions(), RETENTION, TODAY) is None:
        assert time.monotonic() < deadline
    cleanup.sweep(database, editions(), RETENTION, TODAY)


def at_every_moment(database: Database, call: Callable[[], None]) -> None:
    """Before and after every statement, and before every commit, the program calls this."""
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(database.engine, name, lambda *_: call())


def run_until_killed(url: str, moment: int) -> None:
    """In a process of its own: kill -9 at the given moment, counted from 1."""
    database, passed = Database(url), 0

    def count() -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    at_every_moment(database, count)
    finish_and_sweep(database)


def was_killed_at(url: str, moment: int) -> bool:
    """False where it was through before: the number of statements differs a little with the order that is drawn."""
    process = multiprocessing.get_context("fork").Process(target=run_until_killed, args=(url, moment))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def counts(session: Session) -> dict[str, list[tuple[object, ...]]]:
    return {
        table.__tablename__: sorted(tuple(row) for row in session.execute(select(*table.__table__.columns)))
        for table in COUNTED
    }


def assert_everybody_is_somewhere(session: Session) -> None:
    """Counted, waiting or still open: each patient at one place, and the counters agree with each other."""
    open_ones = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.state == "open")) or 0
    waiting = sum(releases.waiting_groups(session).values())
    counted = {row.edition: row.n for row in session.scalars(select(TallyGroup))}
    assert sum(counted.values()) + waiting + open_ones == GROUP + OLD_GROUP
    for edition, n in counted.items():
        assert n == session.scalar(select(func.sum(TallyScore.n)).where(TallyScore.edition == edition))
        for item in ("one", "two", "three", "four"):
            here = (TallyOption.edition == edition, TallyOption.item == item)
            assert n == session.scalar(select(func.sum(TallyOption.n)).where(*here))
    live = select(func.count()).select_from(Attempt).where(Attempt.edition == SECOND.id)
    bare = select(func.count(func.distinct(WaitingOutcome.sheet)))
    talks = session.scalar(select(func.sum(TallyOutcome.n))) or 0
    assert (session.scalar(live) or 0) + (session.scalar(bare) or 0) + talks == OLD_GROUP


@pytest.fixture
def copies(database_url: str) -> Callable[[], AbstractContextManager[str]]:
    """Makes databases that are as one with the patients in it; the first call's is never killed in."""
    original = Database(database_url)
    make_patients(original)
    original.dispose()
    return (sqlite_copy if original.is_sqlite else postgres_copy)(database_url)


def sqlite_copy(url: str) -> Callable[[], AbstractContextManager[str]]:
    file = Path(make_url(url).database or "")

    @contextmanager
    def copy() -> Iterator[str]:
        folder = file.parent / uuid.uuid4().hex
        folder.mkdir()
        shutil.copy(file, folder / file.name)
        yield f"sqlite:///{folder / file.name}"
        shutil.rmtree(folder)

    return copy


def postgres_copy(url: str) -> Callable[[], AbstractContextManager[str]]:
    original = make_url(url)

    @contextmanager
    def copy() -> Iterator[str]:
        name = f"quizapp_{uuid.uuid4().hex[:12]}"
        admin = create_engine(original.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {original.database}"))
        yield original.set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()

    return copy


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.faults)])
def test_it_counts_everybody_once_whenever_it_is_killed(copies, kills: int) -> None:
    moments = 0

    def count() -> None:
        nonlocal moments
        moments += 1

    with copies() as url:
        database = Database(url)
        at_every_moment(database, count)
        finish_and_sweep(database)
        with database.reading() as session:
            expected = counts(session)
            assert_everybody_is_somewhere(session)
            groups = {row.edition: row.n for row in session.scalars(select(TallyGroup))}
            assert groups == {FIRST.id: GROUP, SECOND.id: OLD_GROUP}
        database.dispose()
    chance, killed = random.Random(1), 0
    while killed < kills:
        moment = chance.randint(1, moments)
        with copies() as url:
            killed += was_killed_at(url, moment)
            database = Database(url)
            with database.reading() as session:
                assert_everybody_is_somewhere(session)
            finish_and_sweep(database)
            with database.reading() as session:
                assert_everybody_is_somewhere(session)
                assert counts(session) == expected, f"killed at moment {moment} of {moments}"
            database.dispose()
    print(f"killed {killed} times at some of {moments} moments: everybody is counted once")
