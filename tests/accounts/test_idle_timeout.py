"""A page that nobody touches."""

import pytest
from sqlalchemy import select

from quizapp.models import ReviewRow
from tests.html import parse
from tests.nurses.sheets import make_sheet, opened, send
from tests.staff import PASSWORD
from tests.walking import csrf_token


def left_for(response):
    """The seconds after which a browser without a script leaves the page, and where it goes."""
    refresh = response.headers.get("Refresh") or parse(response.text).one("noscript meta")["content"]
    seconds, url = refresh.split(";", 1)
    return int(seconds), url.strip().removeprefix("url=")


def test_it_warns_two_minutes_before_and_leads_back(nurse, clock):
    seconds, url = left_for(nurse.client.get("/staff/account"))
    assert seconds == 13 * 60
    clock.forward(seconds=seconds)
    warning = nurse.client.get(url)
    assert "signed out in 3 minutes" in warning.text or "signed out in 2 minutes" in warning.text
    assert 'href="/staff/account' in warning.text


def test_it_does_not_take_the_warning_for_a_touch(nurse, clock):
    _, url = left_for(nurse.client.get("/staff/account"))
    clock.forward(minutes=13)
    seconds, same = left_for(nurse.client.get(url))
    assert same == url
    clock.forward(seconds=seconds)
    assert nurse.client.get(same).location.startswith("/staff/login?next=/staff/account")


def test_it_stays_signed_in_when_the_nurse_goes_on(nurse, clock):
    for _ in range(40):  # 9 h 20 min, a touch every 14 minutes
        clock.forward(minutes=14)
        assert nurse.client.get("/staff/account").status_code == 200


def test_it_ends_after_ten_hours_however_busy_the_nurse_is(nurse, clock):
    for _ in range(50):
        clock.forward(minutes=12)
        nurse.client.get("/staff/account")
    clock.forward(minutes=1)
    assert nurse.client.get("/staff/account").location.startswith("/staff/login")


def test_it_ends_after_fifteen_minutes_without_a_touch(nurse, clock):
    clock.forward(minutes=15, seconds=1)
    assert nurse.client.get("/staff/account").location.startswith("/staff/login")


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/x\r\nSet-Cookie: a=b", "/p/"])
def test_it_leads_back_to_staff_pages_only(nurse, path):
    page = nurse.client.get("/staff/idle", query_string={"next": path})
    assert 'class="button" href="/staff/"' in page.text
    assert "evil" not in page.headers["Refresh"]


def test_it_does_not_send_patients_anywhere(client):
    for page in ("/", "/staff/login"):
        assert "Refresh" not in client.get(page).headers
        assert not parse(client.get(page).text).has("noscript meta, meta[name=idle]")


def test_it_stays_signed_in_while_the_script_reports_touches(nurse, clock):
    for _ in range(4):
        clock.forward(minutes=14)
        assert nurse.client.get("/staff/touch").status_code == 204
    assert nurse.client.get("/staff/account").status_code == 200
    clock.forward(minutes=16)
    assert nurse.client.get("/staff/touch").location.startswith("/staff/login")


# What was marked when the session ended


@pytest.fixture
def marked(app, nurse, clock):
    """A sheet on which two outcomes were marked and saved after the session had ended; where that led."""
    sheet = make_sheet(app)
    page = opened(nurse, sheet)
    clock.forward(minutes=16)
    response = send(nurse, sheet, page, **{"outcome.one": "understood", "outcome.two": "physician"})
    return sheet, response.location


def sign_in(person, location):
    return person.client.post(
        "/staff/login",
        data={
            "csrf_token": csrf_token(person.client.get(location).text),
            "name": person.name,
            "password": PASSWORD,
            "next": parse(person.client.get(location).text).one("[name=next]")["value"],
        },
    )


def marks(page):
    return {box["name"]: box["value"] for box in parse(page).all("input[type=radio][checked]")}


def outcomes(app):
    with app.extensions["quizapp"].database.reading() as session:
        return {row.item: row.outcome for row in session.scalars(select(ReviewRow))}


def test_it_brings_back_what_was_marked_after_signing_in_and_entering_the_code(app, nurse, marked):
    sheet, location = marked
    assert sign_in(nurse, location).location == sheet.url
    page = nurse.client.get(sheet.url).text
    assert "What you marked before is kept." in page
    assert marks(page) == {}
    page = opened(nurse, sheet)
    assert marks(page) == {"outcome.one": "understood", "outcome.two": "physician"}
    assert outcomes(app) == {}
    send(nurse, sheet, page, **marks(page))
    assert outcomes(app) == {"one": "understood", "two": "physician"}
    assert marks(nurse.client.get(sheet.url).text) == {}


def test_it_brings_nothing_back_to_another_person(app, nurse, marked, make_person):
    sheet, location = marked
    other = make_person("Nurse Two", "nurse")
    other.client = nurse.client
    sign_in(other, location)
    assert marks(opened(other, sheet)) == {}


def test_it_brings_nothing_back_after_an_hour(app, nurse, clock, marked):
    sheet, location = marked
    clock.forward(minutes=61)
    sign_in(nurse, location)
    assert marks(opened(nurse, sheet)) == {}


def test_it_keeps_what_is_marked_when_the_script_leaves_the_page(app, nurse, clock):
    sheet = make_sheet(app)
    page = opened(nurse, sheet)
    clock.forward(minutes=13)
    data = {"csrf_token": csrf_token(page), "path": sheet.url, "outcome.one": "understood"}
    assert nurse.client.post("/staff/keep", data=data).status_code == 204
    clock.forward(minutes=3)
    assert nurse.client.get(sheet.url).location.startswith("/staff/login")  # it was no touch
    sign_in(nurse, "/staff/login")
    assert marks(opened(nurse, sheet)) == {"outcome.one": "understood"}


def test_it_offers_to_send_another_form_again(nurse, clock):
    page = nurse.client.get("/staff/invitations").text
    clock.forward(minutes=16)
    fields = {"procedure": "left-right", "language": "en", "count": "3"}
    response = nurse.client.post("/staff/invitations", data={"csrf_token": csrf_token(page), **fields})
    again = sign_in(nurse, response.location).location
    form = parse(nurse.client.get(again).text).one("main form")
    assert form["action"] == "/staff/invitations"
    assert len(parse(nurse.client.post(form["action"], data=form.fields()).text).all("strong", "-")) == 3
    assert nurse.client.get(again).location == "/staff/"  # offered once


@pytest.mark.parametrize(
    "fields", [{"password": "a"}, {"code": "amber-kettle-407"}, {"count": "words of a person"}, {}]
)
def test_it_keeps_no_password_code_or_free_text(nurse, clock, fields):
    page = nurse.client.get("/staff/invitations").text
    clock.forward(minutes=16)
    response = nurse.client.post("/staff/invitations", data={"csrf_token": csrf_token(page), **fields})
    assert response.location == "/staff/login"
