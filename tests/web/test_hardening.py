"""Headers, cookies, hosts, keys and file modes: on every kind of answer."""

import http.client
import re
import stat
from dataclasses import replace

import pytest

from quizapp.accounts import accounts
from quizapp.app import create_app
from tests.html import parse
from tests.serving import LEFT_RIGHT, start_server
from tests.staff import HASH, Person
from tests.walking import WALK, Patient, csrf_token

MUST_HAVE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_app(settings, **changes):
    return create_app(replace(settings, **changes))


def add_lead(app, name="Lead One"):
    with app.extensions["quizapp"].database.writing() as session:
        accounts.add(session, name, "lead").password_hash = HASH
        session.commit()


def every_kind_of_answer(app, base_url="http://localhost"):
    """What it is -> an answer of that kind."""
    client = app.test_client()
    add_lead(app)
    page = client.get("/", base_url=base_url)
    head = parse(page.text).one("head")
    style, icon = head.all("link[rel=stylesheet]")[0]["href"], head.one("link[rel=icon]")["href"]
    script = head.all("script[src]")[0]["src"]
    token = {"csrf_token": csrf_token(page.text)}
    headers = {"Origin": base_url}

    def get(path, **how):
        return client.get(path, base_url=base_url, **how)

    def post(path, data, **how):
        return client.post(path, base_url=base_url, data=data, **({"headers": headers} | how))

    signed_in = post("/staff/login", {**token, "name": "Lead One", "password": "seven green boats on a lake"})
    assert signed_in.status_code == 303
    token = {"csrf_token": csrf_token(get("/staff/account").text)}
    return {
        "page": page,
        "page compressed": get("/", headers={"Accept-Encoding": "gzip"}),
        "head": client.head("/", base_url=base_url),
        "options": client.options("/", base_url=base_url),
        "style": get(style),
        "script": get(script),
        "drawing": get(icon),
        "redirect": post(f"{WALK}/", {**token}),
        "slash added": get(WALK),
        "to the sign-in": app.test_client().get("/staff/", base_url=base_url),
        "sign-in": signed_in,
        "staff page": get("/staff/"),
        "download": post("/staff/audit.csv", token),
        "table": post("/staff/exports", {**token, "format": "xlsx", "procedure": "left-right"}),
        "no token": post(f"{WALK}/", {}),
        "other site": post(f"{WALK}/", token, headers={"Origin": "https://evil.example"}),
        "not here": get("/nope"),
        "no such file": get("/static/nope.css"),
        "not that way": client.put("/", base_url=base_url),
        "too much": post(f"{WALK}/", b"x" * 200_000),
        "health": get("/healthz"),
        "gone": get("/staff/link/nothing"),
    }


EXPECTED = {"redirect": 303, "sign-in": 303, "to the sign-in": 303, "slash added": 308, "no token": 400}
EXPECTED |= {"other site": 400, "not here": 404, "no such file": 404, "gone": 404, "not that way": 405, "too much": 413}


@pytest.mark.parametrize("https", [False, True])
def test_it_sends_the_protective_headers_with_every_kind_of_answer(settings, https):
    app = make_app(settings, https=https)
    answers = every_kind_of_answer(app, "https://localhost" if https else "http://localhost")
    for kind, answer in answers.items():
        assert answer.status_code == EXPECTED.get(kind, 200), kind
        for name, value in MUST_HAVE.items():
            assert answer.headers[name] == value, (kind, name)
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'", kind
        assert "unsafe" not in str(policy), kind
        assert set(policy.values()) <= {"'none'", "'self'"}, kind
        assert all(f"{sensor}=()" in answer.headers["Permissions-Policy"] for sensor in ("camera", "microphone")), kind
        assert ("Strict-Transport-Security" in answer.headers) == https, kind
        assert "Access-Control-Allow-Origin" not in answer.headers, kind
        kept = "immutable" if kind in ("style", "script", "drawing") else "no-store"
        assert kept in answer.headers["Cache-Control"], kind
        if answer.data and kind != "table":
            assert re.search(r"charset=utf-8|^application/json", answer.headers["Content-Type"]), kind
    app.extensions["quizapp"].database.dispose()


def test_it_sends_them_when_everything_is_broken(settings):
    """The database gone, so that not even the error page of staff can be made."""
    app = make_app(settings, https=True)
    client = app.test_client()
    client.set_cookie("__Host-staff", "x")
    context = app.extensions["quizapp"]
    context.database.dispose()
    for file in context.database.file.parent.glob("quizapp.sqlite3*"):
        file.unlink()
    context.database.file.mkdir()
    for path in ("/staff/", "/staff/nope", f"{WALK}/lesson/1", "/i/" + "A" * 27):
        answer = client.get(path, base_url="https://localhost")
        assert answer.status_code in (303, 404, 500, 503), path
        assert answer.headers["Content-Security-Policy"]
        assert answer.headers["Strict-Transport-Security"]
        assert answer.headers["Cache-Control"] == "no-store"
        if answer.status_code >= 500:
            assert re.search(r"[0-9a-f]{8}", answer.text)
            assert "sqlite" not in answer.text.lower()


@pytest.mark.server
def test_it_answers_what_is_no_request_with_nothing_at_all(tmp_path):
    """The server's own refusals have no page, so there is nothing to protect; no words about what it is made of."""
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    try:
        for method, path, headers in (
            ("GET", "/" + "a" * 70_000, {}),
            ("GET", "/", {f"X-{n}": "x" for n in range(500)}),
            ("POST", "/", {"Content-Length": "x"}),
        ):
            connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=20)
            connection.putrequest(method, path)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            assert answer.status in (400, 414, 431)
            assert answer.read() == b""
            assert "Server" not in answer.headers
            connection.close()
    finally:
        server.stop()


def test_its_cookies_belong_to_this_host_over_https(settings):
    app = make_app(settings, https=True, kiosk_minutes=5)
    add_lead(app)
    client = app.test_client()
    base = {"base_url": "https://localhost", "headers": {"Origin": "https://localhost"}}
    token = csrf_token(client.get("/", **base).text)
    fields = {"csrf_token": token, "name": "Lead One", "password": "seven green boats on a lake"}
    answers = [
        client.get("/", **base),
        client.post("/text-size", data={"csrf_token": token, "size": "2"}, **base),
        client.post("/language", data={"csrf_token": token, "language": "en"}, **base),
        client.post(f"{WALK}/", data={"csrf_token": token}, **base),
        client.post("/staff/login", data=fields, **base),
    ]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0] for cookie in cookies}
    assert names == {f"__Host-{name}" for name in ("quizapp", "text-size", "language", "staff", "known-browser")}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain" not in cookie
    assert 'class="text-2"' in client.get("/", **base).text
    app.extensions["quizapp"].database.dispose()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "a b", "[::1]", "evil@localhost"])
def test_it_answers_to_its_own_names_only_where_they_are_set(settings, host):
    app = make_app(settings, trusted_hosts="localhost, quiz.example")
    patient = Patient(app.test_client())
    patient.to_first_question()
    for path in ("/", f"{WALK}/next", "/staff/", "/healthz", "/nope"):
        answer = patient.client.get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert answer.headers["Content-Security-Policy"]
        assert "evil" not in answer.text
    assert patient.client.get("/", headers={"Host": "quiz.example:8443"}).status_code == 200
    app.extensions["quizapp"].database.dispose()


FORWARDED = {"X-Forwarded-Host": "quiz.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.5"}


def new_link(app, **headers):
    """The link that a lead's page shows for a new account."""
    add_lead(app)
    lead = Person(app.test_client(), "Lead One")
    assert lead.sign_in().status_code == 303
    token = csrf_token(lead.client.get("/staff/accounts").text)
    fields = {"csrf_token": token, "name": "Nurse One", "role": "nurse"}
    cookies = lead.client.get("/staff/account").request.headers["Cookie"]
    # The cookies by hand: the client would keep them from another host.
    browser = app.test_client(use_cookies=False)
    page = browser.post("/staff/accounts", data=fields, headers={"Cookie": cookies, **headers}).text
    app.extensions["quizapp"].database.dispose()
    return parse(page).one("main code").text


def test_it_ignores_forwarded_headers_unless_a_proxy_is_set(settings):
    assert new_link(make_app(settings, public_url=""), **FORWARDED).startswith("http://localhost/staff/link/")


def test_it_believes_its_own_proxy_and_not_what_the_visitor_put_before_it(settings):
    forged = FORWARDED | {"X-Forwarded-Host": "evil.example, quiz.example"}
    assert new_link(make_app(settings, proxies=1, public_url=""), **forged).startswith("https://quiz.example/staff/")


def test_it_carries_its_public_address_whatever_host_was_asked_for(settings):
    app = make_app(settings, public_url="https://quiz.example")
    assert new_link(app, Host="evil.example").startswith("https://quiz.example/staff/link/")


def test_it_goes_on_with_cookies_and_codes_of_the_key_before(settings):
    before = make_app(settings, secret_key="the old key")
    patient = Patient(before.test_client())
    patient.start()
    code = patient.visit_code
    patient.next()
    patient.send(patient.url)
    question, fields = patient.url, patient.fields("left")
    token = csrf_token(patient.page)
    before.extensions["quizapp"].database.dispose()

    after = make_app(settings, secret_key="the new key", secret_key_fallbacks="an older key, the old key")
    cookie = patient.client.get_cookie("quizapp")
    patient.client = after.test_client()
    patient.client.set_cookie(cookie.key, cookie.value)
    assert patient.client.post(question, data={"csrf_token": token, **fields}).status_code == 303
    assert code in patient.open(f"{WALK}/code").text
    patient.send(f"{WALK}/stop")
    add_lead(after)
    lead = Person(after.test_client(), "Lead One")
    lead.sign_in()
    assert lead.post("/staff/find", "/staff/", code=code).location.startswith("/staff/sheet/")
    after.extensions["quizapp"].database.dispose()

    without = make_app(settings, secret_key="the new key")
    stranger = without.test_client()
    stranger.set_cookie(cookie.key, cookie.value)
    assert stranger.get(question).location == f"{WALK}/"
    without.extensions["quizapp"].database.dispose()


@pytest.mark.server
def test_it_makes_its_files_for_its_own_account_only(tmp_path):
    data = tmp_path / "data"
    server = start_server(tmp_path / "log", questions_path=str(LEFT_RIGHT), instance_path=str(data))
    made = [data, *data.rglob("*")]
    server.stop()
    made += [path for path in data.rglob("*") if path not in made]
    assert {path.name for path in made} >= {"quizapp.sqlite3", "quizapp.sqlite3-wal", "secret-key"}
    for path in (path for path in made if path.exists()):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
