"""The minutes that the start page names, against the words of every page on the way."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from quizapp.app import create_app
from quizapp.config import Settings, questions_folder
from quizapp.domain.journey import SLOW_WORDS_PER_MINUTE, minutes_to_read, words_to_read
from tests.html import parse
from tests.walking import Patient

WALK = "/p/it-pump"
# Not read on the way: what is pressed, what is folded, and what is for screen readers or paper only.
NOT_READ = "button, a, .visually-hidden, .by-hand, .option input, details:not([open]), summary"


def words_on(page: str) -> int:
    main = LexborHTMLParser(page).css_first("main")
    for node in main.css(NOT_READ):
        node.decompose()
    return len(main.text(separator=" ").replace("·", " ").split())


@pytest.fixture(params=["en", "es"])
def walk(request, settings):
    """The procedure, a patient on its start page, and whether they miss every second item: call it to walk."""
    app = create_app(
        Settings(
            instance_path=settings.instance_path, questions_path=questions_folder(), draft_languages=True
        )
    )
    procedure = app.extensions["quizapp"].editions.current("it-pump").in_language(request.param)

    def to_the_end(missed: set[str]) -> tuple[str, int]:
        client = app.test_client()
        client.set_cookie("language", request.param)
        patient, asked, words = Patient(client), [], 0
        patient.open(f"{WALK}/")
        start = parse(patient.page).one("main").text
        patient.start(WALK)
        while True:
            words += words_on(patient.page)
            if parse(patient.page).has("#journey-done"):
                return start, words
            if "/question/" in patient.url:
                item = procedure.item(patient.url.split("/")[-1])
                form = item.form(patient.fields("")["form"])
                is_missed = item.id in missed and item.id not in asked
                asked.append(item.id)
                patient.answer(next(option.id for option in form.options if option.key != is_missed))
            elif parse(patient.page).has("main a[rel=next]"):
                patient.next()
            else:
                patient.send(patient.url)

    yield procedure, to_the_end
    app.extensions["quizapp"].database.dispose()


def test_it_names_the_minutes_that_a_slow_reader_needs(walk):
    procedure, to_the_end = walk
    every_second = {item.id for item in tuple(procedure.items())[::2]}
    for missed, minutes in zip(((), every_second), minutes_to_read(procedure), strict=True):
        start, counted = to_the_end(missed)
        print(procedure.language, len(missed), counted, words_to_read(procedure, missed), minutes)
        assert words_to_read(procedure, missed) == pytest.approx(counted, rel=0.03)
        assert str(minutes) in start
        assert abs(minutes - counted / SLOW_WORDS_PER_MINUTE) <= 1.5
