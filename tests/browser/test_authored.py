"""A second procedure, written with the author's tools alone, checked and walked through."""

import pytest
from playwright.sync_api import Browser

from tests import stimulator
from tests.browser.conftest import follow
from tests.serving import start_server


@pytest.fixture
def questions(tmp_path):
    folder = tmp_path / "questions"
    folder.mkdir()
    stimulator.write(folder)
    return folder


def test_it_passes_every_check_once_the_blanks_are_filled(questions):
    checked = stimulator.quizapp(questions, "check")
    assert (checked.returncode, checked.stdout.splitlines()[0]) == (0, f"{stimulator.NAME}: 0 findings")


def test_it_names_each_blank_of_a_new_language_and_nothing_else(questions):
    assert stimulator.quizapp(questions, "new", "language", stimulator.NAME, "es").returncode == 0
    checked = stimulator.quizapp(questions, "check", "--json")
    assert checked.returncode == 1
    assert '"rule": "translation-complete"' in checked.stdout
    assert checked.stdout.count('"rule"') == checked.stdout.count('"rule": "translation-complete"')
    assert stimulator.quizapp(questions, "coverage").returncode == 0


def test_it_can_be_walked_through_in_the_browser(browser: Browser, questions, tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(questions))
    page = browser.new_page()
    page.goto(f"{server.address}/")
    follow(page, "main form button")
    follow(page, "main a[rel=next]")
    follow(page, "main form:last-of-type button")
    page.check("input[value=right]")
    follow(page, "button[value=think]")
    assert page.inner_text("h1") == "That is right"
    follow(page, "main a[rel=next]")
    follow(page, "main form button")
    assert page.query_selector("#journey-done")
    page.close()
    server.stop()
