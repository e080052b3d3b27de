"""/healthz: for whatever watches over the server."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, make_url, text

from quizapp.aggregation import cleanup
from quizapp.app import create_app
from quizapp.config import Settings
from tests.conftest import PROCEDURES, postgres_url
from tests.walking import Patient


@pytest.fixture
def app(tmp_path, database_url):
    app = create_app(
        Settings(
            instance_path=tmp_path, questions_path=PROCEDURES, secret_key="a key for tests", database_url=database_url
        )
    )
    yield app
    app.extensions["quizapp"].database.dispose()


def test_it_is_well_when_the_database_answers_with_this_versions_tables(app):
    response = app.test_client().get("/healthz")
    assert response.status_code == 200
    assert response.json == {"database": "reachable", "migrations": "current"}


def test_it_says_when_the_tables_are_not_this_versions(app, database_url):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    engine.dispose()
    response = app.test_client().get("/healthz")
    assert response.status_code == 503
    assert response.json == {"database": "reachable", "migrations": "behind"}


def test_it_says_when_the_database_is_away(app, database_url):
    url = make_url(database_url)
    app.extensions["quizapp"].database.dispose()
    if url.get_backend_name() == "sqlite":
        file = app.extensions["quizapp"].database.file
        file.rename(file.with_suffix(".away"))
        file.mkdir()
    else:
        server = create_engine(postgres_url(), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {url.database} RENAME TO {url.database}_away"))
    response = app.test_client().get("/healthz")
    if url.get_backend_name() != "sqlite":
        with server.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {url.database}_away RENAME TO {url.database}"))
        server.dispose()
    assert response.status_code == 503
    assert response.json == {"database": "unreachable"}


def test_it_is_degraded_while_sheets_are_past_their_days(app, database_url):
    finish(app)
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        session.execute(text("UPDATE attempt SET day = :day"), {"day": context.clock().date() - timedelta(days=15)})
        session.commit()
    response = app.test_client().get("/healthz")
    assert response.status_code == 200
    assert response.json["status"] == "degraded"
    assert response.json["reasons"] == {"sheets_past_their_days": 1}


def test_it_is_degraded_when_no_sweep_has_run_for_a_day(app):
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        cleanup.confirm_clock(session, context.clock().date() - timedelta(days=2))
        session.commit()
    response = app.test_client().get("/healthz")
    assert (response.status_code, response.json["reasons"]) == (200, {"days_since_sweep": 2})


def finish(app):
    patient = Patient(app.test_client())
    patient.to_summary()
