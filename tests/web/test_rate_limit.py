"""Counting tries: never too many in any stretch of time, never a lock for good, exact over processes."""

import multiprocessing
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from quizapp.accounts import login_limit
from quizapp.db import Database
from quizapp.models import Base
from quizapp.web.rate_limit import Limit, refund, reserve

HOUR = 3600
LIMIT = login_limit.LOGIN_LIMIT
START = datetime(2026, 11, 24, 9, 0)


def test_it_slows_down_after_ten_and_never_locks(session):
    assert [reserve(session, "a", LIMIT, 0) for _ in range(12)] == [True] * 10 + [False] * 2
    assert not reserve(session, "a", LIMIT, 119)
    assert reserve(session, "a", LIMIT, 120)
    assert not reserve(session, "a", LIMIT, 121)
    assert reserve(session, "b", LIMIT, 121)


def test_it_forgets_all_in_a_quiet_while(session):
    for _ in range(10):
        reserve(session, "a", LIMIT, 0)
    assert [reserve(session, "a", LIMIT, 1321) for _ in range(11)] == [True] * 10 + [False]


def test_it_keeps_nobody_waiting_for_a_clock_that_was_set_back(session):
    for _ in range(11):
        reserve(session, "a", LIMIT, 10 * HOUR)
    assert [reserve(session, "a", LIMIT, 0) for _ in range(2)] == [True, False]
    assert reserve(session, "a", LIMIT, 120)


def test_it_does_not_speed_up_for_a_right_try_between_wrong_ones(session):
    wrong_codes = Limit(tries=10, interval=60)
    for _ in range(10):
        reserve(session, "a", wrong_codes, 0)
    assert reserve(session, "a", wrong_codes, 60)
    refund(session, "a", wrong_codes)
    assert [reserve(session, "a", wrong_codes, 60) for _ in range(2)] == [True, False]


def test_it_counts_exactly_on_servers_whose_clocks_differ(session):
    three_a_second = Limit(tries=60, interval=1 / 3)
    attempts = [number / 100 for number in range(6_000)]  # a minute of a hundred a second
    behind = [0, 0.5, 1, 5]
    looked_at = sum(reserve(session, "a", three_a_second, at - behind[i % 4]) for i, at in enumerate(attempts))
    assert looked_at <= 60 + 3 * 60 + 1


@pytest.fixture(scope="module")
def in_memory():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@given(st.lists(st.tuples(st.floats(0, 900), st.booleans()), max_size=200))
def test_it_looks_at_forty_in_any_hour_at_most(in_memory, attempts):
    """However wrong and right ones are spread: no 3600 seconds hold more than 40 wrong ones that were looked at."""
    with Session(in_memory) as session:
        now, looked_at = 0.0, []
        for wait, is_right in attempts:
            now += wait
            if not reserve(session, "a", LIMIT, now):
                continue
            if is_right:
                refund(session, "a", LIMIT)
            else:
                looked_at.append(now)
    for first, later in zip(looked_at, looked_at[40:], strict=False):
        assert later - first > HOUR - 0.001


def guess(url: str, guesses: int, seconds: float, start_together, made, results) -> None:
    """One process of an attack; how many of its guesses were looked at.

    `made` counts the guesses of all: the made-up clock, the same for all, goes on with each.
    """
    database = Database(url)
    start_together.wait()
    looked_at = 0
    while True:
        with made.get_lock():
            number, made.value = made.value, made.value + 1
        if number >= guesses:
            break
        now = START + timedelta(seconds=number * seconds / guesses)
        with database.writing() as session:
            looked_at += login_limit.take_attempt(session, "Lead One", now)
            session.commit()
    results.put(looked_at)
    database.dispose()


def attack(url: str, guesses: int, seconds: float) -> int:
    """How many of the guesses of four processes were looked at."""
    processes = multiprocessing.get_context("spawn")
    start_together, made, results = processes.Barrier(4), processes.Value("i", 0), processes.Queue()
    started = [
        processes.Process(target=guess, args=(url, guesses, seconds, start_together, made, results)) for _ in range(4)
    ]
    for process in started:
        process.start()
    looked_at = [results.get(timeout=300) for _ in started]
    for process in started:
        process.join()
        assert process.exitcode == 0
    return sum(looked_at)


def test_it_counts_exactly_over_four_processes(database, database_url):
    assert attack(database_url, guesses=200, seconds=0) == 10


@pytest.mark.full
def test_it_looks_at_forty_of_ten_thousand_guesses_in_an_hour(database, database_url):
    assert 30 <= attack(database_url, guesses=10_000, seconds=HOUR) <= 40
