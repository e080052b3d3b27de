"""Signing in and out over HTTP."""

from dataclasses import replace

import pytest
from argon2 import Type, extract_parameters

from quizapp.accounts import accounts, password_hashing
from quizapp.app import create_app
from tests.html import parse
from tests.serving import PUBLIC_URL
from tests.staff import PASSWORD
from tests.walking import csrf_token


def link_for_first_lead(app):
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        token = accounts.first_lead_link(session, context.clock())
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


def test_it_looks_at_the_right_password_again_after_a_while(clock, make_person):
    person = make_person("Nurse One", "nurse")
    for _ in range(200):
        assert person.sign_in("not the password").status_code == 400
    assert person.sign_in().status_code == 400
    clock.forward(minutes=2)
    assert person.sign_in().status_code == 303


def test_it_refuses_forms_without_or_with_another_browsers_token(app, nurse, make_person):
    other = make_person("Nurse Two", "nurse")
    foreign = csrf_token(other.client.get("/staff/login").text)
    for token in ("", foreign):
        assert nurse.client.post("/staff/logout", data={"csrf_token": token}).status_code == 400
    assert nurse.client.get("/staff/account").status_code == 200


def test_it_asks_leads_for_a_second_factor_where_the_settings_do(settings, tmp_path):

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
    link = parse(page).one("main code").text.removeprefix(PUBLIC_URL)
    nurse = app.test_client()
    fields = {"csrf_token": csrf_token(nurse.get(link).text), "password": PASSWORD, "again": PASSWORD}
    assert nurse.post(link, data=fields).status_code == 303
    assert nurse.get("/staff/account").status_code == 200
    assert lead.post("/staff/accounts/2/disable", "/staff/accounts").status_code == 303
    assert nurse.get("/staff/account").status_code == 303
    assert "Lead One" in lead.client.get("/staff/audit").text
    assert "account-changed" in lead.post("/staff/audit.csv", "/staff/audit").text


def test_it_ends_the_session_of_whoever_was_signed_in_before_in_this_browser(app, nurse, make_person):
    before = nurse.client.get_cookie("staff").value
    other = make_person("Nurse Two", "nurse")
    other.client = nurse.client
    nurse.client.delete_cookie("staff")
    page = nurse.client.get("/staff/login").text
    nurse.client.set_cookie("staff", before)
    fields = {"csrf_token": csrf_token(page), "name": "Nurse Two", "password": PASSWORD}
    assert nurse.client.post("/staff/login", data=fields).status_code == 303
    thief = app.test_client()
    thief.set_cookie("staff", before)
    assert thief.get("/staff/account").status_code == 303


def test_it_keeps_scripts_and_other_sites_away_from_the_cookie(make_person):
    cookie = make_person("Nurse One", "nurse").sign_in().headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("staff=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_it_binds_the_cookie_to_the_host_over_https(settings):
    app = create_app(replace(settings, https=True))
    client = app.test_client()
    link = link_for_first_lead(app)
    fields = {"csrf_token": csrf_token(client.get(link, base_url="https://localhost").text)}
    fields |= {"name": "Lead One", "password": PASSWORD, "again": PASSWORD}
    cookie = client.post(link, data=fields, base_url="https://localhost").headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("__Host-staff=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    app.extensions["quizapp"].database.dispose()


def test_it_does_the_same_work_for_an_unknown_name_as_for_a_known_one(app):
    """A hash holds its own parameters; OWASP's, for each."""
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        accounts.add_with_link(session, "Nurse One", "nurse", context.clock())
        accounts.by_name(session, "Nurse One").password_hash = password_hashing.hash_password(PASSWORD, "Nurse One")
        hashes = [accounts.hash_to_verify(session, name) for name in ("Nurse One", "Nobody Known")]
    costs = [extract_parameters(stored) for stored in hashes]
    assert {(cost.type, cost.time_cost, cost.memory_cost, cost.parallelism) for cost in costs} == {
        (Type.ID, 2, 19 * 1024, 1)
    }


@pytest.mark.parametrize("value", ["", "x", "\x00", "é" * 50, "x" * 5000, "a; b=c"])
def test_it_takes_any_other_cookie_for_nobody(client, value):
    response = client.get("/staff/account", headers={"Cookie": f"staff={value}".encode().decode("latin-1")})
    assert response.status_code == 303
    assert response.location.startswith("/staff/login")


def test_it_masks_passwords_and_lets_a_password_manager_fill_them_in(app, client, nurse):
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        link = f"/staff/link/{accounts.add_with_link(session, 'Nurse Two', 'nurse', context.clock())}"
        session.commit()
    own_pages = ("/staff/account", "/staff/account/second-factor")
    pages = [client.get("/staff/login"), client.get(link), *(nurse.client.get(path) for path in own_pages)]
    selector = "input:is([name=password], [name=again], [name=current])"
    fields = [field for page in pages for field in parse(page.text).all(selector)]
    assert len(fields) == 7  # one to sign in, two behind the link, three to change it, one for the second factor
    for field in fields:
        assert field["type"] == "password"
        assert field["autocomplete"] in ("current-password", "new-password")
        assert field.get("maxlength") is None


def test_it_lets_nobodys_password_run_out(nurse, clock):
    clock.forward(days=1100)
    nurse.client = nurse.client.application.test_client()
    assert nurse.sign_in().location == "/staff/"
