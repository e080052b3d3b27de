"""The walk as a patient meets it, over HTTP, without a browser."""

import re
import shutil

import pytest
from sqlalchemy import select

from quizapp.app import create_app
from quizapp.models import Attempt, ResponseRow
from tests.html import parse
from tests.walking import WALK, Patient


@pytest.fixture
def patient(client):
    return Patient(client)


def rows(app, column):
    with app.extensions["quizapp"].database.reading() as session:
        return list(session.scalars(select(column)))


def test_it_leads_from_the_start_to_the_summary(patient):
    patient.to_summary(first="left", second="middle")
    assert 'id="journey-done"' in patient.page
    assert "Worth going over" in patient.page
    assert "To talk about with your nurse" in patient.page
    assert "matched" not in patient.page


def test_it_says_what_it_is_and_how_long_it_takes_before_it_begins(patient):
    patient.open("/")
    assert "not a test of you" in patient.page
    assert re.search(r"about \d+( to \d+)?\sminutes", patient.page)
    assert "deleted after 14 days at most" in patient.page


def test_it_shows_the_same_visit_code_at_the_start_and_at_the_end(patient):
    patient.start()
    first = patient.visit_code
    patient.client.get(f"{WALK}/")
    patient.open(f"{WALK}/next")
    patient.send(patient.url)
    patient.send(f"{WALK}/stop")
    assert patient.visit_code == first


def test_it_never_keeps_the_visit_code_or_the_secret(app, patient):
    patient.start()
    code = patient.visit_code
    database = app.extensions["quizapp"].database.file
    data = b"".join(path.read_bytes() for path in database.parent.iterdir())
    assert code.encode() not in data


def test_it_comes_back_to_the_place_where_the_patient_was(patient):
    patient.to_first_question()
    place = patient.url
    patient.open("/")
    patient.next()
    assert patient.url == place


def test_it_asks_for_a_choice_when_none_was_made(patient):
    patient.to_first_question()
    fields = patient.fields("")
    del fields["option"]
    question = patient.url
    patient.send(question, **fields)
    assert patient.url == f"{question}?missing=1"
    assert "<title>Error:" in patient.page
    assert 'href="#option-1"' in patient.page
    patient.answer("left")
    assert "You chose: <strong>On the left side</strong>" in patient.page


def test_it_calmly_shows_what_is_stored_when_answered_again(app, patient):
    patient.to_first_question()
    question, fields = patient.url, patient.fields("left")
    patient.answer("left")
    response = patient.send(question, **{**fields, "option": "right"})
    assert response.status_code == 200
    assert "You chose: <strong>On the left side</strong>" in patient.page
    assert rows(app, ResponseRow.option) == ["left"]


def test_it_sends_skippers_back_to_where_they_are(patient):
    patient.start()
    for ahead in ("lesson/2", "question/lamp-place", "prompts", "summary", "feedback/bell-place/1", "stopped"):
        response = patient.client.get(f"{WALK}/{ahead}")
        assert (response.status_code, response.location) == (303, f"{WALK}/lesson/1"), ahead


def test_it_sends_early_posts_back_and_stores_nothing(app, patient):
    patient.start()
    for url, fields in (
        ("lesson/2", {}),
        ("prompts", {}),
        ("question/lamp-place", {"form": "a", "try": "1", "option": "left", "certainty": "think"}),
    ):
        response = patient.post(f"{WALK}/{url}", **fields)
        assert (response.status_code, response.location) == (303, f"{WALK}/next"), url
    assert patient.client.get(f"{WALK}/next").location == f"{WALK}/lesson/1"
    assert rows(app, ResponseRow.item) == []
    assert rows(app, Attempt.lessons_read) == [0]


@pytest.mark.parametrize(
    "change",
    [
        {"option": "elsewhere"},
        {"form": "z"},
        {"form": "b"},
        {"try": "3"},
        {"try": "2"},
        {"try": "0"},
        {"try": "1e400"},
        {"try": "9223372036854775808"},
        {"certainty": "none"},
        {"certainty": ""},
        {"option": "left\x00"},
        {"option": "dont-know", "form": "zz"},
        {"csrf_token": "no"},
    ],
)
def test_it_refuses_what_the_page_did_not_offer(app, patient, change):
    patient.to_first_question()
    response = patient.post(patient.url, **{**patient.fields("left"), **change})
    assert response.status_code == 400
    assert "Back to where you were" in response.text
    assert rows(app, ResponseRow.item) == []


def test_it_refuses_too_much_and_unreadable_input_with_a_way_on(app, patient):
    patient.to_first_question()
    big = patient.post(patient.url, **patient.fields("x" * 1_000_000))
    assert big.status_code == 413
    bad = patient.client.post(
        patient.url, data=b"option=\xff\xfe&\xff=1", content_type="application/x-www-form-urlencoded"
    )
    assert bad.status_code == 400
    assert "<h1>" in big.text
    assert "<h1>" in bad.text
    assert rows(app, ResponseRow.item) == []


@pytest.mark.parametrize("cookie", ["", "x", "eyJ9.x.y", "a" * 4000])
def test_it_gives_a_fresh_start_for_a_cookie_that_is_not_ours(patient, cookie):
    patient.to_first_question()
    question, fields = patient.url, patient.fields("left")
    patient.client.set_cookie("quizapp", cookie)
    posted = patient.client.post(question, data=fields)
    assert posted.status_code == 400
    assert "To the start" in posted.text
    got = patient.client.get(question)
    assert (got.status_code, got.location) == (303, f"{WALK}/")


def test_it_lets_the_patient_stop_on_every_page_and_go_on(patient):
    patient.to_first_question()
    assert f'action="{WALK}/stop"' in patient.page
    patient.send(f"{WALK}/stop")
    assert "Show this to your nurse" in patient.page
    patient.next()
    assert patient.url.endswith("/question/bell-place")


def test_it_forgets_the_patient_on_this_device_at_the_end(patient):
    patient.to_summary()
    response = patient.post("/clear")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    patient.open(response.location)
    assert 'id="journey-done"' in patient.page
    assert patient.client.get(f"{WALK}/summary").location == f"{WALK}/"


def test_it_makes_a_new_attempt_when_started_again(app, patient):
    patient.to_first_question()
    patient.open("/")
    patient.open(parse(patient.page).link("Start again"))
    assert "new visit code" in patient.page
    assert "answers so far stay with your old code" in patient.page
    patient.send(f"{WALK}/")
    assert patient.open(f"{WALK}/next").status_code == 200
    assert patient.url == f"{WALK}/lesson/1"
    assert len(rows(app, Attempt.id)) == 2


def test_it_begins_one_attempt_when_start_is_pressed_twice(app, patient):
    patient.open("/")
    first = patient.post(f"{WALK}/")
    second = patient.post(f"{WALK}/")
    assert first.location == second.location == f"{WALK}/code"
    assert len(rows(app, Attempt.id)) == 1


def test_it_keeps_the_choice_of_text_size_and_never_leaves_for_another_site(patient):
    patient.open("/")
    response = patient.post("/text-size", size="3", return_path="//evil.example/")
    assert response.location == "/"
    patient.open("/")
    assert 'class="text-3"' in patient.page


def test_it_keeps_the_choice_of_a_dark_page(patient):
    patient.open("/")
    assert patient.post("/theme", theme="purple", return_path="/").status_code == 400
    assert patient.post("/theme", theme="dark", return_path="/privacy").location == "/privacy"
    patient.open("/")
    assert parse(patient.page).one("html")["class"] == "text-1 dark"


@pytest.mark.parametrize(
    "address", ["/nope", "/p/nope/", f"{WALK}/lesson/99", "/static/../quizapp.sqlite3", "/.git/config"]
)
def test_it_has_a_plain_page_for_unknown_addresses(patient, address):
    patient.start()
    response = patient.client.get(address)
    assert response.status_code == 404
    assert "<h1>This page is not here</h1>" in response.text


def test_it_refuses_forms_from_another_site(app, patient):
    patient.open("/")
    for origin in ("https://evil.example", "null"):
        response = patient.client.post(f"{WALK}/", data={}, headers={"Origin": origin})
        assert response.status_code == 400
    assert rows(app, Attempt.id) == []


def test_it_caps_how_many_attempts_begin_in_a_minute(settings):
    from dataclasses import replace

    app = create_app(replace(settings, starts_per_minute=2))
    codes = []
    for _ in range(3):
        patient = Patient(app.test_client())
        patient.open("/")
        codes.append(patient.post(f"{WALK}/").status_code)
    assert codes == [303, 303, 429]
    app.extensions["quizapp"].database.dispose()


def test_its_question_pages_do_not_tell_the_key(settings, tmp_path):
    """Two builds with the key on another option give byte-equal question pages."""
    from dataclasses import replace

    pages = []
    for key_line in ("left", "right"):
        questions = tmp_path / key_line
        shutil.copytree(settings.questions_path, questions)
        lesson = questions / "left-right" / "en" / "lessons" / "1-bell.toml"
        text = lesson.read_text()
        if key_line == "left":
            text = text.replace("key = true", 'misconception = "other-side"', 1)
            text = text.replace('misconception = "other-side"', "key = true", 1)
        lesson.write_text(text)
        app = create_app(replace(settings, questions_path=questions, instance_path=tmp_path / f"instance-{key_line}"))
        patient = Patient(app.test_client())
        patient.to_first_question()
        page = re.sub(r'name="csrf_token" value="[^"]+"', "", patient.page)
        options = sorted(re.findall(r'<div class="option">.*?</div>', re.sub(r"option-\d", "", page)))
        pages.append((re.sub(r"(?s)<fieldset.*?</fieldset>", "", page), options))
        app.extensions["quizapp"].database.dispose()
    assert pages[0] == pages[1]


def test_it_sends_its_protective_headers_with_every_answer(patient):
    for address in ("/", "/nope", f"{WALK}/summary", "/healthz"):
        headers = patient.client.get(address).headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_it_answers_whether_it_is_well(client):
    assert client.get("/healthz").json == {"database": "reachable", "migrations": "current"}


def test_it_says_that_a_page_cannot_be_shown_if_reading_fails(app, client):
    patient = Patient(client)
    patient.to_first_question()
    with app.extensions["quizapp"].database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE attempt RENAME TO attempt_away")
    response = client.get(patient.url)
    assert response.status_code == 503
    assert "We cannot show this page just now" in response.text
    assert "store" not in response.text
