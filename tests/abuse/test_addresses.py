"""Abuse by address, parameter and header: cases 11, 20, 21, 23, 28 and 30."""

import http.client

import pytest
from sqlalchemy import create_engine, inspect

from tests.abuse.cast import CAST
from tests.abuse.conftest import WALK, visit_code
from tests.abuse.made_requests import FORMS, NAMES
from tests.abuse.test_forms import actor_and_ids, app, clock, everything, filled, who_sends
from tests.http_patient import HttpPatient
from tests.staff import Person

__all__ = ["app", "clock"]

MARKUP = (
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'),
    *("{{1234*5678}}", "${1234*5678}", "<%=1234*5678%>"),
)
NOWHERE = (
    *("/.git/HEAD", "/.git/config", "/.env", "/instance/secret-key", "/instance/quizapp.sqlite3", "/quizapp.sqlite3"),
    *("/console", "/debug", "/?__debugger__=yes&cmd=resource&f=style.css", "/server-status", "/static/", "/static"),
    *("/static/../quizapp/app.py", "/static/..%2f..%2finstance/secret-key", "/static/%2e%2e/%2e%2e/etc/passwd"),
    *("/static//etc/passwd", "/static/....//....//etc/passwd", "/static/..%5c..%5cinstance", "/static/%00"),
    *("/static/left-right/../../../etc/passwd", "/static/app.css%00.svg", "/static/left-right/%2fetc%2fpasswd"),
    *("//etc/passwd", "/README.md"),
    *("/requirements.lock", "/questions/it-pump/procedure.toml", "/templates/base.html", "/robots.txt/../.git/HEAD"),
)


def raw(server, path: str) -> tuple[int, str]:
    """Ask for exactly this path, which other clients would tidy up."""
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=20)
    connection.putrequest("GET", path)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, body


def test_case_11_it_takes_a_visit_code_in_no_address(server):
    patient = HttpPatient(server.address)
    patient.open("/")
    patient.step()
    code = visit_code(patient)
    places = ("", "/i", WALK, f"{WALK}/question", f"{WALK}/lesson", f"{WALK}/feedback/bell-place", "/staff")
    for place in places:
        assert patient.request("GET", f"{place}/{code}").status == 404, place
    for path in (f"/?code={code}", f"/staff/find?code={code}", f"/staff/sheet/{code}", f"/staff/?code={code}"):
        status, body = raw(server, path)
        assert status in (200, 303)
        assert "<title>Sheet" not in body
    assert code not in (server.instance / "server.log").read_text()


@pytest.mark.parametrize("words", MARKUP)
def test_case_20_it_gives_nothing_back_as_markup(app, words):
    """Every route with the words in every place, parameter, field and header."""
    browser = app.test_client(use_cookies=False)
    lead = CAST["lead"](app)
    headers = {"Cookie": lead.cookie, "Referer": words, "User-Agent": words, "Accept-Language": words}
    tried = 0
    for rule in app.url_map.iter_rules():
        for path in {filled(rule.rule, {}).replace("{", "").replace("}", ""), rule.rule.replace("<", "").split(":")[0]}:
            query = dict.fromkeys(NAMES, words)
            answers = [browser.get(path, query_string=query, headers=headers), browser.get(f"{path}/{words}")]
            if "POST" in rule.methods and "logout" not in rule.rule:
                data = {"csrf_token": lead.csrf, **dict.fromkeys(FORMS[rule.rule], words)}
                answers.append(browser.post(path, data=data, headers=headers))
            for answer in answers:
                tried += 1
                assert answer.status_code < 500, path
                if answer.mimetype != "text/html":
                    continue
                assert words not in answer.text or "<" not in words, path
                assert str(1234 * 5678) not in answer.text, path
    print(f"{tried} answers")


SQL = (
    *("'", "' OR '1'='1", "1 OR 1=1", "'; DROP TABLE staff; --", "\\", "%"),
    *("') UNION SELECT password_hash FROM staff --",),
)


@pytest.mark.parametrize("rule", sorted(FORMS))
def test_case_21_it_takes_sql_for_what_it_is(app, rule):
    actor, ids = actor_and_ids(app, who_sends(rule))
    browser = app.test_client(use_cookies=False)
    tables = everything(app).keys()
    for words in SQL:
        data = {"csrf_token": actor.csrf, **dict.fromkeys(FORMS[rule], words)}
        headers = {"Cookie": actor.cookie, "User-Agent": words}
        path = filled(rule, ids)
        assert browser.post(path, data=data, headers=headers).status_code < 500
        answer = browser.get("/staff/audit", query_string=dict.fromkeys(NAMES, words), headers={"Cookie": actor.cookie})
        assert answer.status_code < 500
        assert "argon2" not in answer.text
    engine = create_engine(app.extensions["quizapp"].database.url)
    assert set(tables) <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_case_21_it_finds_no_sheet_by_sql(app):
    lead = CAST["lead"](app)
    browser = app.test_client(use_cookies=False)
    for words in SQL:
        data = {"csrf_token": lead.csrf, "code": words}
        answer = browser.post("/staff/find", data=data, headers={"Cookie": lead.cookie})
        assert answer.location.startswith("/staff/find?notice=")


def test_case_23_and_30_it_has_no_file_and_no_debugger_to_show(server):
    secret = (server.instance / "secret-key").read_text()
    for path in NOWHERE:
        status, body = raw(server, path)
        if status == 308:  # doubled slashes are taken for one
            status, body = raw(server, path.replace("//", "/"))
        if path.startswith("/?"):
            assert status == 200
            assert "debugger" not in body.lower().replace("__debugger__", "")
            continue
        assert status == 404, path
        for words in (secret, "root:x:", "Traceback", "werkzeug", "[core]", "CREATE TABLE"):
            assert words not in body, path


def test_case_28_it_leads_to_no_other_host(app):
    """Every redirect is to a path: a forged Host is nowhere in it."""
    browser = app.test_client(use_cookies=False)
    patient, nurse = CAST["patient at the second try"](app), CAST["nurse"](app)
    redirects = 0
    for rule in app.url_map.iter_rules():
        for actor in (patient, nurse, CAST["nobody"](app)):
            for path in (filled(rule.rule, {}), filled(rule.rule, {}).rstrip("/")):
                answer = browser.get(path, headers={"Cookie": actor.cookie, "Host": "evil.example"})
                if answer.location:
                    redirects += 1
                    assert answer.location.startswith("/"), path
                    assert not answer.location.startswith("//"), path
                assert "evil" not in answer.text.replace("https://evil", "") or path.startswith("/staff/"), path
    assert redirects > 20


def test_case_28_it_counts_guesses_wherever_they_say_they_come_from(app, clock):
    from tests.abuse.cast import account

    account(app, "Nurse One", "nurse")
    statuses = []
    for number in range(30):
        stranger = Person(app.test_client(), "Nurse One")
        stranger.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        stranger.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        statuses.append(stranger.sign_in("not the password").status_code)
    assert set(statuses) == {400}
    assert Person(app.test_client(), "Nurse One").sign_in().status_code == 400
    clock.forward(minutes=2)
    assert Person(app.test_client(), "Nurse One").sign_in().status_code == 303
