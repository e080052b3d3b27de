"""The content as values."""

from dataclasses import replace

from quizapp.domain.procedure import Term
from tests.builders import make_procedure


def test_it_explains_each_term_in_the_first_lesson_that_uses_it():
    procedure = make_procedure()
    first, second = procedure.lessons
    terms = (
        Term("everywhere", "Right", "where the thing is"),
        Term("later", "catheter", "a thin tube", also=("thin tube",)),
        Term("nowhere", "morphine", "a medicine"),
    )
    procedure = replace(procedure, lessons=(first, replace(second, main="A Thin Tube leads there.")), terms=terms)
    assert {lesson: [term.id for term in new] for lesson, new in procedure.new_terms.items()} == {
        "lesson-1": ["everywhere"],
        "lesson-2": ["later"],
    }
