"""Abuse case 27: requests that hypothesis makes up, against every route, by everybody, on both databases."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, seed, settings

from quizapp.app import create_app
from quizapp.config import Settings
from tests.abuse.cast import CAST, Actor
from tests.abuse.made_requests import FORMS, environ, requests
from tests.conftest import PROCEDURES

FRESH_EVERY = 25  # requests after which a person is made anew: signed in again, back at the same place
MUST_HAVE = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control")
TOTAL: Counter[str] = Counter()


@pytest.fixture
def app(tmp_path, database_url):
    app = create_app(
        Settings(
            instance_path=tmp_path / "instance",
            questions_path=PROCEDURES,
            secret_key="a key for tests",
            database_url=database_url,
            starts_per_minute=10**9,
        )
    )
    yield app
    app.extensions["quizapp"].database.dispose()


def send(app, made, actor: Actor) -> tuple[int, dict[str, str], bytes]:
    """The application's whole answer, as the server would ask for it."""
    answer: list[object] = []
    closing = app.wsgi_app(environ(made, actor), lambda status, headers, *_: answer.extend((status, headers)))
    body = b"".join(closing)
    if hasattr(closing, "close"):
        closing.close()
    status, headers = answer
    return int(str(status).split()[0]), dict(headers), body


def attack(app, person: str, count: int) -> None:
    actor = CAST[person](app)
    sent = 0

    @seed(27)
    @settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    @given(requests(app))
    def one(made) -> None:
        nonlocal sent, actor
        if sent % FRESH_EVERY == 0:
            actor = CAST[person](app)
        sent += 1
        status, headers, body = send(app, made, actor)
        TOTAL[f"{status // 100}xx"] += 1
        assert status < 500, str(made)
        assert all(headers.get(name) for name in MUST_HAVE), str(made)
        assert b"Traceback" not in body

    one()
    print(f"{person}: {sent} made-up requests, none answered with a 5xx; all so far by status: {dict(TOTAL)}")
    assert sent >= count


def test_case_27_it_knows_the_form_of_every_route(app):
    assert {rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods} == set(FORMS)


@pytest.mark.parametrize("person", CAST)
def test_case_27_it_never_breaks_on_made_up_requests(app, person):
    attack(app, person, 50)


@pytest.mark.full
@pytest.mark.parametrize("person", CAST)
def test_case_27_it_never_breaks_on_many_made_up_requests(app, person):
    attack(app, person, 1_900)
