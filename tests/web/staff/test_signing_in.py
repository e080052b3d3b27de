"""Signing in and out over HTTP."""

import pytest

from quizapp.services import staff
from tests.walking import csrf_token
from tests.web.staff.conftest import PASSWORD


def link_for_first_lead(app):
    runtime = app.extensions["quizapp"]
    with runtime.database.writing() as session:
        token = staff.first_lead_link(session, runtime.clock())
        session.commit()
    return f"/staff/link/{token}"


def test_it_makes_the_first_lead_through_the_link(app, client):
    link = link_for_first_lead(app)
    page = client.get(link).text
    assert "Make the first lead account" in page
    fields = {"csrf_token": csrf_token(page), "name": "Lead One", "password": PASSWORD, "again": PASSWORD}
    assert client.post(link, data=fields).location == "/staff/"
    assert client.get("/staff/accounts").status_code == 200
    assert client.get(link).status_code == 404


def test_it_says_what_is_the_matter_with_a_password_and_keeps_the_name(app, client):
    link = link_for_first_lead(app)
    token = csrf_token(client.get(link).text)
    fields = {"csrf_token": token, "name": "Lead One", "password": "short", "again": "short"}
    response = client.post(link, data=fields)
    assert response.status_code == 400
    assert "15 characters or more" in response.text
    assert 'value="Lead One"' in response.text
    assert "short" not in response.text.replace("Short", "")


def test_it_refuses_a_wrong_password_and_an_unknown_name_with_the_same_words(make_person):
    known, unknown = make_person("Nurse One", "nurse"), make_person("Nurse Two", "nurse")
    unknown.name = "Nobody Known"
    pages = [person.sign_in("not the password").text for person in (known, unknown)]
    stripped = [page.replace("Nurse One", "").replace("Nobody Known", "") for page in pages]
    tokens = [csrf_token(page) for page in pages]
    assert stripped[0].replace(tokens[0], "") == stripped[1].replace(tokens[1], "")


def test_it_lets_the_copied_cookie_of_a_signed_out_account_see_nothing(app, nurse):
    cookie = nurse.client.get_cookie("staff").value
    assert nurse.post("/staff/logout", "/staff/account").status_code == 303
    thief = app.test_client()
    thief.set_cookie("staff", cookie)
    response = thief.get("/staff/account")
    assert response.status_code == 303
    assert response.location.startswith("/staff/login")


def test_it_gives_a_new_session_and_a_new_form_token_at_sign_in(make_person):
    person = make_person("Nurse One", "nurse")
    person.client.set_cookie("staff", "fixed-by-somebody-else")
    before = csrf_token(person.client.get("/staff/login").text)
    person.sign_in()
    assert person.client.get_cookie("staff").value != "fixed-by-somebody-else"
    response = person.client.post("/staff/logout", data={"csrf_token": before})
    assert response.status_code == 400
    assert person.client.get("/staff/account").status_code == 200


@pytest.mark.parametrize(
    "next_path",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "/x\nSet-Cookie: a=b", "javascript:alert(1)", ""],
)
def test_it_goes_on_to_its_own_pages_only(make_person, next_path):
    assert make_person("Nurse One", "nurse").sign_in(next_path=next_path).location == "/staff/"


def test_it_looks_at_the_right_password_again_after_a_while(app, make_person):
    person = make_person("Nurse One", "nurse")
    for _ in range(10):
        assert person.sign_in("not the password").status_code == 400
    assert person.sign_in().status_code == 400
    from datetime import timedelta

    runtime = app.extensions["quizapp"]
    app.extensions["quizapp"] = type(runtime)(
        **{**runtime.__dict__, "clock": lambda: runtime.clock() + timedelta(minutes=3)}
    )
    assert person.sign_in().status_code == 303


def test_it_refuses_forms_without_or_with_another_browsers_token(app, nurse, make_person):
    other = make_person("Nurse Two", "nurse")
    foreign = csrf_token(other.client.get("/staff/login").text)
    for token in ("", foreign):
        assert nurse.client.post("/staff/logout", data={"csrf_token": token}).status_code == 400
    assert nurse.client.get("/staff/account").status_code == 200


def test_it_asks_leads_for_a_second_factor_where_the_settings_do(settings, tmp_path):
    from dataclasses import replace

    from quizapp.app import create_app

    app = create_app(replace(settings, require_totp=True))
    client = app.test_client()
    link = link_for_first_lead(app)
    fields = {
        "csrf_token": csrf_token(client.get(link).text),
        "name": "Lead One",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    client.post(link, data=fields)
    assert client.get("/staff/accounts").location == "/staff/account"
    assert "second factor" in client.get("/staff/account").text
    app.extensions["quizapp"].database.dispose()


def test_it_lets_a_lead_add_and_close_an_account(app, lead):
    page = lead.post("/staff/accounts", "/staff/accounts", name="Nurse One", role="nurse").text
    link = "/staff/link/" + page.split("/staff/link/")[1].split("<")[0]
    nurse = app.test_client()
    fields = {"csrf_token": csrf_token(nurse.get(link).text), "password": PASSWORD, "again": PASSWORD}
    assert nurse.post(link, data=fields).status_code == 303
    assert nurse.get("/staff/account").status_code == 200
    assert lead.post("/staff/accounts/2/disable", "/staff/accounts").status_code == 303
    assert nurse.get("/staff/account").status_code == 303
    assert "Lead One" in lead.client.get("/staff/audit").text
    assert "account-changed" in lead.post("/staff/audit.csv", "/staff/audit").text
