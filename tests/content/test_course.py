"""What the shipped lessons on the pump may be relied on to say, and to leave unsaid."""

import re

import pytest

from quizapp import config
from quizapp.content.editions import load_catalogue
from quizapp.content.loading import render
from quizapp.domain.procedure import Block, Form, Lesson, Procedure, Term

LANGUAGES = load_catalogue(config.questions_folder()).editions["it-pump"].languages
ENGLISH, SPANISH = LANGUAGES["en"], LANGUAGES["es"]
WORD = re.compile(r"\w+(?:['’-]\w+)*")
in_each_language = pytest.mark.parametrize("course", LANGUAGES.values(), ids=list(LANGUAGES))


def lesson_of(course: Procedure, lesson_id: str) -> Lesson:
    return next(lesson for lesson in course.lessons if lesson.id == lesson_id)


def forms(course: Procedure) -> list[Form]:
    return [form for item in course.items() for form in item.forms]


def everything(course: Procedure) -> str:
    """All words that a patient may read, in small letters."""
    texts = [course.title, course.short, *course.about, course.limits]
    for lesson in course.lessons:
        texts += [lesson.words, *(f"{block.alt} {block.caption}" for block in lesson.blocks)]
        for item in lesson.items:
            texts.append(item.dont_know)
            for form in item.forms:
                texts += [form.stem, *(f"{option.text} {option.feedback}" for option in form.options)]
    texts += [f"{fact.text} {fact.varies}" for fact in course.facts]
    texts += [prompt.text for prompt in course.prompts()] + [f"{term.term} {term.meaning}" for term in course.terms]
    return " ".join(" ".join(texts).split()).lower()


@pytest.mark.parametrize("said", ["by itself", "make sure", "trabaje sola", "asegurarse", "second step"])
def test_it_promises_nothing_that_the_leaflet_does_not(said):
    assert not any(said in everything(course) for course in LANGUAGES.values())


@in_each_language
def test_it_asks_for_what_the_leaflet_says_if_clinics_differ(course):
    for item in course.items():
        if course.fact(item.fact).varies:
            for form in item.forms:
                assert "leaflet" in form.stem or "folleto" in form.stem, (item.id, form.id)


def test_it_marks_what_clinics_do_differently_and_what_differs_in_people():
    kinds = {fact.id: fact.varies_by for fact in ENGLISH.facts if fact.varies}
    clinics = """an-option most-have-trial trial-length trial-purpose trial-pump-outside trial-catheter second-visit
        outpatient two-visits on-stomach numb-skin programmed dose-through-day daily-release stored-data take-it-easy
        usual-activities lasting-pump-inside battery-place battery-life pump-medicine"""
    people = "crps-name crps-progressive one-300th less-by-mouth fewer-side-effects very-successful instant-benefit"
    assert {kinds.get(fact) for fact in clinics.split()} == {"clinic"}
    assert {kinds.get(fact) for fact in people.split()} == {"person"}


def test_it_says_in_the_patient_s_language_why_a_fact_may_differ():
    reasons = [(fact.varies, SPANISH.fact(fact.id).varies) for fact in ENGLISH.facts if fact.varies]
    assert reasons
    assert all(spanish and spanish != english for english, spanish in reasons)


def test_it_teaches_that_the_leaflet_is_silent_on_the_thin_tube_coming_out():
    blocks = [block for block in lesson_of(ENGLISH, "trial").blocks if "gap-tube-removal" in block.facts]
    assert ["taken out" in block.text for block in blocks] == [True]


def test_it_sends_people_to_their_team_before_they_change_a_medicine():
    (block,) = (block for block in lesson_of(ENGLISH, "why").blocks if "less-by-mouth" in block.facts)
    assert "The leaflet says" in block.text
    assert "Ask your team before you change" in " ".join(block.text.split())


@in_each_language
def test_it_asks_nothing_about_the_battery(course):
    asked = " ".join(
        f"{form.stem} {option.text} {option.feedback}" for form in forms(course) for option in form.options
    )
    assert not re.search(r"batter|bater", asked)


def test_it_offers_the_questions_that_a_clinic_answers_first():
    prompts = {prompt.id for prompt in ENGLISH.prompts()}
    assert prompts >= {
        "whom-to-call",
        "watch-out",
        "tube-removal",
        "how-likely",
        "which-medicine",
        "my-tablets",
        "say-no",
    }
    assert next(ENGLISH.prompts()).id == "whom-to-call"


@in_each_language
def test_it_gives_each_drawing_a_caption_and_a_description(course):
    blocks = [block for lesson in course.lessons for block in lesson.blocks if block.image]
    assert len(blocks) == 5
    assert all(block.caption and len(WORD.findall(block.alt)) >= 20 for block in blocks)


def test_it_retries_the_second_visit_and_not_the_size_of_the_dose():
    critical = [item.id for item in ENGLISH.items() if item.critical]
    assert len(critical) == 7
    assert "gap-second-visit" in critical
    assert "smaller-dose" not in critical


@in_each_language
@pytest.mark.parametrize("sign", [1, -1], ids=["longest", "shortest"])
def test_it_cannot_be_guessed_by_the_length_of_the_options(course, sign):
    hits = 0.0
    for form in forms(course):
        best = max(sign * len(option.text) for option in form.options)
        chosen = [option for option in form.options if sign * len(option.text) == best]
        hits += sum(option.key for option in chosen) / len(chosen)
    chance = sum(1 / len(form.options) for form in forms(course))
    assert abs(hits - chance) <= 1.5


@in_each_language
def test_it_gives_no_belief_twice_in_a_form_of_three(course):
    for form in forms(course):
        beliefs = [option.misconception for option in form.options if not option.key]
        assert len(form.options) == 4 or len(set(beliefs)) == len(beliefs), form.stem


@in_each_language
def test_it_keeps_lessons_short(course):
    for lesson in course.lessons:
        assert 50 <= sum(len(WORD.findall(block.text)) for block in lesson.blocks) <= 100, lesson.id


def test_it_calls_the_illness_and_the_team_by_their_spanish_names():
    said = everything(SPANISH)
    assert "sdrc" in said
    assert "equipo de salud" in said
    assert not re.search(r"equipo médico|enfermera|manejar|adolorid|rayas", said)


def test_it_explains_a_term_that_a_line_break_divides():
    text = "A bag, the sac of\nfluid."
    lesson = Lesson("l", "Title", "Main.", (Block("b", "Heading", text, render(text), ("f",)),), ())
    assert Term("sac", "sac of fluid", "A bag.").is_in(lesson.words.casefold())
