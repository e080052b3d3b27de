"""Who may open which address. Every route of the application is listed here, or the tests fail."""

import pytest

from quizapp.accounts import accounts, sessions
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.models import Staff
from tests.conftest import PROCEDURES
from tests.walking import csrf_token

EVERYONE, NURSES, LEADS = "everyone", "nurses and leads", "leads"

WHO_MAY_OPEN = {
    "site.index": EVERYONE,
    "site.clear": EVERYONE,
    "site.done": EVERYONE,
    "site.still_there": EVERYONE,
    "site.forgotten": EVERYONE,
    "site.privacy": EVERYONE,
    "site.methods": EVERYONE,
    "site.choose_language": EVERYONE,
    "site.choose_text_size": EVERYONE,
    "site.choose_theme": EVERYONE,
    "site.touch": EVERYONE,
    "site.use_code": EVERYONE,
    "healthz": EVERYONE,
    "metrics": EVERYONE,
    "static": EVERYONE,
    "site.invitation": EVERYONE,
    "site.open_invitation": EVERYONE,
    "patient.start": EVERYONE,
    "patient.begin": EVERYONE,
    "patient.start_again": EVERYONE,
    "patient.code": EVERYONE,
    "patient.next_step": EVERYONE,
    "patient.lesson": EVERYONE,
    "patient.read_lesson": EVERYONE,
    "patient.question": EVERYONE,
    "patient.answer": EVERYONE,
    "patient.feedback": EVERYONE,
    "patient.pause": EVERYONE,
    "patient.prompts": EVERYONE,
    "patient.finish": EVERYONE,
    "patient.stop": EVERYONE,
    "patient.stopped": EVERYONE,
    "patient.summary": EVERYONE,
    "staff.sign_in": EVERYONE,
    "staff.check_sign_in": EVERYONE,
    "staff.link": EVERYONE,
    "staff.use_link": EVERYONE,
    "staff.sign_out": NURSES,
    "staff.sign_out_everywhere": NURSES,
    "staff.idle": NURSES,
    "staff.touch": NURSES,
    "staff.keep": EVERYONE,
    "staff.send_again": NURSES,
    "staff.account": NURSES,
    "staff.change_password": NURSES,
    "staff.totp": NURSES,
    "staff.totp_qr": NURSES,
    "staff.turn_on_totp": NURSES,
    "staff.turn_off_totp": NURSES,
    "staff.queue": NURSES,
    "staff.find": NURSES,
    "staff.find_sheet": NURSES,
    "staff.sheet": NURSES,
    "staff.record_outcomes": NURSES,
    "staff.stop_for_patient": NURSES,
    "staff.enter_code": NURSES,
    "staff.print_sheet": NURSES,
    "staff.record_text": NURSES,
    "staff.start_recheck": NURSES,
    "staff.recheck": NURSES,
    "staff.answer_recheck": NURSES,
    "staff.hand_back": NURSES,
    "staff.take_back": NURSES,
    "staff.invite": NURSES,
    "staff.make_invitations": NURSES,
    "staff.poster": NURSES,
    "staff.insights_page": NURSES,
    "staff.see_alarm": LEADS,
    "staff.exports_page": NURSES,
    "staff.export": NURSES,
    "staff.report_page": NURSES,
    "staff.internal_report": LEADS,
    "staff.accounts": LEADS,
    "staff.add_account": LEADS,
    "staff.change_account": LEADS,
    "staff.content": LEADS,
    "staff.preview": LEADS,
    "staff.audit_log": LEADS,
    "staff.audit_export": LEADS,
    "staff.confirm_clock": LEADS,
}
PEOPLE = ("nobody", "nurse", "lead", "disabled", "signed out")
LET_IN = {
    EVERYONE: PEOPLE,
    NURSES: ("nurse", "lead"),
    LEADS: ("lead",),
}
PLACES = {
    "procedure_id": "left-right",
    "item_id": "nothing",
    "try_number": 1,
    "number": 1,
    "attempt_id": "nothing",
    "staff_id": 999,
    "change": "reset",
    "token": "nothing",
    "name": "app.css",
    "edition_id": "nothing",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("access")
    app = create_app(Settings(instance_path=folder, questions_path=PROCEDURES, secret_key="a key for tests"))
    yield app
    app.extensions["quizapp"].database.dispose()


@pytest.fixture(scope="module")
def ids(app):
    """The ids of a nurse, a lead and one who is disabled with a session still in the table."""
    with app.extensions["quizapp"].database.writing() as session:
        made = {
            name: accounts.add(session, name, "lead" if name != "nurse" else "nurse").id
            for name in ("nurse", "lead", "disabled", "signed out")
        }
        session.commit()
    return made


@pytest.fixture
def browser_of(app, ids):
    """Gives a browser of one of PEOPLE, with the cookie that it would have."""

    def browser(person):
        client = app.test_client()
        if person == "nobody":
            return client
        context = app.extensions["quizapp"]
        now = context.clock()
        with context.database.writing() as session:
            account = session.get(Staff, ids[person])
            account.disabled = False
            token = sessions.start(session, account.id, now)
            if person == "disabled":
                account.disabled = True
            if person == "signed out":
                sessions.end(session, sessions.token_hash(token))
            session.commit()
        client.set_cookie("staff", token)
        return client

    return browser


def rules(app):
    """Every listed rule, with each of its methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint in WHO_MAY_OPEN
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def open_as(app, client, rule, method):
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(
            rule.endpoint, {name: PLACES[name] for name in rule.arguments}, method=method
        )
    if method == "GET":
        return client.get(url)
    return client.post(url, data={"csrf_token": csrf_token(client.get("/privacy").text)})


def outcome(response):
    """What the visitor met: the sign-in page, a refusal, or the page itself (which may say "not here")."""
    if response.status_code == 303 and response.location.startswith("/staff/login"):
        return "sign in first"
    return "refused" if response.status_code == 403 else "let in"


def test_it_lists_every_route_and_no_other(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(WHO_MAY_OPEN)


def test_it_knows_only_get_and_post(app):
    assert {method for rule in app.url_map.iter_rules() for method in rule.methods} <= {
        "GET",
        "HEAD",
        "OPTIONS",
        "POST",
    }


@pytest.mark.parametrize("person", PEOPLE)
def test_it_lets_each_person_open_what_the_list_says_and_nothing_else(app, browser_of, person):
    wrong = []
    for rule, method in rules(app):
        response = open_as(app, browser_of(person), rule, method)
        if response.status_code >= 500:
            wrong.append((rule.rule, method, response.status_code))
        if rule.endpoint in ("staff.sign_out", "staff.sign_out_everywhere"):
            expected = "sign in first"  # where it leads in any case
        elif person in LET_IN[WHO_MAY_OPEN[rule.endpoint]]:
            expected = "let in"
        else:
            expected = "refused" if person == "nurse" else "sign in first"
        if outcome(response) != expected:
            wrong.append((rule.rule, method, outcome(response)))
    assert wrong == []


@pytest.mark.parametrize("person", ["nobody", "disabled", "signed out"])
def test_it_shows_nothing_on_the_way_to_sign_in(browser_of, person):
    response = browser_of(person).get("/staff/accounts")
    assert response.location == "/staff/login?next=/staff/accounts"
    assert "lead" not in response.text.replace("/staff/login", "")


def test_it_notes_who_was_refused_and_where(browser_of):
    browser_of("nurse").get("/staff/accounts")
    page = browser_of("lead").get("/staff/audit?action=refused").text
    assert "staff.accounts" in page


def test_it_changes_nothing_by_get_or_by_an_overriding_header(browser_of):
    lead = browser_of("lead")
    for header in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        response = lead.get("/staff/logout", headers={header: "POST"})
        assert response.status_code == 405
        assert lead.get("/staff/account").status_code == 200


def test_it_offers_to_sign_out_on_every_page(app, browser_of):
    lead, seen = browser_of("lead"), 0
    for rule in app.url_map.iter_rules():
        if WHO_MAY_OPEN[rule.endpoint] == EVERYONE or "GET" not in (rule.methods or ()) or rule.arguments:
            continue
        response = lead.get(rule.rule)
        if response.status_code == 200 and response.mimetype == "text/html":
            assert 'action="/staff/logout"' in response.text, rule
            seen += 1
    assert seen > 8
