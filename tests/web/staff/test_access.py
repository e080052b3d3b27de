"""Who may open every route. A new route fails until it is listed here."""

import re

import pytest
from flask.testing import FlaskClient

ANYONE = {
    "site.index", "site.clear", "site.done", "site.choose_language", "site.choose_text_size", "site.privacy",
    "site.methods",
    "healthz", "static",
    "patient.start", "patient.begin", "patient.code", "patient.feedback", "patient.lesson", "patient.read_lesson",
    "patient.next_step", "patient.pause", "patient.prompts", "patient.finish", "patient.question", "patient.answer",
    "patient.stop", "patient.stopped", "patient.summary",
    "staff.sign_in", "staff.check_sign_in", "staff.link", "staff.use_link",
    "staff.hand_back", "staff.take_back", "staff.recheck", "staff.answer_recheck",
}  # fmt: skip
NURSES = {
    "staff.queue", "staff.account", "staff.change_password", "staff.totp", "staff.turn_on_totp", "staff.totp_qr",
    "staff.turn_off_totp", "staff.exports", "staff.export", "staff.find", "staff.find_sheet", "staff.sign_out",
    "staff.sign_out_everywhere", "staff.sheet", "staff.record_outcomes", "staff.enter_code", "staff.print_sheet",
    "staff.start_recheck", "staff.record_text", "staff.insights",
}  # fmt: skip
LEADS = {
    "staff.accounts", "staff.add_account", "staff.change_account", "staff.audit_log", "staff.audit_export",
}  # fmt: skip
VALUES = {
    "procedure_id": "left-right", "item_id": "bell-place", "try_number": 1, "number": 1, "staff_id": 99,
    "change": "enable", "token": "x" * 43, "attempt_id": "x" * 22, "name": "app.css",
}  # fmt: skip


def guarded_routes(app):
    """(endpoint, method, address) of every route that is not for anyone."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ANYONE:
            continue
        values = {name: VALUES[name] for name in rule.arguments}
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)


def ask(client: FlaskClient, method: str, address: str, app):
    app.config["WTF_CSRF_ENABLED"] = False  # here it is the account that is asked about; CSRF has tests of its own
    return client.open(address, method=method)


def test_it_lists_every_route_here(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} <= ANYONE | NURSES | LEADS


@pytest.mark.parametrize("who", ["nobody", "disabled", "signed out with the old cookie"])
def test_it_sends_those_who_are_not_signed_in_to_sign_in(app, make_person, who):
    client = app.test_client()
    if who != "nobody":
        person = make_person("Nurse One", "nurse")
        person.sign_in()
        client.set_cookie("staff", person.client.get_cookie("staff").value)
        if who == "disabled":
            from sqlalchemy import update

            from quizapp.storage.models import Staff

            with app.extensions["quizapp"].database.writing() as session:
                session.execute(update(Staff).values(disabled=True))
                session.commit()
        else:
            person.post("/staff/logout", "/staff/account")
    for endpoint, method, address in guarded_routes(app):
        response = ask(client, method, address, app)
        assert (response.status_code, endpoint) == (303, endpoint)
        assert response.location.startswith("/staff/login"), endpoint


def test_it_refuses_a_nurse_what_is_for_leads_and_audits_it(app, nurse):
    for endpoint, method, address in guarded_routes(app):
        if endpoint in ("staff.sign_out", "staff.sign_out_everywhere"):
            continue
        status = ask(nurse.client, method, address, app).status_code
        assert (status == 403) == (endpoint in LEADS), (endpoint, status)
        assert status < 500, endpoint
    from sqlalchemy import func, select

    from quizapp.storage.models import Audit

    with app.extensions["quizapp"].database.reading() as session:
        refused = session.scalar(select(func.count()).where(Audit.action == "refused"))
    assert refused == len([1 for endpoint, _, _ in guarded_routes(app) if endpoint in LEADS])


def test_it_opens_everything_to_a_lead(app, lead):
    for endpoint, method, address in guarded_routes(app):
        if endpoint in ("staff.sign_out", "staff.sign_out_everywhere"):
            continue
        status = ask(lead.client, method, address, app).status_code
        assert status != 403, endpoint
        assert status < 500, endpoint


def test_it_shows_one_body_for_a_guessed_sheet_and_an_unknown_address(nurse):
    guessed, unknown = nurse.client.get(f"/staff/sheet/{'x' * 22}"), nurse.client.get("/staff/nope")
    assert guessed.status_code == unknown.status_code == 404

    tokens = re.compile(r'value="[^"]*"')
    assert tokens.sub("", guessed.text) == tokens.sub("", unknown.text)
