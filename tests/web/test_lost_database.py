"""Databases that pass to a state in which nothing can be stored: "try again", and never a broken page."""

import sqlite3

import psycopg.errors
import pytest
from sqlalchemy import event

from quizapp.app import create_app
from tests.walking import Patient

LOST = sqlite3.OperationalError("connection lost")


@pytest.fixture
def app(settings):
    app = create_app(settings)
    yield app
    app.extensions["quizapp"].database.dispose()


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.ReadOnlySqlTransaction("cannot execute UPDATE in a read-only transaction"),
        psycopg.errors.InFailedSqlTransaction("current transaction is aborted"),
        psycopg.errors.IdleInTransactionSessionTimeout("terminating connection"),
        psycopg.errors.ConnectionFailure("lost"),
        psycopg.errors.TooManyConnections("too many clients"),
        psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
    ],
)
def test_it_asks_to_try_again_in_every_state_that_passes(app, error):
    patient = Patient(app.test_client())
    patient.to_first_question()
    dialect = app.extensions["quizapp"].database.engine.dialect

    @event.listens_for(app.extensions["quizapp"].database.engine, "handle_error")
    def as_on_postgresql(context):
        raise context.sqlalchemy_exception.__class__.instance(
            "", None, error, psycopg.Error, hide_parameters=True, dialect=dialect
        )

    @event.listens_for(app.extensions["quizapp"].database.engine, "do_execute")
    def execute(_cursor, statement, _parameters, _context):
        if statement.startswith("INSERT"):
            raise LOST

    reply = patient.post(patient.url, **patient.fields("right"))
    assert reply.status_code == 503
    assert "Please try again" in reply.text


def test_it_shows_the_page_when_the_connection_is_lost_after_it_was_read(app):
    patient = Patient(app.test_client())
    patient.to_first_question()
    app.extensions["quizapp"].database.engine.dialect.do_rollback = fail
    assert patient.open(patient.url).status_code == 200


def test_it_says_stored_when_the_connection_is_lost_after_the_commit(app):
    patient = Patient(app.test_client())
    patient.to_first_question()
    app.extensions["quizapp"].database.engine.dialect.do_rollback = fail
    assert patient.post(patient.url, **patient.fields("right")).status_code == 303


def fail(_connection):
    raise LOST
