"""A shared tablet forgets the patient."""

from dataclasses import replace

import pytest

from quizapp.app import create_app
from tests.walking import WALK, Patient


@pytest.fixture
def tablet(settings):
    app = create_app(replace(settings, kiosk_minutes=5))
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
