"""Cases 17 and 18: what changes something takes a form of our own, sent by POST, by the person it was made for."""

import pytest
from sqlalchemy import select

from quizapp.models import Base
from tests.abuse.cast import CAST
from tests.abuse.made_requests import FORMS, PLACES, SEEN
from tests.staff import Clock

# Rows that a look leaves: who looked, and that somebody is still there.
LEFT_BY_LOOKING = {"audit", "staff_session", "throttle"}
BY_RULE = {
    "/p/<procedure_id>/question/<item_id>": "patient at a question",
    "/p/<procedure_id>/prompts": "patient at the prompts",
    "/p/<procedure_id>/": "patient at the start",
    "/staff/recheck": "nurse whose device is with the patient",
    "/staff/hand-back": "nurse whose device is with the patient",
}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def app(settings, clock):
    from quizapp.app import create_app

    app = create_app(settings, clock)
    yield app
    app.extensions["quizapp"].database.dispose()


def who_sends(rule: str) -> str:
    if rule in BY_RULE:
        return BY_RULE[rule]
    if rule.startswith(("/staff/login", "/staff/link", "/i/")):
        return "nobody"
    return "lead" if rule.startswith("/staff") else "patient at the second try"


def everything(app) -> dict[str, list[str]]:
    with app.extensions["quizapp"].database.reading() as session:
        return {
            table.name: sorted(map(str, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_BY_LOOKING
        }


def filled(rule: str, ids: dict[str, str]) -> str:
    places = PLACES | {
        "<token>": "{slip}" if rule.startswith("/i/") else "{link}",
        "<int(max=2147483647):staff_id>": "{account}",
        "<any(reset, disable, enable):change>": "reset",
    }
    for place, value in places.items():
        rule = rule.replace(place, value)
    for name, value in ids.items():
        rule = rule.replace(name, value)
    return rule


def actor_and_ids(app, person):
    """Somebody, and the ids that exist (a nurse's, where the person has seen none)."""
    lead = CAST["lead"](app)
    actor = lead if person == "lead" else CAST[person](app)
    return actor, dict(zip(SEEN, actor.ids or lead.ids, strict=True))


def changed(token):
    """The token with another beginning. Another end may be the same: two bits of its last character mean nothing."""
    return ("B" if token.startswith("A") else "A") + token[1:]


@pytest.mark.parametrize("rule", FORMS)
def test_case_17_it_takes_no_form_but_its_own(app, rule):
    actor, ids = actor_and_ids(app, who_sends(rule))
    other = CAST["patient with the code"](app)
    ended = CAST["signed out"](app)
    before = everything(app)
    path = filled(rule, ids)
    fields = {name: ids.get(value, value) for name, value in FORMS[rule].items()}
    browser = app.test_client(use_cookies=False)
    cookie = {"Cookie": actor.cookie}
    for kind, token, headers in (
        ("none", None, {}),
        ("empty", "", {}),
        ("another person's", other.csrf, {}),
        ("an ended session's", ended.csrf, {}),
        ("changed", changed(actor.csrf), {}),
        ("ours from elsewhere", actor.csrf, {"Origin": "https://evil.example"}),
        ("ours from nowhere", actor.csrf, {"Origin": "null"}),
        ("ours from a broken address", actor.csrf, {"Origin": "http://["}),
    ):
        data = fields | ({} if token is None else {"csrf_token": token})
        assert browser.post(path, data=data, headers=cookie | headers).status_code == 400, kind
    assert everything(app) == before


def test_case_18_it_changes_nothing_by_looking(app):
    """Every address by GET, HEAD, OPTIONS and by methods that pretend, by everybody who is somebody."""
    lead = CAST["lead"](app)
    ids = dict(zip(SEEN, lead.ids, strict=True))
    people = [CAST[name](app) for name in ("nobody", "patient at a question", "patient at the prompts", "nurse")]
    browser = app.test_client(use_cookies=False)
    before = everything(app)
    tried = 0
    for rule in {rule.rule for rule in app.url_map.iter_rules()}:
        for actor in (*people, lead):
            for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
                for override in ({}, {"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "POST"}):
                    if override and method != "GET":
                        continue
                    query = {"_method": "POST", "csrf_token": actor.csrf, **FORMS.get(rule, {})}
                    headers = {"Cookie": actor.cookie, **override}
                    answer = browser.open(filled(rule, ids), method=method, query_string=query, headers=headers)
                    assert answer.status_code < 500, (rule, method)
                    tried += 1
    print(f"{tried} requests that only look")
    assert everything(app) == before
