"""Fixtures that most tests use: a database (SQLite, and PostgreSQL where there is one), an app, a client."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from quizapp import migrate
from quizapp.config import Settings
from quizapp.db import Database
from tests.serving import PUBLIC_URL
from tests.staff import Clock, clock, lead, make_person, nurse

__all__ = ["clock", "lead", "make_person", "nurse"]  # fixtures for all tests

PROCEDURES = Path(__file__).parent / "procedures"

# A newcomer's run tries a few cases, the same each time; .ci/run tries many, and others each time.
hypothesis_settings.register_profile("default", max_examples=20, deadline=None, derandomize=True)
hypothesis_settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory: each test makes an application, which would compile them again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Use every core for folders; run files and single tests in this process, where -s and a debugger work."""
    are_folders = all(Path(argument).is_dir() for argument in config.args)
    return os.cpu_count() or 1 if are_folders else 0


FOLDER_MARKERS = {"abuse": pytest.mark.server, "browser": pytest.mark.browser, "faults": pytest.mark.server}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in FOLDER_MARKERS:
            item.add_marker(FOLDER_MARKERS[folder])


def postgres_url() -> str | None:
    """The server that pg_virtualenv (or QUIZAPP_TEST_POSTGRES) names, or None."""
    if os.environ.get("QUIZAPP_TEST_POSTGRES"):
        return os.environ["QUIZAPP_TEST_POSTGRES"]
    if os.environ.get("PGHOST") and os.environ.get("PGPORT"):
        user, password = os.environ.get("PGUSER", "postgres"), os.environ.get("PGPASSWORD", "")
        return f"postgresql+psycopg://{user}:{password}@{os.environ['PGHOST']}:{os.environ['PGPORT']}/postgres"
    return None


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with this version's tables, to be copied: all upgrades for each test take far longer."""
    file = tmp_path_factory.mktemp("migrated") / "quizapp.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> str:
    server = postgres_url()
    if server is None:
        pytest.skip("no PostgreSQL server: run the tests under pg_virtualenv")
    return server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """The name of a database with this version's tables, to be copied."""
    url = make_database(postgres_server)
    upgrade(url)
    yield str(make_url(url).database)
    drop_database(postgres_server, url)


ON_BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=ON_BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with this version's tables and no rows, that goes with the test."""
    if request.param == "sqlite":
        file = tmp_path / "quizapp.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres_server")
    url = make_database(server, request.getfixturevalue("migrated_postgres"))
    yield url
    drop_database(server, url)


@pytest.fixture(params=ON_BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table: none yet (SQLite), or an empty one (PostgreSQL)."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'quizapp.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = make_database(server)
    yield url
    drop_database(server, url)


def upgrade(url: str) -> None:
    database = Database(url)
    migrate.upgrade(database)
    database.dispose()


def make_database(server: str, template: str = "template1") -> str:
    """The address of a new database on a PostgreSQL server: a copy of another, which nobody may be using."""
    name = f"quizapp_{uuid.uuid4().hex[:12]}"
    _as_admin(server, f"CREATE DATABASE {name} TEMPLATE {template}")
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
    yield database
    database.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """One writing transaction, dropped at the end unless the test commits."""
    with database.writing() as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """The small made-up procedure, and a SQLite database with this version's tables in the test's own folder."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)
    shutil.copy(migrated_file, instance / migrated_file.name)
    return Settings(
        instance_path=instance,
        questions_path=PROCEDURES,
        secret_key="a key for tests",
        public_url=PUBLIC_URL,
    )


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """The application, on the test's own clock."""
    from quizapp.app import create_app

    app = create_app(settings, clock)
    yield app
    app.extensions["quizapp"].database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
