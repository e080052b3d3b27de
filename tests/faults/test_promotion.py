"""The primary of a PostgreSQL pair is stopped again and again, and its standby takes over while patients answer."""

import time

import pytest
from sqlalchemy import create_engine

from tests.faults.loading import Crowd
from tests.faults.postgres_cluster import Cluster, cluster_programs
from tests.faults.test_killing import SETTINGS, a_moment, seconds_until_served
from tests.serving import free_port, start_server

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(cluster_programs() is None, reason="no PostgreSQL programs"),
]


@pytest.mark.parametrize("promotions", [2, pytest.param(50, marks=pytest.mark.faults)])
def test_it_loses_and_changes_no_answer_when_a_standby_is_promoted(tmp_path, promotions):
    with Cluster(free_port()) as primary, Cluster(free_port()) as standby:
        hosts = f"host=127.0.0.1,127.0.0.1&port={primary.port},{standby.port}&target_session_attrs=read-write"
        standby.follow(primary)
        url = f"postgresql+psycopg://postgres@/postgres?{hosts}"
        server = start_server(tmp_path / "instance", **SETTINGS, database_url=url)
        slowest = 0.0
        with Crowd(server.address, 8) as crowd:
            for _ in range(promotions):
                crowd.until_more(10)
                a_moment(0.1)
                primary.stop_at_once()
                standby.promote()
                slowest = max(slowest, seconds_until_served(server.address, time.perf_counter()))
                primary, standby = standby, primary
                standby.follow(primary)
            crowd.until_more(10)
        server.stop()
        engine = create_engine(url)
        lost, changed = crowd.ledger.check(engine)
        engine.dispose()
    ledger = crowd.ledger
    print(
        f"\n{promotions} x promotion of the standby: {len(ledger.acknowledged)} answers acknowledged, {lost} lost, "
        f"{changed} changed, {ledger.asked_again} times 'try again', serving again within {slowest:.1f} s"
    )
    assert (lost, changed, ledger.surprises) == (0, 0, [])
    assert len(ledger.acknowledged) >= 10 * promotions
