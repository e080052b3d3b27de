"""Pages that repeat a claim on which clinics differ say so, in the real content."""

import re

import pytest

from quizapp import config
from quizapp.app import create_app
from quizapp.config import Settings
from tests.walking import Patient

WALK = "/p/it-pump"


@pytest.fixture
def pages(settings):
    """Every feedback page (item and try -> page) and the summary ("summary" -> page) of one attempt, never right."""
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
            patient.send(patient.url)
    app.extensions["quizapp"].database.dispose()
    return procedure, pages | {"summary": patient.page}


def test_it_says_where_clinics_differ_on_every_page_that_claims_it(pages):
    procedure, pages = pages
    summary = pages.pop("summary")
    assert len(pages) == sum(item.tries for item in procedure.items())
    for (item_id, try_number), page in pages.items():
        item = procedure.item(item_id)
        shown = (item.fact, *procedure.lesson_of(item_id).block(item.block).facts)
        varies = any(procedure.fact(fact).varies for fact in shown)
        assert page.count('class="varies"') == varies, (item_id, try_number)
    assert any(procedure.fact(item.fact).varies for item in procedure.items())
    assert summary.count('class="varies"') == 1
