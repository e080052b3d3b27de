"""Error pages below /staff: they speak to staff, not to a patient."""

import sqlite3
from contextlib import closing

from tests.nurses.sheets import words
from tests.walking import csrf_token


def rename(app, table):
    """Make the database fail where this table is read or written."""
    with closing(sqlite3.connect(app.extensions["quizapp"].settings.instance_path / "quizapp.sqlite3")) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO gone")


def test_it_does_not_speak_of_answers_that_were_given(nurse):
    page = nurse.client.get("/staff/?list=nothing")
    assert page.status_code == 400
    assert "answers" not in words(page.text)
    assert "Go back and try again." in words(page.text)
    assert "To the staff start page" in words(page.text)


def test_it_says_that_what_was_stored_is_safe_where_storing_fails(app, nurse):
    token = csrf_token(nurse.client.get("/staff/find").text)
    rename(app, "audit")
    page = nurse.client.post("/staff/find", data={"csrf_token": token, "code": "amber-kettle-407"})
    assert page.status_code == 503
    assert "What was stored before is safe." in words(page.text)
    assert "answers" not in words(page.text)


def test_it_asks_to_try_again_where_a_page_cannot_be_read(app, nurse):
    rename(app, "tally_group")
    page = nurse.client.get("/staff/insights")
    assert page.status_code == 503
    assert "We cannot show this page just now. Try again in a minute." in words(page.text)


def test_it_still_tells_a_patient_that_their_answers_are_safe(app):
    page = app.test_client().post("/p/left-right/", data={})
    assert page.status_code == 400
    assert "The answers you gave before are safe." in words(page.text)


def test_it_has_its_own_page_for_a_mistyped_address_beside_its_own(nurse):
    page = nurse.client.get("/staffroom")
    assert page.status_code == 404
    assert "This page is not here" in words(page.text)
    assert "To the staff start page" in words(page.text)
