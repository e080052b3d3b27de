"""Style sheets, scripts and drawings, while one version of the program replaces another."""

import shutil
from dataclasses import replace

from quizapp import config
from quizapp.app import create_app
from tests.conftest import PROCEDURES
from tests.walking import Patient


def test_it_keeps_a_file_for_good_under_the_name_of_its_content(app, client):
    file = app.extensions["quizapp"].static_files["app.css"]
    reply = client.get(file.url)
    assert reply.data == file.plain
    assert "immutable" in reply.headers["Cache-Control"]


def test_it_serves_pages_of_another_version_the_current_file_uncached(app, client):
    reply = client.get("/static/app.0123456789.css")
    assert reply.data == app.extensions["quizapp"].static_files["app.css"].plain
    assert reply.headers["Cache-Control"] == "no-store"
    assert client.get("/static/none.0123456789.css").status_code == 404


def test_it_goes_on_without_a_drawing_that_has_gone_since_the_attempt_began(settings, tmp_path):
    plain, drawn = PROCEDURES, tmp_path / "questions"
    shutil.copytree(plain, drawn)
    lesson = drawn / "left-right" / "en" / "lessons" / "1-bell.toml"
    block = 'heading = "Where it is"\n'
    lesson.write_text(lesson.read_text().replace(block, f'{block}image = "bell.svg"\nalt = "A bell"\n'))
    (drawn / "left-right" / "images").mkdir()
    (drawn / "left-right" / "images" / "bell.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    )

    before = create_app(replace(settings, questions_path=drawn))
    patient = Patient(before.test_client())
    patient.start()
    patient.next()
    assert 'alt="A bell" width="9" height="9"' in patient.page
    before.extensions["quizapp"].database.dispose()
    after = create_app(replace(settings, questions_path=plain))
    browser, cookie = after.test_client(), patient.client.get_cookie("quizapp")
    assert cookie
    browser.set_cookie("quizapp", cookie.value)
    page = browser.get(patient.url)
    assert page.status_code == 200
    assert "<img" not in page.text
    after.extensions["quizapp"].database.dispose()


def test_its_scripts_keep_nothing_in_the_browser_and_make_no_markup():
    scripts = list((config.PACKAGE / "static").glob("*.js"))
    kept = ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "caches.")
    made = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "postMessage")
    assert len(scripts) == 3
    assert [(file.name, word) for file in scripts for word in (*kept, *made) if word in file.read_text()] == []
