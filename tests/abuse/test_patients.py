"""Abuse by somebody who walks: cases 2, 5, 7 and 8, over HTTP against a real server."""

import copy

import pytest
from sqlalchemy import create_engine, select

from quizapp.models import Attempt, ChosenPrompt, FlagRow, ResponseRow
from tests.abuse.conftest import WALK
from tests.http_patient import HttpPatient


def at_first_question(server) -> HttpPatient:
    patient = HttpPatient(server.address)
    patient.open("/")
    while "/question/" not in patient.url:
        patient.step()
    return patient


def stored(database_url):
    """All that is kept of patients' answers, without the attempt's own changing state."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        rows = {
            table.__tablename__: sorted(connection.execute(select(table)).all(), key=str)
            for table in (Attempt, ResponseRow, ChosenPrompt, FlagRow)
        }
    engine.dispose()
    return rows


def test_case_02_it_answers_alike_whether_the_choice_was_right_or_wrong(server):
    """Until the answer is stored: the same status, headers, their order and lengths, and the same empty body."""
    seen = set()
    for option in ("left", "right", "dont-know"):
        patient = at_first_question(server)
        path, fields = patient.next_form()
        reply = patient.request("POST", path, {**fields, "option": option})
        shape = tuple((name, len(value)) for name, value in reply.headers if name.lower() not in ("date", "set-cookie"))
        seen.add((reply.status, reply.location, shape, len(reply.body)))
    assert len(seen) == 1


def test_case_05_it_refuses_an_old_form_after_the_finish(server, database_url):
    patient = at_first_question(server)
    old = [patient.next_form()]
    while not patient.is_done:
        patient.step()
        if not patient.is_done and patient.next_form():
            old.append(patient.next_form())
    before = stored(database_url)
    for path, fields in old:
        for change in ({}, {"option": "right"}, {"option": "middle"}, {"prompts": "why-there"}):
            reply = patient.request("POST", path, {**fields, **change})
            assert reply.status in (303, 400), path
            if reply.status == 303:
                patient.open(reply.location)
                assert patient.is_done or "/feedback/" in patient.url
    assert stored(database_url) == before


@pytest.mark.parametrize(
    ("item", "change"),
    [
        ("nothing", {}),
        ("lamp-place", {}),  # of a later lesson
        ("bell-place", {"option": "somewhere"}),
        ("bell-place", {"form": "b"}),  # the form of the second try
        ("bell-place", {"form": "z"}),
        ("../lamp-place", {}),
        ("bell-place%00", {}),
    ],
)
def test_case_07_it_stores_nothing_that_belongs_elsewhere(server, database_url, item, change):
    patient = at_first_question(server)
    _, fields = patient.next_form()
    before = stored(database_url)
    reply = patient.request("POST", f"{WALK}/question/{item}", {**fields, **change})
    assert 400 <= reply.status < 500 or reply.location == f"{WALK}/next"
    reply = patient.request("POST", f"/p/another-procedure/question/{item}", {**fields, **change})
    assert 400 <= reply.status < 500
    assert stored(database_url)["response"] == before["response"] == []


def test_case_07_it_does_not_answer_for_another_attempt(server, database_url):
    """One patient's form, sent from another patient's device, is refused for its token."""
    one, other = at_first_question(server), at_first_question(server)
    path, fields = one.next_form()
    assert other.request("POST", path, fields).status == 400
    assert stored(database_url)["response"] == []


def test_case_08_it_starts_afresh_for_a_cookie_that_is_not_its_own(server, database_url):
    patient = at_first_question(server)
    path, fields = patient.next_form()
    own = patient.cookies["quizapp"]
    payload, _, signature = own.rpartition(".")
    tampered = ("", "x", own[: len(own) // 2], own[:-2], payload, f"{payload}.{signature[::-1]}", "." + own, own * 20)
    for cookie in tampered:
        stranger = copy.deepcopy(patient)
        stranger.cookies["quizapp"] = cookie
        posted = stranger.request("POST", path, fields)
        assert posted.status == 400
        assert "To the start" in posted.body
        stranger.cookies["quizapp"] = cookie
        got = stranger.request("GET", path)
        assert (got.status, got.location) == (303, f"{WALK}/")
    assert stored(database_url)["response"] == []


def test_case_08_it_takes_no_cookie_that_another_key_signed(server):
    from flask import Flask
    from flask.sessions import SecureCookieSessionInterface

    other = Flask("other")
    other.secret_key = "another key"
    forged = SecureCookieSessionInterface().get_signing_serializer(other).dumps({"secrets": {"left-right": "A" * 27}})
    patient = HttpPatient(server.address, cookies={"quizapp": forged})
    reply = patient.request("GET", f"{WALK}/lesson/1")
    assert (reply.status, reply.location) == (303, f"{WALK}/")
