"""Case 19: an author's words and staff's names are text, on every page, print and export."""

import html
import re
import shutil
from dataclasses import replace

import pytest

from quizapp.app import create_app
from tests.abuse.cast import CAST, account
from tests.conftest import PROCEDURES
from tests.staff import Person
from tests.walking import WALK, Patient, csrf_token

# Harmless as text; as markup it would make an element, run a script, or end the attribute that it stands in.
HOSTILE = "<script>alert(1)</script><b onclick=alert(2)>'{{7*7}}"
WORDS = re.compile(
    r'^(title|short|main|heading|text|stem|teach_back|dont_know|feedback|name|term|meaning|statement) = "', re.MULTILINE
)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The made-up procedure, with hostile words at the start of every text in it."""
    folder = tmp_path_factory.mktemp("markup")
    questions = folder / "questions"
    shutil.copytree(PROCEDURES, questions)
    for file in questions.rglob("*.toml"):
        file.write_text(WORDS.sub(lambda found: f"{found[0]}{HOSTILE} ", file.read_text()))
    from quizapp.config import Settings

    settings = Settings(
        instance_path=folder / "instance",
        questions_path=questions,
        secret_key="a key for tests",
        public_url="https://clinic.example",
    )
    app = create_app(replace(settings, starts_per_minute=10**6))
    yield app
    app.extensions["quizapp"].database.dispose()


def is_text(page: str) -> bool:
    is_computed = re.search(r"[>']49\b", page)  # of 7 times 7; a number may begin like that
    return "<script>alert" not in page and "<b onclick" not in page and is_computed is None


def test_case_19_it_shows_an_authors_words_as_text_all_the_way(app):
    patient = Patient(app.test_client())
    pages = {}

    def note() -> None:
        pages[patient.url] = patient.page
        assert is_text(patient.page), patient.url

    patient.start()
    note()
    patient.next()
    note()
    patient.send(patient.url)
    note()
    patient.answer("left")
    note()
    patient.next()
    patient.answer("right")
    note()
    for _ in range(2):
        patient.next()
        note()
    patient.send(patient.url)
    patient.answer("left")
    patient.next()
    note()
    patient.send(patient.url, prompts="why-there")
    note()
    assert 'id="journey-done"' in patient.page
    assert sum(HOSTILE in html.unescape(page) for page in pages.values()) >= 7
    for path in ("/", "/privacy", "/methods", f"{WALK}/"):
        patient.open(path)
        note()


def test_case_19_it_shows_them_as_text_to_staff(app):
    context = app.extensions["quizapp"]
    account(app, HOSTILE, "lead")
    lead = Person(app.test_client(), HOSTILE)
    assert lead.sign_in().status_code == 303
    actor = CAST["lead"](app)
    patient = Patient(app.test_client())
    patient.to_summary(first="left", second="middle")
    sheet = lead.post("/staff/find", "/staff/", code=patient.visit_code).location
    paths = [sheet, f"{sheet}/print", f"{sheet}/record", "/staff/", "/staff/?list=open", "/staff/insights"]
    paths += ["/staff/audit", "/staff/accounts", "/staff/account"]
    paths += ["/staff/content", "/staff/content/left-right/1", "/staff/exports"]
    paths += ["/staff/exports/report", "/staff/invitations", "/staff/poster/left-right", "/staff/account/second-factor"]
    shown = 0
    for path in paths:
        answer = lead.client.get(path)
        assert answer.status_code in (200, 400), path
        assert is_text(answer.text), path
        shown += HOSTILE in html.unescape(answer.text)
    assert shown >= 10
    started = lead.client.post(f"{sheet}/recheck", data={"csrf_token": csrf_token(lead.client.get(sheet).text)})
    assert started.location == "/staff/recheck"
    for path in ("/staff/recheck", "/staff/hand-back"):
        assert is_text(lead.client.get(path).text), path
    assert actor.ids
    assert context.editions.current("left-right") is not None
