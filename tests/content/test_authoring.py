"""What an author gets: skeletons, coverage, sign-off, preview."""

import shutil

import pytest

from quizapp.content.editions import load_catalogue
from quizapp.content.skeletons import CannotWrite, new_item, new_lesson, new_procedure
from quizapp.domain.approval import ApprovalState
from quizapp.domain.coverage import coverage, unused_places
from quizapp.preview import make_preview_app
from tests.conftest import PROCEDURES
from tests.html import parse


def test_it_writes_a_procedure_that_loads_at_once_and_grows_by_lessons_and_items(tmp_path):
    new_procedure(tmp_path, "stimulator")
    (lesson,) = new_lesson(tmp_path / "stimulator", "second")
    new_item(lesson, "another")
    procedure = load_catalogue(tmp_path, allow_blanks=True).editions["stimulator"].in_language("en")
    assert [item.id for item in procedure.items()] == ["first-item", "second-item", "another"]


@pytest.mark.parametrize("name", ["", "Has Capitals", "../up", "1st"])
def test_it_writes_nothing_under_a_name_that_is_no_id(tmp_path, name):
    with pytest.raises(CannotWrite):
        new_procedure(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_it_never_writes_over_what_is_there(tmp_path):
    new_procedure(tmp_path, "stimulator")
    with pytest.raises(CannotWrite, match="already"):
        new_procedure(tmp_path, "stimulator")
    (lesson,) = new_lesson(tmp_path / "stimulator", "second")
    for again in (lambda: new_lesson(tmp_path / "stimulator", "second"), lambda: new_item(lesson, "second-item")):
        with pytest.raises(CannotWrite, match="already"):
            again()


def test_it_shows_where_each_fact_is_taught_and_tested():
    procedure = load_catalogue(PROCEDURES).editions["left-right"].in_language("en")
    rows = {row.fact.id: (row.taught_in, row.tested_by, row.standing) for row in coverage(procedure)}
    assert rows == {
        "bell-place": ((1,), ("bell-place",), "critical"),
        "lamp-place": ((2,), ("lamp-place",), "tested"),
    }
    assert unused_places(procedure) == ()


def test_it_knows_which_lessons_are_approved_as_they_stand(tmp_path):
    questions = shutil.copytree(PROCEDURES, tmp_path / "questions")
    folder = questions / "left-right"
    before = load_catalogue(questions).approvals["left-right"]
    assert {approval.state for approval in before} == {ApprovalState.NEVER}
    (folder / "approvals.toml").write_text(
        f'[lessons.bell]\napproved_by = "lead nurse"\napproved_on = 2026-11-24\nof = "{before[0].of}"\n'
    )
    assert load_catalogue(questions).approvals["left-right"][0].state is ApprovalState.APPROVED
    lesson = folder / "en" / "lessons" / "1-bell.toml"
    lesson.write_text(lesson.read_text().replace("That is fine.", "That is all right."))
    assert load_catalogue(questions).approvals["left-right"][0].state is ApprovalState.CHANGED


def test_it_reloads_an_open_preview_when_a_file_changes():
    client = make_preview_app(PROCEDURES).test_client()
    (script,) = parse(client.get("/preview/left-right/1").text).all("script")
    assert 'fetch("/preview/version")' in client.get(script["src"]).text


def test_it_previews_every_lesson_and_shows_what_is_broken_until_it_is_fixed(tmp_path):
    questions = shutil.copytree(PROCEDURES, tmp_path / "questions")
    client = make_preview_app(questions).test_client()
    page = client.get("/preview/left-right/1").text
    assert "thinks it is on the other side" in page
    assert "the leaflet’s answer" in page
    version = client.get("/preview/version").json
    lesson = questions / "left-right" / "en" / "lessons" / "1-bell.toml"
    text = lesson.read_text()
    lesson.write_text(text.replace("[[items]]", "[[items", 1))
    assert client.get("/preview/version").json != version
    assert "not readable as TOML" in client.get("/preview/left-right/1").text
    lesson.write_text(text.replace("The bell is on the right.", "The bell is right here."))
    assert "The bell is right here." in client.get("/preview/left-right/1").text


def test_it_previews_a_skeleton(tmp_path):
    new_procedure(tmp_path, "stimulator")
    assert make_preview_app(tmp_path).test_client().get("/preview/stimulator/1").status_code == 200
