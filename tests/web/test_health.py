"""/healthz: for whatever watches over the server."""

import pytest
from sqlalchemy import create_engine, make_url, text

from quizapp.app import create_app
from quizapp.config import Settings
from tests.conftest import PROCEDURES, postgres_url


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
