"""One's own account, and everybody's for leads."""

import html
from dataclasses import replace
from datetime import UTC

import pyotp
import pytest

from quizapp.accounts import accounts
from quizapp.app import create_app
from tests.html import parse
from tests.serving import PUBLIC_URL
from tests.staff import PASSWORD, Person
from tests.walking import csrf_token

ANOTHER = "a copper kettle sings at noon"
SHORT = "boatlake"


def code_now(secret, clock):
    return pyotp.TOTP(secret).at(clock.now.replace(tzinfo=UTC))


def totp_secret(page):
    return parse(page).one("main code").text


def turn_on_second_factor(person, clock):
    """The app's secret, and the recovery codes."""
    page = person.client.get("/staff/account/second-factor").text
    secret = totp_secret(page)
    fields = {"csrf_token": csrf_token(page), "code": code_now(secret, clock), "current": PASSWORD}
    response = person.client.post("/staff/account/second-factor", data=fields)
    assert response.status_code == 200, response.text
    clock.forward(minutes=2)  # the code just used does not work again
    return secret, [code.text for code in parse(response.text).all(".codes code")]


def turn_off_second_factor(person, code, current=PASSWORD):
    return person.post("/staff/account/second-factor/off", "/staff/account", current=current, code=code)


def sign_in_with(person, code, password=PASSWORD):
    person.client = person.client.application.test_client()
    token = csrf_token(person.client.get("/staff/login").text)
    fields = {"csrf_token": token, "name": person.name, "password": password, "code": code}
    return person.client.post("/staff/login", data=fields)


def change_password(person, new, current=PASSWORD):
    fields = {"current": current, "password": new, "again": new}
    return person.post("/staff/account/password", "/staff/account", **fields)


def test_it_asks_for_the_code_at_every_sign_in_once_it_is_on(nurse, clock):
    secret, recovery_codes = turn_on_second_factor(nurse, clock)
    assert len(recovery_codes) == 8
    assert sign_in_with(nurse, "").status_code == 400
    assert sign_in_with(nurse, "000000").status_code == 400
    code = code_now(secret, clock)
    assert sign_in_with(nurse, code).status_code == 303
    assert sign_in_with(nurse, code).status_code == 400
    assert sign_in_with(nurse, recovery_codes[3]).status_code == 303
    assert sign_in_with(nurse, recovery_codes[3]).status_code == 400


def test_it_draws_the_secret_for_the_app_and_keeps_the_picture_nowhere(nurse):
    page = nurse.client.get("/staff/account/second-factor").text
    picture = nurse.client.get("/staff/account/second-factor.svg")
    assert picture.headers["Cache-Control"] == "no-store"
    assert picture.text.startswith("<svg")
    assert "style=" not in picture.text
    assert len(totp_secret(page)) == 32


def test_it_gives_the_next_nurse_on_this_browser_another_secret(nurse, make_person):
    first = nurse.client.get("/staff/account/second-factor").text
    nurse.post("/staff/logout", "/staff/account")
    other = make_person("Nurse Two", "nurse")
    other.client = nurse.client
    other.sign_in()
    second = other.client.get("/staff/account/second-factor").text
    secrets = [totp_secret(page) for page in (first, second)]
    assert secrets[0] != secrets[1]


def test_it_asks_for_the_password_before_the_second_factor_changes(nurse, clock):
    page = nurse.client.get("/staff/account/second-factor").text
    secret = totp_secret(page)
    fields = {"csrf_token": csrf_token(page), "code": code_now(secret, clock), "current": "not the password"}
    assert nurse.client.post("/staff/account/second-factor", data=fields).status_code == 400
    secret, recovery_codes = turn_on_second_factor(nurse, clock)
    assert turn_off_second_factor(nurse, code_now(secret, clock), "not the password").status_code == 400
    assert turn_off_second_factor(nurse, recovery_codes[0]).status_code == 303
    assert sign_in_with(nurse, "").status_code == 303


def test_it_asks_for_the_second_factor_before_it_is_turned_off_or_replaced(nurse, clock):
    page = nurse.client.get("/staff/account/second-factor").text  # laid ready by whoever holds this session
    prepared = totp_secret(page)
    other = Person(nurse.client.application.test_client(), nurse.name)
    other.sign_in()
    secret, _ = turn_on_second_factor(other, clock)
    fields = {"csrf_token": csrf_token(page), "code": code_now(prepared, clock), "current": PASSWORD}
    response = nurse.client.post("/staff/account/second-factor", data=fields)
    assert (response.status_code, "Turn it off first" in response.text) == (400, True)
    assert nurse.client.get("/staff/account/second-factor").location == "/staff/account"
    for code in ("", "000000"):
        assert turn_off_second_factor(nurse, code).status_code == 400
    assert sign_in_with(other, "").status_code == 400
    assert turn_off_second_factor(nurse, code_now(secret, clock)).status_code == 303


def test_it_slows_guessing_of_the_code_by_who_knows_the_password(nurse, clock):
    secret, _ = turn_on_second_factor(nurse, clock)
    for _ in range(10):
        assert turn_off_second_factor(nurse, "000000").status_code == 400
    assert turn_off_second_factor(nurse, code_now(secret, clock)).status_code == 400
    clock.forward(minutes=2)
    assert turn_off_second_factor(nurse, code_now(secret, clock)).status_code == 303


def test_it_takes_a_shorter_password_only_while_the_second_factor_is_on(nurse, clock):
    assert change_password(nurse, SHORT).status_code == 400
    secret, _ = turn_on_second_factor(nurse, clock)
    assert change_password(nurse, SHORT).status_code == 303
    response = turn_off_second_factor(nurse, code_now(secret, clock), SHORT)
    assert response.status_code == 400
    assert "longer one first" in response.text


def test_it_lets_a_lead_set_the_second_factor_up_where_it_is_asked_for(settings, clock):
    app = create_app(replace(settings, require_totp=True), clock)
    from tests.accounts.test_login import link_for_first_lead

    lead = Person(app.test_client(), "Lead One")
    link = link_for_first_lead(app)
    fields = {"csrf_token": csrf_token(lead.client.get(link).text), "name": "Lead One"}
    lead.client.post(link, data={**fields, "password": PASSWORD, "again": PASSWORD})
    assert lead.client.get("/staff/").location == "/staff/account"
    turn_on_second_factor(lead, clock)
    assert lead.client.get("/staff/accounts").status_code == 200
    app.extensions["quizapp"].database.dispose()


def test_it_changes_the_password_and_ends_the_other_sessions(app, nurse, make_person):
    other = Person(app.test_client(), nurse.name)
    other.sign_in()
    assert change_password(nurse, ANOTHER, current="not the password").status_code == 400
    assert other.client.get("/staff/account").status_code == 200
    assert change_password(nurse, ANOTHER).status_code == 303
    assert nurse.client.get("/staff/account").status_code == 200
    assert other.client.get("/staff/account").status_code == 303
    assert other.sign_in(PASSWORD).status_code == 400
    assert other.sign_in(ANOTHER).status_code == 303


def test_it_says_why_a_new_password_will_not_do(nurse):
    assert "15 characters or more" in change_password(nurse, "short").text
    assert "repeats itself" in change_password(nurse, "aaaaaaaaaaaaaaaaaaaa").text
    fields = {"current": PASSWORD, "password": ANOTHER, "again": ANOTHER + "x"}
    assert "differ" in nurse.post("/staff/account/password", "/staff/account", **fields).text


def test_it_slows_guessing_of_the_password_on_an_open_session(nurse, clock):
    for _ in range(10):
        change_password(nurse, ANOTHER, current="not the password")
    assert change_password(nurse, ANOTHER).status_code == 400
    clock.forward(minutes=2)
    assert change_password(nurse, ANOTHER).status_code == 303


def test_it_rejects_a_lead_closed_while_the_form_was_under_way(app, clock, lead, make_person):
    other, nurse = make_person("Lead Two", "lead"), make_person("Nurse One", "nurse")
    other.sign_in()
    context = app.extensions["quizapp"]
    with context.database.reading() as session:
        ids = {account.name: account.id for account in accounts.all_accounts(session)}

    def close_her():
        with context.database.writing() as session:
            accounts.set_disabled(session, ids["Lead Two"], True, clock.now, "Lead One")
            session.commit()

    token = csrf_token(other.client.get("/staff/accounts").text)
    clock.meanwhile = [None, close_her]  # the second look at the clock: she was let in, and has changed nothing yet
    response = other.client.post(f"/staff/accounts/{ids[nurse.name]}/reset", data={"csrf_token": token})
    assert clock.meanwhile == []
    assert (response.status_code, "/staff/link/" in response.text) == (303, False)
    assert response.location.startswith("/staff/login")
    assert nurse.sign_in().status_code == 303


def test_it_lists_ones_own_sessions_and_ends_them_all(app, nurse):
    other = Person(app.test_client(), nurse.name)
    other.sign_in()
    page = nurse.client.get("/staff/account").text
    assert page.count("this one") == 1
    assert page.count("another browser") == 1
    assert nurse.post("/staff/logout-everywhere", "/staff/account").location == "/staff/login"
    for person in (nurse, other):
        assert person.client.get("/staff/account").status_code == 303


def test_it_shows_a_new_link_once_and_the_link_makes_the_account(app, lead):
    page = lead.post("/staff/accounts", "/staff/accounts", name="Nurse One", role="nurse").text
    link = parse(page).one("main code").text.removeprefix(PUBLIC_URL)
    assert link not in lead.client.get("/staff/accounts").text
    nurse = Person(app.test_client(), "Nurse One")
    assert nurse.sign_in().status_code == 400
    page = nurse.client.get(link).text
    assert 'autocomplete="new-password"' in page
    assert 'autocomplete="username"' in page
    fields = {"csrf_token": csrf_token(page), "password": PASSWORD, "again": PASSWORD}
    assert nurse.client.post(link, data=fields).status_code == 303
    assert nurse.client.get("/staff/account").status_code == 200
    assert nurse.client.post(link, data=fields).status_code in (400, 404)


def test_it_resets_an_account_with_a_link_and_ends_its_sessions(lead, nurse):
    page = lead.post("/staff/accounts/2/reset", "/staff/accounts").text
    assert nurse.client.get("/staff/account").status_code == 303
    assert nurse.sign_in().status_code == 400
    link = parse(page).one("main code").text.removeprefix(PUBLIC_URL)
    fields = {"csrf_token": csrf_token(nurse.client.get(link).text), "password": ANOTHER, "again": ANOTHER}
    assert nurse.client.post(link, data=fields).status_code == 303


def test_it_closes_and_opens_an_account(lead, nurse):
    assert lead.post("/staff/accounts/2/disable", "/staff/accounts").status_code == 303
    assert nurse.client.get("/staff/account").status_code == 303
    assert nurse.sign_in().status_code == 400
    assert lead.post("/staff/accounts/2/enable", "/staff/accounts").status_code == 303
    assert nurse.sign_in().status_code == 303


@pytest.mark.parametrize("change", ["reset", "disable"])
def test_it_does_not_let_a_lead_lock_herself_out(lead, change):
    response = lead.post(f"/staff/accounts/1/{change}", "/staff/accounts")
    assert response.status_code == 400
    assert "your own account" in response.text
    assert lead.client.get("/staff/accounts").status_code == 200


@pytest.mark.parametrize(
    ("address", "fields", "status"),
    [
        ("/staff/accounts", {"name": "Nurse One", "role": "owner"}, 400),
        ("/staff/accounts", {"name": "", "role": "nurse"}, 400),
        ("/staff/accounts", {"name": "x" * 5000, "role": "nurse"}, 400),
        ("/staff/accounts", {"name": "a\x00b", "role": "nurse"}, 400),
        ("/staff/accounts/2/promote", {}, 404),
        ("/staff/accounts/99999999999999999999/reset", {}, 404),
        ("/staff/accounts/77/reset", {}, 404),
    ],
)
def test_it_refuses_what_the_page_does_not_offer(lead, address, fields, status):
    assert lead.post(address, "/staff/accounts", **fields).status_code == status


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "${7*7} 'x' \"y\""])
def test_it_shows_names_as_text(lead, name):
    lead.post("/staff/accounts", "/staff/accounts", name=name, role="nurse")
    for address in ("/staff/accounts", "/staff/audit"):
        page = lead.client.get(address).text
        assert name in html.unescape(page)
        assert "<script>alert" not in page


def test_it_says_on_which_day_a_browser_was_last_used(nurse, clock):
    page = nurse.client.get("/staff/account").text
    day = f"{clock.now.day} {clock.now:%B %Y}, {clock.now:%H:%M} UTC"
    assert page.count(f"<td>{day}</td>") == 2


def test_it_says_how_long_a_new_password_must_be(nurse, clock):
    assert "15 characters or more." in nurse.client.get("/staff/account").text
    turn_on_second_factor(nurse, clock)
    page = nurse.client.get("/staff/account").text
    assert "8 characters or more." in page
    assert "15 characters or more." not in page
