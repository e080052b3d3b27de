"""Which items are asked again in the room, and in which words."""

from dataclasses import replace

from quizapp.domain.grading import Certainty, ItemRecord, Response
from quizapp.domain.talk_list import recheck_questions
from tests.builders import make_item

ONE = make_item("one", critical=True)
THREE_FORMS = replace(ONE, forms=(*ONE.forms, replace(ONE.forms[0], id="c")))


def tried(item, *options):
    responses = [
        Response(item.id, number, item.form_for(number).id, option, Certainty.THINK if option else Certainty.NONE)
        for number, option in enumerate(options, start=1)
    ]
    return ItemRecord(item, *[*responses, None, None][:2])


def asked(*records):
    return [(question.item.id, question.form.id) for question in recheck_questions(records)]


def test_it_asks_in_a_form_that_was_not_shown_yet():
    assert asked(tried(THREE_FORMS, "left", "left")) == [("one", "c")]
    assert asked(tried(ONE, "left")) == [("one", "b")]


def test_it_asks_in_another_form_than_the_last_when_all_were_shown():
    assert asked(tried(ONE, "left", "left")) == [("one", "a")]


def test_it_asks_what_was_not_known_or_right_only_after_a_miss():
    assert asked(tried(ONE, None, "right")) == [("one", "a")]


def test_it_leaves_out_what_was_right_or_not_reached_or_has_one_form():
    assert asked(tried(ONE, "right"), tried(ONE), tried(make_item("two"), "left")) == []


def test_it_asks_at_most_three_in_the_order_given():
    records = [tried(make_item(name, critical=True), "left") for name in ("a", "b", "c", "d")]
    assert [item for item, _ in asked(*records)] == ["a", "b", "c"]
