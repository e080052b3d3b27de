"""What `quizapp demo` promises: as many as asked for, with a past, and never mixed with real attempts."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, func, select

from quizapp import config, demo
from quizapp.app import create_app
from quizapp.cli import main
from quizapp.config import Retention
from quizapp.content.editions import Editions, load_catalogue, store_current
from quizapp.models import Attempt, DatabaseFlag
from quizapp.reports.insights import find_insights
from quizapp.reports.query import Query
from quizapp.tally_models import TallyGroup, TallyOption
from quizapp.web.context import context_of
from tests.builders import KEYS, TODAY, begin, keep_edition, make_test_edition
from tests.conftest import PROCEDURES

RETENTION = Retention(sheet_days=14, closed_days=2, min_group=11)


@pytest.fixture
def editions(database) -> Editions:
    return kept(database, PROCEDURES)


def kept(database, questions: Path) -> Editions:
    found = Editions(load_catalogue(questions))
    with database.writing() as session:
        store_current(session, found, TODAY)
        session.commit()
    return found


def fill(database, editions, count, seed=1, rising=""):
    return demo.fill(database, editions, KEYS, RETENTION, TODAY, count, seed, rising)


def test_it_makes_as_many_as_asked_for_with_sheets_for_the_last_ones(database, editions):
    assert fill(database, editions, 300) == 300
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 150
        counted = session.scalar(select(func.sum(TallyGroup.n)))
        live = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.tallied))
        assert counted - live == 150
        assert session.get(DatabaseFlag, "demo") is not None


def test_it_has_a_past_that_the_insights_compare_with(database):
    editions = kept(database, config.questions_folder())
    fill(database, editions, 100)
    with database.reading() as session:
        found = find_insights(session, editions, Query("it-pump"))
    assert found.compared is not None
    assert found.compared.before.first_day < found.compared.after.first_day < TODAY
    assert [change.part for change in found.compared.changes] == ["block"]
    assert found.talks


def alarms(database, editions) -> list[str]:
    with database.reading() as session:
        watch = find_insights(session, editions, Query("it-pump")).watch
    assert watch.has_begun
    return [one.item.id for one in watch.items if one.alarm]


def test_it_shows_no_alarm_if_none_was_planted(database):
    editions = kept(database, config.questions_folder())
    fill(database, editions, 900)
    assert alarms(database, editions) == []


def test_it_shows_the_alarm_that_was_planted(database):
    editions = kept(database, config.questions_folder())
    procedure = editions.catalogue.editions["it-pump"].in_language("en")
    planted = next(item.id for item in reversed(list(procedure.items())) if item.critical)
    fill(database, editions, 900, rising=planted)
    assert alarms(database, editions) == [planted]


def test_it_makes_no_past_of_a_few(database, editions):
    assert fill(database, editions, 20) == 20
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 20


def test_it_counts_the_same_past_for_the_same_seed(database, editions):
    fill(database, editions, 200, seed=4)
    first = oldest_quarter(database)
    with database.writing() as session:
        session.execute(delete(TallyOption))
        session.commit()
    fill(database, editions, 200, seed=4)
    assert oldest_quarter(database) == first


def oldest_quarter(database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        rows = session.execute(select(*TallyOption.__table__.columns)).all()
    oldest = min(row.quarter for row in rows)
    return sorted(tuple(row) for row in rows if row.quarter == oldest)


def test_it_never_mixes_with_real_attempts(database, editions):
    with database.writing() as session:
        edition = make_test_edition()
        keep_edition(session, edition)
        begin(session, edition)
        session.commit()
    with pytest.raises(demo.NotEmpty, match="has real attempts"):
        fill(database, editions, 5)


def test_it_says_how_far_it_is(database, editions):
    said: list[int] = []
    assert demo.fill(database, editions, KEYS, RETENTION, TODAY, 300, 1, tell=said.append) == 300
    assert len(said) > 3
    assert said == sorted(set(said))
    assert said[-1] < 300


def test_it_plants_an_alarm_on_the_command_line(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_INSTANCE_PATH", str(tmp_path))
    refused = CliRunner().invoke(main, ["demo", "--attempts", "5", "--rising", "no-such-item"])
    assert refused.exit_code == 2
    assert "--rising takes one of" in refused.output
    assert CliRunner().invoke(main, ["demo", "--attempts", "900", "--rising", "gap-risks"]).exit_code == 0
    context = context_of(create_app())
    assert alarms(context.database, context.editions) == ["gap-risks"]
    context.database.dispose()
