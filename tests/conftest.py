"""Fixtures that most tests use: a database (SQLite, and PostgreSQL where there is one), an app, a client."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from quizapp.config import Settings
from quizapp.storage import migrating
from quizapp.storage.database import Database

PROCEDURES = Path(__file__).parent / "procedures"


def postgres_url() -> str | None:
    """The server that pg_virtualenv (or QUIZAPP_TEST_POSTGRES) names, or None."""
    if os.environ.get("QUIZAPP_TEST_POSTGRES"):
        return os.environ["QUIZAPP_TEST_POSTGRES"]
    if os.environ.get("PGHOST") and os.environ.get("PGPORT"):
        user, password = os.environ.get("PGUSER", "postgres"), os.environ.get("PGPASSWORD", "")
        return f"postgresql+psycopg://{user}:{password}@{os.environ['PGHOST']}:{os.environ['PGPORT']}/postgres"
    return None


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database that goes with the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'quizapp.sqlite3'}"
        return
    server = postgres_url()
    if server is None:
        pytest.skip("no PostgreSQL server: run the tests under pg_virtualenv")
    url = make_database(server)
    yield url
    drop_database(server, url)


def make_database(server: str) -> str:
    """The address of a new database on a PostgreSQL server."""
    name = f"quizapp_{uuid.uuid4().hex[:12]}"
    _as_admin(server, f"CREATE DATABASE {name}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(server: str, url: str) -> None:
    _as_admin(server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _as_admin(server: str, statement: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    migrating.upgrade(database)
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction, dropped at the end unless the test commits."""
    with database.writing() as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The small made-up procedure, on SQLite, in the test's own folder."""
    return Settings(
        instance_path=tmp_path / "instance", questions_path=PROCEDURES, secret_key="a key for tests"
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    from quizapp.app import create_app

    app = create_app(settings)
    yield app
    app.extensions["quizapp"].database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
