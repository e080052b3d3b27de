"""Servers are replaced one by one: this program works on tables that the next one has expanded."""

import re
from inspect import getsource

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.migrate import MIGRATIONS
from tests.conftest import PROCEDURES
from tests.walking import Patient

# Revisions that contract -> the release that last used what they drop.
CONTRACTIONS: dict[str, str] = {}

# What a made-up next revision does.
EXPANSIONS = (
    "CREATE TABLE added (id INTEGER PRIMARY KEY)",
    "ALTER TABLE attempt ADD COLUMN added_nullable VARCHAR(10)",
    "ALTER TABLE attempt ADD COLUMN added_with_default INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE response ADD COLUMN added_with_default INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE flag ADD COLUMN added_nullable VARCHAR(10)",
    "ALTER TABLE review ADD COLUMN added_nullable VARCHAR(10)",
    "CREATE INDEX ix_added ON attempt (added_nullable)",
    "UPDATE alembic_version SET version_num = 'next'",
)


def expand(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        for statement in EXPANSIONS:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def make_app(tmp_path, database_url):
    made = []

    def make():
        made.append(
            create_app(
                Settings(
                    instance_path=tmp_path,
                    questions_path=PROCEDURES,
                    secret_key="a key for tests",
                    database_url=database_url,
                )
            )
        )
        return made[-1]

    yield make
    for app in made:
        app.extensions["quizapp"].database.dispose()


def test_it_goes_on_serving_after_the_next_program_has_expanded_the_tables(make_app, database_url):
    app = make_app()
    walking, fresh = Patient(app.test_client()), Patient(app.test_client())
    walking.to_first_question()
    app.extensions["quizapp"].database.dispose()  # PostgreSQL lets the next program's ALTER wait for open reads
    expand(database_url)
    walking.answer("right")
    fresh.to_summary()
    assert 'id="journey-done"' in fresh.page
    healthz = app.test_client().get("/healthz")
    assert (healthz.status_code, healthz.json["migrations"]) == (200, "ahead")


def test_it_starts_again_on_the_expanded_tables(make_app, database_url):
    make_app()
    expand(database_url)
    patient = Patient(make_app().test_client())
    patient.to_summary()
    assert 'id="journey-done"' in patient.page


@pytest.mark.parametrize("revision", [script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()])
def test_it_only_expands_in_an_upgrade(revision):
    script = ScriptDirectory(MIGRATIONS).get_revision(revision)
    takes_away = re.findall(r"\.(?:drop_\w+|alter_column|rename_table)\(", getsource(script.module.upgrade))
    assert bool(takes_away) == (revision in CONTRACTIONS), takes_away
