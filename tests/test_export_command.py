"""`quizapp export`: the same as the page, and clear words where it cannot be had."""

import pytest
from click.testing import CliRunner

from quizapp.app import create_app
from quizapp.cli import main
from quizapp.config import BadSetting, Settings, from_environment
from quizapp.models import Audit
from quizapp.reports.export_book import make_book
from quizapp.reports.figures import Thresholds
from quizapp.reports.formats import EXPORTERS
from quizapp.reports.query import Query
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_INSTANCE_PATH", str(tmp_path / "instance"))
    monkeypatch.setenv("QUIZAPP_QUESTIONS_PATH", str(PROCEDURES))
    app = create_app(Settings(instance_path=tmp_path / "instance", questions_path=PROCEDURES))
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        count_attempts(session, context.editions.current("left-right"), "2025-Q1", 90)
        session.commit()
    yield app
    context.database.dispose()


def run(tmp_path, *arguments):
    return CliRunner().invoke(main, ["export", *arguments, "--output", str(tmp_path / "file")])


@pytest.mark.parametrize("format_id", ["csv", "xlsx", "json"])
def test_it_writes_the_very_bytes_that_the_page_gives(app, tmp_path, format_id):
    done = run(tmp_path, "options", "--format", format_id)
    assert done.exit_code == 0, done.output
    assert "options: " in done.stderr  # how far it is
    said = done.stdout.splitlines()
    context = app.extensions["quizapp"]
    with context.database.reading() as session:
        asked, limits = Query("left-right", "options"), Thresholds(11, 11)
        book = make_book(session, context.editions, asked, limits, context.clock().date())
        assert (tmp_path / "file").read_bytes() == EXPORTERS[format_id].write(book)
        assert said[1:] == list(book.notes)
        (noted,) = session.query(Audit).all()
    assert (noted.staff_name, noted.detail) == ("command line", f"options left-right publishable {format_id}")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rows"], "NAME must be one of: summary"),
        (["summary", "--format", "pdf"], "--format must be one of: csv, xlsx, json"),
        (["summary", "--quarter", "1999-Q1"], "--quarter must be one of: 2025-Q1"),
        (["summary", "--language", "xx"], "--language must be one of: en"),
        (["summary", "--procedure", "nowhere"], "--procedure must be one of: left-right"),
        (["summary", "--profile", "internal"], "--reason must be one of: quality-meeting"),
        (["all"], "csv holds one table"),
    ],
)
def test_it_says_what_there_is_to_choose_from(app, tmp_path, arguments, message):
    done = run(tmp_path, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not (tmp_path / "file").exists()


def test_it_says_where_it_cannot_write(app, tmp_path):
    done = CliRunner().invoke(main, ["export", "summary", "--output", str(tmp_path / "nowhere" / "file")])
    assert done.exit_code == 1
    assert "No such file or directory" in done.stderr


@pytest.mark.parametrize("name", ["QUIZAPP_MIN_GROUP", "QUIZAPP_PERCENT_BASE"])
def test_it_takes_no_threshold_below_5(name):
    assert from_environment({name: "5"})
    with pytest.raises(BadSetting, match=f"{name} must be 5 or more"):
        from_environment({name: "4"})
