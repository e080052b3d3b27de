"""Guessing at a nurse's name from elsewhere keeps her out of no browser in which she signed in before."""

import time
from types import SimpleNamespace

from quizapp.accounts.login_limit import COOKIE, MAX_NAMES
from quizapp.web.rate_limit import Limit
from tests.staff import PASSWORD, Person


def attacked(app, name, tries=60):
    """Somebody elsewhere guesses until nothing is looked at any more."""
    app.extensions["quizapp"].unknown_browsers = Limit(1000, 0.1)  # here it is the name that is slowed down
    stranger = Person(app.test_client(), name)
    for _ in range(tries):
        assert stranger.sign_in("not the password").status_code == 400
    assert stranger.sign_in(PASSWORD).status_code == 400
    return stranger


def sign_out(person):
    assert person.post("/staff/logout", "/staff/account").status_code == 303


def test_it_lets_a_nurse_in_from_a_known_browser_while_her_name_is_guessed(app, nurse):
    sign_out(nurse)
    attacked(app, nurse.name)
    assert nurse.sign_in().status_code == 303


def test_it_knows_a_browser_also_on_a_server_whose_clock_is_behind(app, nurse, monkeypatch):
    sign_out(nurse)
    attacked(app, nurse.name)
    monkeypatch.setattr("itsdangerous.timed.time", SimpleNamespace(time=lambda: time.time() - 60))
    assert nurse.sign_in().status_code == 303


def test_it_slows_guessing_in_a_known_browser_as_well(app, nurse, clock):
    sign_out(nurse)
    for _ in range(10):
        assert nurse.sign_in("not the password").status_code == 400
    assert nurse.sign_in().status_code == 400
    clock.forward(minutes=2)
    assert nurse.sign_in().status_code == 303


def test_it_takes_a_wrong_try_here_for_none_elsewhere(app, nurse):
    sign_out(nurse)
    for _ in range(10):
        nurse.sign_in("not the password")
    assert Person(app.test_client(), nurse.name).sign_in().status_code == 303


def test_it_gives_the_device_back_while_the_nurses_name_is_guessed(app, nurse):
    attacked(app, nurse.name)
    fields = {"current": PASSWORD, "password": PASSWORD + " again", "again": PASSWORD + " again"}
    assert nurse.post("/staff/account/password", "/staff/account", **fields).status_code == 303


def test_it_knows_a_browser_for_those_who_signed_in_there_and_nobody_else(app, nurse, make_person):
    other = make_person("Nurse Two", "nurse")
    attacked(app, other.name)
    known = nurse.client.get_cookie(COOKIE).value
    other.client.set_cookie(COOKIE, known)
    assert other.sign_in().status_code == 400


def test_it_knows_colleagues_at_one_computer_up_to_a_limit(app, make_person):
    client = app.test_client()
    people = [make_person(f"Nurse {number}", "nurse") for number in range(MAX_NAMES + 1)]
    for person in people:
        person.client = client
        assert person.sign_in().status_code == 303
        sign_out(person)
    for person in people:
        attacked(app, person.name, tries=11)
    assert people[1].sign_in().status_code == 303
    sign_out(people[1])
    assert people[0].sign_in().status_code == 400


def test_it_holds_no_name_and_opens_nothing(app, nurse):
    cookie = nurse.client.get_cookie(COOKIE)
    assert "Nurse" not in cookie.value
    assert cookie.http_only
    sign_out(nurse)
    assert nurse.client.get_cookie(COOKIE).value == cookie.value
    assert nurse.client.get("/staff/account").status_code == 303


def test_it_takes_made_up_cookies_for_unknown_browsers(app, nurse):
    sign_out(nurse)
    known = nurse.client.get_cookie(COOKIE).value
    attacked(app, nurse.name)
    for made_up in ("", "x", "~~~", "x" + known, "a.b.c", "~".join(["x"] * 500)):
        nurse.client.set_cookie(COOKIE, made_up)
        assert nurse.sign_in().status_code == 400, made_up
