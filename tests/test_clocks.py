"""Clocks that are wrong: a server that is ahead or behind, and a date that has jumped."""

import logging
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select

from quizapp import jobs
from quizapp.aggregation import cleanup
from quizapp.app import create_app
from quizapp.cli import main
from quizapp.models import Attempt
from tests.html import parse
from tests.walking import Patient


def sheets(app):
    with app.extensions["quizapp"].database.reading() as session:
        return session.scalar(select(func.count()).select_from(Attempt))


def finish(app):
    patient = Patient(app.test_client())
    patient.to_summary()
    return patient


def sweep(app):
    jobs.sweep_now(app.extensions["quizapp"])


@pytest.mark.parametrize("ahead", [1, 3600, -20 * 86_400])
def test_it_goes_on_with_a_patient_whose_cookie_another_clock_signed(app, monkeypatch, ahead):
    patient = Patient(app.test_client())
    with monkeypatch.context() as patch:
        patch.setattr("itsdangerous.timed.time", SimpleNamespace(time=lambda: time.time() + ahead))
        patient.to_first_question()
    patient.open("/")
    assert "Go on where you were" in patient.page
    patient.open("/p/left-right/next")
    assert "/question/" in patient.url


def test_it_still_refuses_a_cookie_that_it_did_not_sign(app):
    patient = Patient(app.test_client())
    patient.to_first_question()
    app.secret_key = "another key"
    stranger = SecureCookieSessionInterface().get_signing_serializer(app)
    app.secret_key = "a key for tests"
    patient.client.set_cookie("quizapp", stranger.dumps({"secrets": {"left-right": "c2VjcmV0"}}))
    patient.open("/")
    assert "Go on where you were" not in patient.page


@pytest.mark.parametrize("weeks", [3, 300])
def test_it_deletes_nothing_after_the_date_has_jumped(app, clock, caplog, weeks):
    finish(app)
    sweep(app)
    clock.forward(weeks=weeks)
    logging.getLogger("quizapp").addHandler(caplog.handler)
    sweep(app)
    logging.getLogger("quizapp").removeHandler(caplog.handler)
    assert sheets(app) == 1
    assert any("the date has jumped" in record.msg for record in caplog.records)


def test_it_deletes_when_the_days_pass_one_by_one_or_over_a_long_weekend(app, clock):
    finish(app)
    for _ in range(4):
        clock.forward(days=3.9)
        sweep(app)
    assert sheets(app) == 0


def test_it_has_a_lead_confirm_the_date_on_any_staff_page(app, clock, make_person):
    finish(app)
    clock.forward(weeks=3)
    nurse, lead = make_person("Nurse One", "nurse"), make_person("Lead One", "lead")
    assert nurse.sign_in().status_code == lead.sign_in().status_code == 303
    banner = 'form[action="/staff/clock"]'
    assert not parse(nurse.client.get("/staff/insights").text).has(f"{banner} button")
    assert parse(nurse.client.get("/staff/insights").text).has(banner)
    assert parse(lead.client.get("/staff/insights").text).has(f"{banner} button")
    assert nurse.post("/staff/clock", "/staff/").status_code == 403
    sweep(app)
    assert sheets(app) == 1
    assert lead.post("/staff/clock", "/staff/").status_code == 303
    assert not parse(lead.client.get("/staff/insights").text).has(banner)
    sweep(app)
    assert sheets(app) == 0


def test_it_sweeps_by_command_only_after_the_date_was_confirmed(app, clock, settings, monkeypatch):
    monkeypatch.setenv("QUIZAPP_INSTANCE_PATH", str(settings.instance_path))
    monkeypatch.setenv("QUIZAPP_QUESTIONS_PATH", str(settings.questions_path))
    finish(app)
    with app.extensions["quizapp"].database.writing() as session:
        cleanup.confirm_clock(session, clock().date() - timedelta(days=30))
        session.get(Attempt, session.scalar(select(Attempt.id))).day -= timedelta(days=30)
        session.commit()
    refused = CliRunner().invoke(main, ["sweep"])
    assert refused.exit_code == 1
    assert "--confirm-clock" in refused.output
    assert sheets(app) == 1
    assert CliRunner().invoke(main, ["sweep", "--confirm-clock"]).exit_code == 0
    assert sheets(app) == 0


def test_it_keeps_the_sheet_of_a_patient_who_came_while_the_clock_was_set_back(app, clock, settings):
    sweep(app)
    right = clock.now
    clock.forward(days=-20_000)
    started_then = create_app(settings, clock)
    finish(started_then)
    sweep(started_then)
    started_then.extensions["quizapp"].database.dispose()
    clock.now = right
    sweep(app)
    assert sheets(app) == 1
