"""How many statements a page of the walk sends to the database."""

from collections.abc import Iterator

import pytest
from flask import Flask, before_render_template
from sqlalchemy import event

from tests.walking import WALK, Patient


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that SQLite gets; tests clear the list."""
    statements: list[str] = []

    def listen(connection, _record, _proxy):
        connection.set_trace_callback(statements.append)

    engine = app.extensions["quizapp"].database.engine
    event.listen(engine, "checkout", listen)
    yield statements
    event.remove(engine, "checkout", listen)
    engine.dispose()


def test_it_asks_once_for_a_page_that_is_read(client, asked):
    patient = Patient(client)
    patient.to_first_question()
    for url in (f"{WALK}/code", f"{WALK}/lesson/1", patient.url):
        asked.clear()
        assert client.get(url).status_code == 200
        assert [words.split()[0] for words in asked] == ["BEGIN", "SELECT", "ROLLBACK"]


def test_it_stores_an_answer_in_one_transaction_of_three_statements(client, asked):
    patient = Patient(client)
    patient.to_first_question()
    asked.clear()
    assert patient.post(patient.url, **patient.fields("right")).status_code == 303
    assert [words.split()[0] for words in asked] == ["BEGIN", "SELECT", "SELECT", "INSERT", "COMMIT"]
    assert asked[0] == "BEGIN IMMEDIATE"


def test_it_ends_the_transaction_before_it_prints_a_page(app, client):
    pool = app.extensions["quizapp"].database.engine.pool
    patient = Patient(client)
    patient.to_first_question()
    held: list[int] = []

    def note(_app, **_values):
        held.append(pool.checkedout())

    with before_render_template.connected_to(note, app):
        assert client.get(patient.url).status_code == 200
        assert client.get(f"{patient.url}?missing=1").status_code == 200
    assert held == [0, 0]
