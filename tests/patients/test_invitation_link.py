"""Invitation slips: made by staff, opened at home."""

import re

import pytest

from quizapp.nurses.invitations import make_slips
from quizapp.patients.attempts import to_secret, to_token
from tests.html import parse
from tests.staff import lead, make_person, nurse
from tests.walking import WALK, Patient

__all__ = ["lead", "make_person", "nurse"]


@pytest.fixture
def slips(app):
    """Two slips: (address, visit code)."""
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        edition = context.editions.current("left-right")
        made = make_slips(session, edition, "en", context.code_keys, context.clock().date(), 2)
        session.commit()
    return [(f"/i/{slip.token}", slip.visit_code) for slip in made]


def test_it_prints_a_slip_with_its_own_code_for_each_patient(nurse):
    page = nurse.post("/staff/invitations", "/staff/invitations", procedure="left-right", language="en", count="5").text
    codes = re.findall(r"<strong>([a-z]+-[a-z]+-\d{3})</strong>", page)
    drawings = re.findall(r"<svg.*?</svg>", page)
    assert len(set(codes)) == len(set(drawings)) == 5
    assert "shown only once" in page


def test_it_opens_its_own_attempt_with_the_code_on_the_slip(app, slips):
    (link, code), _ = slips
    patient = Patient(app.test_client())
    patient.open(link)
    patient.send(link)
    assert patient.visit_code == code


def test_it_goes_on_on_another_device_until_it_is_finished(app, slips):
    (link, _), _ = slips
    phone, tablet = Patient(app.test_client()), Patient(app.test_client())
    phone.open(link)
    phone.send(link)
    phone.next()
    phone.send(phone.url)
    tablet.open(link)
    tablet.send(link)
    assert tablet.url == f"{WALK}/question/bell-place"
    tablet.answer("right")
    tablet.next()
    tablet.next()
    tablet.send(tablet.url)
    tablet.answer("left")
    tablet.next()
    tablet.send(tablet.url)
    assert 'id="journey-done"' in tablet.page
    again = Patient(app.test_client()).client.get(link)
    assert again.status_code == 410
    assert "already finished" in again.text


@pytest.mark.parametrize("token", ["x", "A" * 27, "%00", "../../x"])
def test_it_has_the_page_for_unknown_addresses_for_a_guessed_link(client, token):
    assert client.get(f"/i/{token}").status_code == 404
    assert to_secret(token) is None or len(to_secret(token)) == 20


def test_it_reads_back_every_token():
    assert to_secret(to_token(bytes(range(20)))) == bytes(range(20))


@pytest.mark.parametrize("count", ["0", "101", "-1", "x", "1e3", ""])
def test_it_makes_1_to_100_slips(app, nurse, count):
    fields = {"procedure": "left-right", "language": "en", "count": count}
    response = nurse.post("/staff/invitations", "/staff/invitations", **fields)
    assert response.status_code == 400
    assert "from 1 to 100" in response.text
    assert f'name="count" id="count" value="{count}"' in response.text


def test_it_prints_a_poster(nurse):
    page = nurse.client.get("/staff/poster/left-right").text
    assert "<svg" in page
    assert "Left and right" in page


def type_code(patient, code):
    patient.open("/")
    return patient.post("/slip", code=code, procedure="left-right")


def test_it_opens_the_slips_attempt_with_its_printed_code_and_keeps_that_code(client, slips):
    patient = Patient(client)
    _link, code = slips[0]
    assert type_code(patient, f" {code.upper().replace('-', ' ')} ").location == f"{WALK}/code"
    patient.open(f"{WALK}/code")
    assert patient.visit_code == code
    patient.next()
    patient.send(patient.url)
    patient.answer("right")
    assert "That is right" in patient.page
    patient.send(f"{WALK}/stop")
    assert patient.visit_code == code


def test_it_opens_nothing_that_is_begun_with_a_typed_code_and_says_no_more(app, client, slips):
    link, code = slips[0]
    begun = Patient(client)
    begun.open(link)
    begun.send(link)
    begun.next()
    begun.send(begun.url)
    other = Patient(app.test_client())
    for typed in (code, "amber-kettle-000", "", "x"):
        answer = type_code(other, typed)
        assert answer.location == f"{WALK}/?notice=no-such-slip", typed
        other.open(answer.location)
        assert parse(other.page).one(".error-summary a")["href"] == "#code"
        assert client.get(f"{WALK}/next").status_code == 303
        assert other.client.get(f"{WALK}/code").location == f"{WALK}/"


def test_it_slows_down_guesses_of_a_slips_code_from_all_devices_together(app, client, slips):
    _link, code = slips[0]
    for _ in range(60):
        type_code(Patient(app.test_client()), "amber-kettle-000")
    assert type_code(Patient(client), code).location.endswith("no-such-slip")
