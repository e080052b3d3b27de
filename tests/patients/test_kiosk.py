"""A shared tablet forgets the patient."""

from dataclasses import replace

import pytest

from quizapp.app import create_app
from tests.html import parse
from tests.walking import WALK, Patient


@pytest.fixture
def tablet(settings, clock):
    app = create_app(replace(settings, kiosk_minutes=5), clock)
    yield Patient(app.test_client())
    app.extensions["quizapp"].database.dispose()


def test_it_asks_before_it_forgets_and_can_go_on(tablet):
    tablet.to_first_question()
    assert 'content="300;url=/still-there?return_path=' in tablet.page
    assert 'data-minutes="5"' in tablet.page
    question = tablet.url
    tablet.open(f"/still-there?return_path={question}")
    assert 'content="30;url=/forgotten"' in tablet.page
    tablet.next()
    assert tablet.url == question


def test_it_shows_nothing_of_the_patient_afterwards_and_keeps_the_answers(tablet):
    tablet.to_first_question()
    question = tablet.url
    response = tablet.client.get("/forgotten")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert tablet.client.get(question).location == f"{WALK}/"
    tablet.open("/")
    assert "Go on where you were" not in tablet.page


def test_it_forgets_nobody_where_no_tablet_is_shared(client):
    patient = Patient(client)
    patient.to_first_question()
    assert "still-there" not in patient.page
    client.get("/forgotten")
    assert client.get(patient.url).status_code == 200


def test_it_goes_back_to_its_own_pages_only(client):
    assert 'href="/"' in client.get("/still-there?return_path=https://evil.example").text


def test_it_asks_on_every_page_from_which_the_patient_could_be_found_again(tablet):
    tablet.open("/")
    assert "still-there" not in tablet.page
    tablet.to_first_question()
    for address in ("/", "/privacy", "/nope"):
        tablet.open(address)
        assert 'data-minutes="5"' in tablet.page, address
    tablet.open("/still-there?return_path=/")
    assert tablet.page.count('http-equiv="refresh"') == 1


def test_it_never_offers_the_last_patients_place_to_the_next(tablet):
    tablet.to_first_question()
    tablet.open("/")
    assert "Go on where you were" not in tablet.page
    assert "Start again" not in tablet.page
    assert "come back on this device" not in tablet.page
    assert parse(tablet.page).has("main form button", "Start")


def test_it_forgets_when_the_browser_is_closed(tablet):
    tablet.start()
    cookie = tablet.client.get_cookie("quizapp")
    assert cookie is not None
    assert cookie.expires is None


def test_it_opens_nothing_after_a_sleep_by_the_servers_clock(tablet, clock):
    tablet.to_first_question()
    question, fields = tablet.url, tablet.fields("left")
    clock.forward(minutes=7)
    assert tablet.client.get(question).location == f"{WALK}/"
    assert tablet.client.post(question, data=fields).status_code == 400


def test_it_hears_of_touches_while_a_long_page_is_read(tablet, clock):
    tablet.to_first_question()
    for _ in range(4):
        clock.forward(minutes=4)
        assert tablet.client.get("/touch").status_code == 204
    assert tablet.client.get(tablet.url).status_code == 200


def test_it_does_not_take_its_own_question_for_a_touch(tablet, clock):
    tablet.to_first_question()
    question = tablet.url
    for _ in range(2):
        clock.forward(minutes=5)
        tablet.client.get("/still-there")
    assert tablet.client.get(question).location == f"{WALK}/"
