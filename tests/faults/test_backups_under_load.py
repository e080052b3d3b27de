"""Backups while patients answer, and each of them restored."""

import pytest
from sqlalchemy import create_engine

from quizapp import backups
from quizapp.config import Retention
from quizapp.content.editions import Editions, load_catalogue
from quizapp.web.context import utc_now
from tests.faults.loading import Crowd, Ledger
from tests.serving import LEFT_RIGHT, start_server


@pytest.mark.parametrize("count", [3, pytest.param(20, marks=pytest.mark.faults)])
def test_it_makes_sound_backups_under_load_and_each_can_be_restored(tmp_path, count):
    """Whatever was acknowledged before a backup began is in it, and in what is restored from it."""
    settings = {"questions_path": str(LEFT_RIGHT), "starts_per_minute": "1000000"}
    server = start_server(tmp_path / "instance", **settings)
    url = f"sqlite:///{tmp_path / 'instance' / 'quizapp.sqlite3'}"
    made: list[tuple[str, Ledger]] = []
    with Crowd(server.address, 8) as crowd:
        for number in range(count):
            crowd.until_more(10)
            before = Ledger(acknowledged=dict(crowd.ledger.acknowledged))
            backups.back_up(url, tmp_path / f"backup-{number}")
            made.append((f"backup-{number}", before))
    assert crowd.ledger.surprises == []
    server.stop()
    editions, bad, rows = Editions(load_catalogue(LEFT_RIGHT)), 0, 0
    for name, before in made:
        restored = tmp_path / f"{name}-restored" / "quizapp.sqlite3"
        done = backups.restore(
            tmp_path / name, f"sqlite:///{restored}", editions, Retention(14, 2, 11), utc_now(), replace=False
        )
        engine = create_engine(f"sqlite:///{restored}")
        bad += before.check(engine) != (0, 0)
        engine.dispose()
        rows = done.rows
    print(f"\n{count} backups under load, {count} restores, {bad} bad; the last held {rows} rows")
    assert bad == 0
