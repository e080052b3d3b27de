"""Where a patient stands, what order options have, and how long it takes."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.domain.journey import (
    Step,
    StepKind,
    current_step,
    minutes_to_read,
    options_in_order,
    pause_after,
    words_to_read,
)
from tests.builders import make_procedure

PROCEDURE = make_procedure()


def step(lessons_read, *responses):
    given = [Response(i, t, "a" if t == 1 else "b", o, Certainty.THINK) for i, t, o in responses]
    return current_step(PROCEDURE, lessons_read, item_records(PROCEDURE, given))


def test_it_begins_with_the_first_lesson():
    assert step(0) == Step(StepKind.LESSON, 1)


def test_it_asks_a_lessons_items_after_the_lesson():
    assert step(1) == Step(StepKind.QUESTION, 1, "one", 1)


def test_it_asks_a_critical_item_again_after_a_miss():
    assert step(1, ("one", 1, "left")) == Step(StepKind.QUESTION, 1, "one", 2)


def test_it_goes_on_after_a_second_miss():
    assert step(1, ("one", 1, "left"), ("one", 2, "left")) == Step(StepKind.QUESTION, 1, "two", 1)


def test_it_asks_other_items_once():
    done = (("one", 1, "right"), ("two", 1, "left"))
    assert step(1, *done) == Step(StepKind.LESSON, 2)


def test_it_ends_with_the_prompts():
    done = [(item.id, 1, "right") for item in PROCEDURE.items()]
    assert step(2, *done) == Step(StepKind.PROMPTS, 2)


def test_it_offers_a_pause_half_way():
    assert pause_after(PROCEDURE) == 1


@given(st.text(min_size=1, max_size=30))
def test_it_shows_every_option_once_in_one_order_within_an_attempt(seed):
    item = next(PROCEDURE.items())
    order = options_in_order(item.forms[0], item, seed)
    assert sorted(order, key=item.forms[0].options.index) == list(item.forms[0].options)
    assert order == options_in_order(item.forms[0], item, seed)


def test_it_shows_other_attempts_another_order():
    item = next(PROCEDURE.items())
    orders = {options_in_order(item.forms[0], item, f"attempt {number}") for number in range(200)}
    assert len(orders) == 6


def test_it_counts_more_words_the_more_is_missed():
    items = [item.id for item in PROCEDURE.items()]
    counts = [words_to_read(PROCEDURE, items[:number]) for number in range(len(items) + 1)]
    assert counts == sorted(set(counts))


def test_it_names_a_range_of_whole_minutes_from_all_right_to_mixed():
    fewest, most = minutes_to_read(PROCEDURE)
    assert (fewest - 1) * 100 < words_to_read(PROCEDURE) <= fewest * 100
    assert fewest <= most
