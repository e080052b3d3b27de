"""The server, or its database, is killed again and again while patients answer."""

import os
import random
import signal
import sqlite3
import threading
import time

import pytest
from sqlalchemy import create_engine

from tests.faults.loading import Crowd
from tests.faults.postgres_cluster import Cluster, cluster_programs
from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, Server, children, free_port, group_members, start_server

ORPHANS_END_WITHIN = 5.0  # seconds
SETTINGS = {"questions_path": str(LEFT_RIGHT), "starts_per_minute": "1000000"}


def kill(server: Server) -> None:
    """kill -9 of every process of the server at once."""
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


def a_moment(longest: float) -> None:
    threading.Event().wait(random.uniform(0, longest))


def seconds_until_served(address: str, begun: float) -> float:
    while True:
        try:
            if HttpPatient(address).request("GET", "/").status == 200:
                return time.perf_counter() - begun
        except OSError:
            a_moment(0.05)


@pytest.mark.parametrize(("kills", "workers"), [(4, 1), (4, 2), pytest.param(200, 1, marks=pytest.mark.faults)])
def test_it_loses_and_changes_no_answer_when_the_server_is_killed(tmp_path, kills, workers):
    file = tmp_path / "quizapp.sqlite3"
    settings = {**SETTINGS, "database_url": f"sqlite:///{file}", "workers": str(workers)}
    server = start_server(tmp_path / "instance", **settings)
    port = int(server.address.rsplit(":", 1)[1])
    engine = create_engine(f"sqlite:///{file}")
    lost = changed = damaged = 0
    slowest = 0.0
    with Crowd(server.address, 8) as crowd:
        for _ in range(kills):
            crowd.until_more(10)
            a_moment(0.1)
            kill(server)
            begun = time.perf_counter()
            server = start_server(tmp_path / "instance", port, **settings)
            slowest = max(slowest, seconds_until_served(server.address, begun))
            connection = sqlite3.connect(file)
            damaged += connection.execute("PRAGMA integrity_check").fetchone() != ("ok",)
            damaged += connection.execute("PRAGMA foreign_key_check").fetchone() is not None
            connection.close()
        crowd.until_more(10)
    server.stop()
    lost, changed = crowd.ledger.check(engine)
    engine.dispose()
    ledger = crowd.ledger
    print(
        f"\n{kills} x kill -9: {len(ledger.acknowledged)} answers acknowledged, {lost} lost, {changed} changed, "
        f"{damaged} damaged files, {ledger.cut_off} requests cut off, serving again within {slowest:.1f} s"
    )
    assert (lost, changed, damaged, ledger.surprises) == (0, 0, 0, [])
    assert len(ledger.acknowledged) >= 10 * kills


@pytest.mark.parametrize("kills", [6, pytest.param(300, marks=pytest.mark.faults)])
def test_it_loses_and_changes_no_answer_when_one_process_is_killed(tmp_path, kills):
    """A worker and the main process in turns."""
    file = tmp_path / "quizapp.sqlite3"
    settings = {**SETTINGS, "database_url": f"sqlite:///{file}", "workers": "2"}
    server = start_server(tmp_path / "instance", **settings)
    port = int(server.address.rsplit(":", 1)[1])
    engine = create_engine(f"sqlite:///{file}")
    slowest = 0.0
    with Crowd(server.address, 8) as crowd:
        for number in range(kills):
            crowd.until_more(10)
            a_moment(0.1)
            begun = time.perf_counter()
            if number % 2:
                os.kill(random.choice(children(server)), signal.SIGKILL)
            else:
                os.kill(server.process.pid, signal.SIGKILL)
                server.process.wait()
                while group_members(server.process.pid):
                    assert time.perf_counter() - begun < ORPHANS_END_WITHIN
                    a_moment(0.02)
                server = start_server(tmp_path / "instance", port, **settings)
            slowest = max(slowest, seconds_until_served(server.address, begun))
        crowd.until_more(10)
    server.stop()
    lost, changed = crowd.ledger.check(engine)
    engine.dispose()
    ledger = crowd.ledger
    print(
        f"\n{kills} x kill -9 of one process: {len(ledger.acknowledged)} answers acknowledged, {lost} lost, {changed} "
        f"changed, {ledger.cut_off} requests cut off, serving again within {slowest:.1f} s"
    )
    assert (lost, changed, ledger.surprises) == (0, 0, [])
    assert len(ledger.acknowledged) >= 10 * kills


@pytest.mark.skipif(cluster_programs() is None, reason="no PostgreSQL programs")
@pytest.mark.postgres
@pytest.mark.parametrize("stops", [2, pytest.param(50, marks=pytest.mark.faults)])
def test_it_loses_and_changes_no_answer_when_postgresql_is_stopped_at_once(tmp_path, stops):
    """The server stays, says "try again" meanwhile, and goes on by itself."""
    with Cluster(free_port()) as cluster:
        server = start_server(tmp_path / "instance", **SETTINGS, database_url=cluster.url)
        engine = create_engine(cluster.url)
        slowest = 0.0
        with Crowd(server.address, 8) as crowd:
            for _ in range(stops):
                crowd.until_more(10)
                a_moment(0.1)
                cluster.stop_at_once()
                a_moment(0.3)
                cluster.start()
                slowest = max(slowest, seconds_until_served(server.address, time.perf_counter()))
            crowd.until_more(10)
        server.stop()
        lost, changed = crowd.ledger.check(engine)
        engine.dispose()
    ledger = crowd.ledger
    print(
        f"\n{stops} x immediate stop of PostgreSQL: {len(ledger.acknowledged)} answers acknowledged, {lost} lost, "
        f"{changed} changed, {ledger.asked_again} times 'try again', serving again within {slowest:.1f} s"
    )
    assert (lost, changed, ledger.surprises) == (0, 0, [])
    assert len(ledger.acknowledged) >= 10 * stops
