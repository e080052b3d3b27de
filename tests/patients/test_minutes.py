"""The minutes that the start page names, against the words of every page on the way."""

from collections import Counter

import pytest
from selectolax.lexbor import LexborHTMLParser

from quizapp.app import create_app
from quizapp.config import Settings, questions_folder
from quizapp.domain.journey import SLOW_WORDS_PER_MINUTE, minutes_to_read, words_to_read
from quizapp.domain.procedure import Procedure
from tests.html import parse
from tests.walking import Patient

WALK = "/p/it-pump"
# Not read on the way: what is pressed, what is folded, and what is for screen readers or paper only.
NOT_READ = "button, a, .visually-hidden, .by-hand, .option input, details:not([open]), summary"

# Words of all pages of a kind, at most: if all is answered right at once, and if every second item is missed at first.
WORDS = {
    "code": (35, 35),
    "lesson": (1030, 1030),
    "question": (640, 750),
    "feedback": (490, 1030),
    "pause": (35, 35),
    "prompts": (250, 250),
    "summary": (70, 220),
}


def words_on(page: str) -> int:
    main = LexborHTMLParser(page).css_first("main")
    for node in main.css(NOT_READ):
        node.decompose()
    return len(main.text(separator=" ").replace("·", " ").split())


@pytest.fixture(params=["en", "es"])
def walk(request, settings):
    """The procedure, a patient on its start page, and whether they miss every second item: call it to walk."""
    app = create_app(
        Settings(instance_path=settings.instance_path, questions_path=questions_folder(), draft_languages=True)
    )
    procedure = app.extensions["quizapp"].editions.current("it-pump").in_language(request.param)

    def to_the_end(missed: set[str]) -> tuple[str, Counter[str]]:
        client = app.test_client()
        client.set_cookie("language", request.param)
        patient, asked, words = Patient(client), [], Counter()
        patient.open(f"{WALK}/")
        start = parse(patient.page).one("main").text
        patient.start(WALK)
        while True:
            words[patient.url.removeprefix(f"{WALK}/").split("/")[0]] += words_on(patient.page)
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


def every_second(procedure: Procedure) -> set[str]:
    return {item.id for item in tuple(procedure.items())[::2]}


def test_it_names_the_minutes_that_a_slow_reader_needs(walk):
    procedure, to_the_end = walk
    for missed, minutes in zip((set(), every_second(procedure)), minutes_to_read(procedure), strict=True):
        start, words = to_the_end(missed)
        assert words_to_read(procedure, missed) == pytest.approx(words.total(), rel=0.03)
        assert str(minutes) in start
        assert abs(minutes - words.total() / SLOW_WORDS_PER_MINUTE) <= 1.5


def test_it_takes_at_most_25_minutes_if_all_is_right_and_35_if_half_is(walk):
    procedure, to_the_end = walk
    for missed, minutes, limit in zip(
        (set(), every_second(procedure)), minutes_to_read(procedure), (25, 35), strict=True
    ):
        _, words = to_the_end(missed)
        assert minutes <= limit
        assert words.total() <= limit * SLOW_WORDS_PER_MINUTE


def test_it_keeps_each_kind_of_page_within_its_words(walk):
    procedure, to_the_end = walk
    _, right = to_the_end(set())
    _, mixed = to_the_end(every_second(procedure))
    assert right.keys() == mixed.keys() == WORDS.keys()
    assert not {kind: n for kind, n in right.items() if n > WORDS[kind][0]}
    assert not {kind: n for kind, n in mixed.items() if n > WORDS[kind][1]}
