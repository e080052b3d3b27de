"""Pages that repeat a claim on which clinics or people differ say so and why, in the real content."""

import re

import pytest

from quizapp import config
from quizapp.app import create_app
from quizapp.config import Settings
from tests.html import parse
from tests.walking import Patient

WALK = "/p/it-pump"


@pytest.fixture
def pages(settings):
    """The lessons and feedback (last two parts of the address -> page) and the summary of an attempt never right."""
    app = create_app(Settings(instance_path=settings.instance_path, questions_path=config.questions_folder()))
    procedure = app.extensions["quizapp"].editions.current("it-pump").in_language("en")
    patient, pages = Patient(app.test_client()), {}
    patient.start(WALK)
    while 'id="journey-done"' not in patient.page:
        if "/question/" in patient.url:
            item = procedure.item(patient.url.split("/")[-1])
            form = item.form(patient.fields("")["form"])
            patient.answer(next(option.id for option in form.options if not option.key))
            pages[tuple(patient.url.split("/")[-2:])] = patient.page
        elif re.search(r'<main.*rel="next".*</main>', patient.page, re.DOTALL):
            patient.next()
        else:
            pages[tuple(patient.url.split("/")[-2:])] = patient.page
            patient.send(patient.url)
    app.extensions["quizapp"].database.dispose()
    return procedure, pages | {"summary": patient.page}


def test_it_says_once_a_page_what_may_differ_and_why(pages):
    procedure, pages = pages
    lessons = {str(number): lesson for number, lesson in enumerate(procedure.lessons, start=1)}
    facts = {"summary": tuple(item.fact for item in procedure.items())}  # none was right, so none is folded
    for kind, name in pages.keys() - {"summary"}:
        if kind == "lesson":
            facts[kind, name] = tuple(fact for block in lessons[name].blocks for fact in block.facts)
        elif kind != "it-pump":  # the prompts
            item = procedure.item(kind)
            facts[kind, name] = (item.fact, *procedure.lesson_of(kind).block(item.block).facts)
    assert len(facts) == 1 + len(procedure.lessons) + sum(item.tries for item in procedure.items())
    for name, shown in facts.items():
        notes = [note.text for note in parse(pages[name]).all(".varies")]
        varying = [procedure.fact(fact) for fact in shown if procedure.fact(fact).varies]
        assert len(notes) == (1 if varying else 0), name
        for note in notes:
            assert all(note.count(fact.varies) == 1 for fact in varying), name
            assert ("different for you" in note) == any(fact.varies_by == "person" for fact in varying), name
            assert ("do this differently" in note) == all(fact.varies_by == "clinic" for fact in varying), name


def test_it_says_what_the_leaflet_leaves_out_apart_from_what_it_says(pages):
    procedure, pages = pages
    summary = parse(pages["summary"])
    gaps = [procedure.fact(item.fact) for item in procedure.items() if procedure.fact(item.fact).kind == "gap"]
    talk = summary.one(".to-talk").text
    said, left_out = talk.split("Not in the leaflet:")
    assert gaps
    assert all(gap.text in left_out and gap.text not in said for gap in gaps)
    assert procedure.limits in summary.one("main").text
