"""What happens to content that is broken, and to a second procedure."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from quizapp import config
from quizapp.app import create_app
from quizapp.content.editions import from_snapshot, load_catalogue, make_edition, to_snapshot
from quizapp.content.loading import BrokenContent, render
from quizapp.content.skeletons import new_procedure
from quizapp.web.context import context_of
from tests.builders import make_test_edition
from tests.html import parse

PROCEDURES = Path(__file__).parents[1] / "procedures"


@pytest.fixture
def questions(tmp_path):
    """A copy of the made-up procedure, to be broken."""
    return Path(shutil.copytree(PROCEDURES, tmp_path / "questions"))


def problems_of(questions):
    with pytest.raises(BrokenContent) as caught:
        load_catalogue(questions)
    return [str(problem) for problem in caught.value.problems]


def change(questions, name, old, new):
    file = questions / "left-right" / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_it_serves_a_second_procedure_that_is_only_a_folder(questions):
    shutil.copytree(questions / "left-right", questions / "up-down")
    (questions / "up-down" / "procedure.toml").write_text('id = "up-down"\nleaflet = "Another"\n')
    assert sorted(load_catalogue(questions).editions) == ["left-right", "up-down"]


def test_it_serves_the_rest_if_one_procedure_is_broken_or_has_blanks(questions):
    new_procedure(questions, "stimulator")
    shutil.copytree(questions / "left-right", questions / "up-down")
    (questions / "up-down" / "procedure.toml").write_text("id =")
    catalogue = load_catalogue(questions)
    assert list(catalogue.editions) == ["left-right"]
    assert list(catalogue.broken) == ["stimulator", "up-down"]


def test_it_refuses_to_serve_only_blanks(tmp_path):
    new_procedure(tmp_path, "stimulator")
    assert any("has blanks" in line for line in problems_of(tmp_path))


def test_it_serves_the_last_stored_edition_of_a_broken_procedure(settings, questions):
    shutil.copytree(questions / "left-right", questions / "up-down")
    (questions / "up-down" / "procedure.toml").write_text('id = "up-down"\nleaflet = "Another"\n')
    settings = replace(settings, questions_path=questions)
    before = context_of(create_app(settings)).editions.current("left-right")
    change(questions, "en/facts.toml", "[[facts]]", "[[facts")
    editions = context_of(create_app(settings)).editions
    assert editions.current("left-right") == before
    assert list(editions.catalogue.broken) == ["left-right"]


def test_it_tells_leads_which_procedure_is_broken(app, lead, questions):
    editions = context_of(app).editions
    change(questions, "en/facts.toml", "[[facts]]", "[[facts")
    editions.catalogue = load_catalogue(questions, editions.current)
    page = parse(lead.client.get("/staff/content").text)
    assert "served from its last stored edition" in page.text
    assert "facts.toml" in page.text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('term = "bell"', "term = \u201cbell\u201d", 'this quotation mark is a typographic one; use "'),
        ('term = "bell"', 'term = "bell', "is missing"),
        ('term = "bell"', "term = bell", "words must be between quotation marks"),
        ('term = "bell"', 'term "bell"', 'a line must be NAME = "words"'),
        ("[[terms]]", "[[terms", "close the brackets"),
    ],
)
def test_it_says_the_cure_and_the_line_of_broken_toml(questions, old, new, said):
    change(questions, "en/glossary.toml", old, new)
    (line,) = problems_of(questions)
    assert said in line
    assert "line " in line


def test_it_reports_everything_that_is_broken_at_once_with_file_and_place(questions):
    change(questions, "en/lessons/1-bell.toml", 'fact = "bell-place"', 'fact = "bel-place"')
    change(questions, "en/lessons/2-lamp.toml", "key = true", 'misconception = "nobody"')
    found = problems_of(questions)
    assert any("1-bell.toml: item bell-place: facts.toml has no fact 'bel-place'" in line for line in found)
    assert any("2-lamp.toml: item lamp-place, form a: exactly one option needs key = true" in line for line in found)
    assert any("misconceptions.toml has no 'nobody'" in line for line in found)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("procedure.toml", 'leaflet = "A made-up leaflet for tests"', "", "leaflet: Field required"),
        ("en/facts.toml", "[[facts]]", "[[facts", "not readable as TOML"),
        ("en/facts.toml", "paragraph = 1", 'paragraph = "one"', "facts 1, paragraph: Input should be a valid integer"),
        ("en/glossary.toml", 'term = "bell"', 'term = "bell"\nwho = "me"', "terms 1, who: Extra inputs"),
        ("en/lessons/1-bell.toml", 'id = "b"', 'id = "a"', "two forms have one id"),
        ("en/lessons/1-bell.toml", 'block = "where"', 'block = "there"', "this lesson has no block 'there'"),
        ("en/lessons/1-bell.toml", 'id = "bell-place"', 'id = "lamp-place"', "another item has this id"),
        ("en/lessons/1-bell.toml", 'id = "where"', 'id = "where"\nimage = "no.svg"', "images/ has no 'no.svg'"),
        ("en/lessons/1-bell.toml", 'id = "where"', 'id = "where"\nimage = "../x.svg"', "image: String should match"),
    ],
)
def test_it_says_what_is_broken(questions, name, old, new, said):
    change(questions, name, old, new)
    assert any(said in line for line in problems_of(questions))


def test_it_refuses_a_missing_file_and_an_empty_folder(questions):
    (questions / "left-right" / "en" / "facts.toml").unlink()
    assert any("facts.toml: the file is missing" in line for line in problems_of(questions))
    shutil.rmtree(questions / "left-right")
    assert any("there is no procedure" in line for line in problems_of(questions))


def test_it_refuses_huge_deep_and_binary_files_quickly(questions):
    lessons = questions / "left-right" / "en" / "lessons"
    (lessons / "3-huge.toml").write_bytes(b"#" * 100_000_000)
    (lessons / "4-deep.toml").write_text("a = " + "[" * 10_000 + "]" * 10_000)
    (lessons / "5-binary.toml").write_bytes(b"\xff\xfe\x00")
    found = problems_of(questions)
    assert any("3-huge.toml: larger than" in line for line in found)
    assert any("4-deep.toml: tables nested deeper" in line for line in found)
    assert any("5-binary.toml: byte 0: is not UTF-8" in line for line in found)


def test_it_shows_an_authors_html_links_and_images_as_text():
    html = render("<script>x</script> [a](javascript:b) ![c](d) **bold**")
    assert "<script" not in html
    assert "<a" not in html
    assert "<img" not in html
    assert "<strong>bold</strong>" in html


def test_it_keeps_an_edition_whole_in_its_snapshot():
    edition = make_test_edition()
    assert from_snapshot(to_snapshot(edition)) == edition


def test_it_names_an_edition_by_what_patients_can_see(questions):
    first = load_catalogue(questions).editions["left-right"]
    assert make_edition(first).id == first.id
    change(questions, "en/lessons/1-bell.toml", "Where does the bell hang?", "Where is the bell?")
    assert load_catalogue(questions).editions["left-right"].id != first.id


def test_it_serves_a_procedure_whatever_an_editor_left_in_a_translation(tmp_path):
    shutil.copytree(config.questions_folder() / "it-pump", tmp_path / "it-pump")
    (tmp_path / "it-pump" / "es" / "notes.toml").write_text("to do = [")
    catalogue = load_catalogue(tmp_path)
    assert sorted(catalogue.editions["it-pump"].languages) == ["en", "es"]
    assert catalogue.problems == []
