"""A translator's words in the source's structure."""

import shutil

import pytest

from quizapp.content.editions import load_catalogue
from tests.conftest import PROCEDURES

SPANISH = {
    "language.toml": 'reviewed_by = ""\nreviewed_on = ""\n',
    "procedure.toml": 'title = "Izquierda y derecha"\nshort = "Dos cosas."\nabout = ["Uno.", "Dos."]\n',
    "facts.toml": '[facts.bell-place]\ntext = "A la derecha."\n[facts.lamp-place]\ntext = "A la izquierda."\n',
    "misconceptions.toml": (
        '[misconceptions.other-side]\nname = "otro lado"\n[misconceptions.in-the-middle]\nname = "medio"\n'
    ),
    "prompts.toml": '[themes.places]\ntitle = "Lugares"\n[prompts.why-there]\ntext = "¿Por qué?"\n',
    "glossary.toml": '[terms.bell]\nterm = "timbre"\nmeaning = "Suena."\n',
    "lessons/1-bell.toml": """
title = "El timbre"
main = "Está a la derecha."
[blocks.where]
heading = "Dónde"
text = "A la **derecha**."
[items.bell-place]
teach_back = "¿Dónde está?"
dont_know = "Está bien."
[items.bell-place.forms.a]
stem = "¿Dónde está el timbre?"
[items.bell-place.forms.a.options]
left = { text = "Izquierda", feedback = "No." }
right = { text = "Derecha", feedback = "Ahí." }
middle = { text = "En medio", feedback = "No." }
[items.bell-place.forms.b]
stem = "¿A qué lado va ella?"
[items.bell-place.forms.b.options]
left = { text = "Izquierda", feedback = "No." }
right = { text = "Derecha", feedback = "Ahí." }
either = { text = "A los dos", feedback = "No." }
""",
    "lessons/2-lamp.toml": """
title = "La lámpara"
main = "Está a la izquierda."
[blocks.where]
heading = "Dónde"
text = "A la izquierda."
[items.lamp-place]
teach_back = "¿Dónde está?"
dont_know = "Está bien."
[items.lamp-place.forms.a]
stem = "¿Dónde está la lámpara?"
[items.lamp-place.forms.a.options]
left = { text = "Izquierda", feedback = "Ahí." }
right = { text = "Derecha", feedback = "No." }
middle = { text = "En medio", feedback = "No." }
""",
}


@pytest.fixture
def questions(tmp_path):
    copied = shutil.copytree(PROCEDURES, tmp_path / "questions")
    for name, text in SPANISH.items():
        file = copied / "left-right" / "es" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return copied


def test_it_puts_the_words_where_the_source_says_and_cannot_move_the_key(questions):
    catalogue = load_catalogue(questions)
    spanish = catalogue.editions["left-right"].in_language("es")
    form = spanish.item("bell-place").forms[0]
    assert (form.stem, form.key.id, form.key.text) == ("¿Dónde está el timbre?", "right", "Derecha")
    assert spanish.lessons[0].blocks[0].html == "<p>A la <strong>derecha</strong>.</p>\n"
    assert spanish.lessons[0].blocks[0].facts == ("bell-place",)


def test_it_is_a_draft_until_somebody_reviewed_it(questions):
    assert load_catalogue(questions).draft_languages["left-right"] == {"es"}
    language = questions / "left-right" / "es" / "language.toml"
    language.write_text('reviewed_by = "a translator"\nreviewed_on = 2026-11-24\n')
    assert load_catalogue(questions).draft_languages["left-right"] == frozenset()


def test_it_does_not_offer_half_a_translation(questions):
    lesson = questions / "left-right" / "es" / "lessons" / "2-lamp.toml"
    lesson.write_text(lesson.read_text().replace("La lámpara", ""))
    assert list(load_catalogue(questions).editions["left-right"].languages) == ["en"]
