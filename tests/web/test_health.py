"""/healthz: for whatever watches over the server."""

import os
import shutil
import subprocess
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, make_url, text

from quizapp import jobs
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


def test_it_is_degraded_while_a_full_batch_waits_to_be_counted(app):
    for _ in range(5):
        finish(app)
    context = app.extensions["quizapp"]
    assert "reasons" not in app.test_client().get("/healthz").json
    context.settings = replace(context.settings, min_group=5)
    assert app.test_client().get("/healthz").json["reasons"] == {"full_batches_waiting": 1}
    jobs.sweep_now(context)
    assert "reasons" not in app.test_client().get("/healthz").json


def test_it_is_degraded_while_a_backup_holds_sheets_past_their_days(app, tmp_path):
    context = app.extensions["quizapp"]
    folder = tmp_path / "backups"
    folder.mkdir()
    context.settings = replace(context.settings, backup_folder=folder)
    backup = folder / "monday"
    backup.write_bytes(b"SQLite format 3\0")
    assert "reasons" not in app.test_client().get("/healthz").json
    two_weeks_ago = time.time() - 15 * 86_400
    os.utime(backup, (two_weeks_ago, two_weeks_ago))
    jobs.sweep_now(context)
    assert app.test_client().get("/healthz").json["reasons"] == {"backups_past_their_days": 1}
    backup.unlink()
    jobs.sweep_now(context)
    assert "reasons" not in app.test_client().get("/healthz").json


def test_it_offers_metrics_only_with_the_token(app):
    client, context = app.test_client(), app.extensions["quizapp"]
    assert client.get("/metrics").status_code == 404
    context.settings = replace(context.settings, metrics_token="a token")
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer a token"}).status_code == 200


def test_it_tells_prometheus_every_alarm_as_a_gauge(app):
    context = app.extensions["quizapp"]
    context.settings = replace(context.settings, metrics_token="a token")
    with context.database.transaction() as session:
        cleanup.confirm_clock(session, context.clock().date() - timedelta(days=2))
    page = app.test_client().get("/metrics", headers={"Authorization": "Bearer a token"})
    assert page.mimetype == "text/plain"
    samples = dict(line.split() for line in page.text.splitlines() if not line.startswith("#"))
    assert samples == {
        'quizapp_overdue{alarm="sheets_past_their_days"}': "0.0",
        'quizapp_overdue{alarm="days_since_sweep"}': "2.0",
        'quizapp_overdue{alarm="days_of_jump"}': "0.0",
        'quizapp_overdue{alarm="full_batches_waiting"}': "0.0",
        'quizapp_overdue{alarm="backups_past_their_days"}': "0.0",
    }
    if promtool := shutil.which("promtool"):
        checked = subprocess.run([promtool, "check", "metrics"], input=page.text, capture_output=True, text=True)
        assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize(("role", "is_told"), [("lead", True), ("nurse", False)])
def test_it_tells_leads_on_staff_pages_what_to_see_to(app, make_person, role, is_told):
    context = app.extensions["quizapp"]
    finish(app)
    with context.database.transaction() as session:
        session.execute(text("UPDATE attempt SET day = :day"), {"day": context.clock().date() - timedelta(days=15)})
    person = make_person("Person One", role)
    assert person.sign_in().status_code == 303
    page = person.client.get("/staff/").text
    assert ("Sheets kept longer than promised: 1." in page) is is_told


def finish(app):
    patient = Patient(app.test_client())
    patient.to_summary()
