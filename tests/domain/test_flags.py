"""What is flagged for the nurse, and how soon she raises it."""

import pytest

from quizapp.domain.flags import FLAG_RULES, Priority, flag_for, flags_for
from quizapp.domain.grading import Certainty, ItemRecord, Response, item_records, score
from tests.builders import make_item, make_procedure

CRITICAL, OTHER = make_item("one", critical=True), make_item("two")


def tried(item, *tries):
    """A record from (option, certainty) pairs; option None is "I don't know yet"."""
    responses = [
        Response(item.id, number, item.form_for(number).id, option, Certainty(certainty))
        for number, (option, certainty) in enumerate(tries, start=1)
    ]
    return ItemRecord(item, *[*responses, None, None][:2])


WRONG, SURE_WRONG, RIGHT, DONT_KNOW = (
    ("left", "think"),
    ("left", "sure"),
    ("right", "think"),
    (None, "none"),
)


@pytest.mark.parametrize(
    ("record", "rule", "priority"),
    [
        (tried(CRITICAL, WRONG, WRONG), "wrong-twice", Priority.TALK_FIRST),
        (tried(CRITICAL, SURE_WRONG, RIGHT), "sure-and-wrong", Priority.TALK_FIRST),
        (tried(CRITICAL, SURE_WRONG, DONT_KNOW), "sure-and-wrong", Priority.TALK_FIRST),
        (tried(CRITICAL, SURE_WRONG), "sure-and-wrong", Priority.TALK_FIRST),
        (tried(CRITICAL, DONT_KNOW, DONT_KNOW), "still-unsure", Priority.TALK),
        (tried(CRITICAL, WRONG, DONT_KNOW), "still-unsure", Priority.TALK),
        (tried(CRITICAL, DONT_KNOW, WRONG), "still-unsure", Priority.TALK),
        (tried(CRITICAL, WRONG), "still-unsure", Priority.TALK),
        (tried(CRITICAL), "not-reached", Priority.TALK),
        (tried(OTHER, WRONG), "wrong", Priority.TALK),
        (tried(OTHER, SURE_WRONG), "wrong", Priority.TALK),
        (tried(CRITICAL, WRONG, RIGHT), "right-after", Priority.CHECK),
        (tried(CRITICAL, DONT_KNOW, RIGHT), "right-after", Priority.CHECK),
        (tried(OTHER, DONT_KNOW), "not-known", Priority.CHECK),
    ],
)
def test_it_raises_the_most_serious_flag(record, rule, priority):
    flag = flag_for(record)
    assert flag is not None
    assert (flag.rule_id, flag.priority) == (rule, priority)


@pytest.mark.parametrize("record", [tried(CRITICAL, RIGHT), tried(OTHER, RIGHT), tried(OTHER)])
def test_it_raises_nothing_where_nothing_was_misunderstood(record):
    assert flag_for(record) is None


def test_it_has_an_example_here_for_every_rule():
    examples = {
        flag.rule_id
        for record in (
            tried(CRITICAL, WRONG, WRONG),
            tried(CRITICAL, SURE_WRONG, RIGHT),
            tried(CRITICAL, DONT_KNOW, DONT_KNOW),
            tried(CRITICAL),
            tried(OTHER, WRONG),
            tried(CRITICAL, WRONG, RIGHT),
            tried(OTHER, DONT_KNOW),
        )
        if (flag := flag_for(record))
    }
    assert examples == {rule.id for rule in FLAG_RULES}


def test_it_lists_the_most_serious_first():
    records = [tried(OTHER, DONT_KNOW), tried(OTHER, WRONG), tried(CRITICAL, WRONG, WRONG)]
    assert [flag.priority for flag in flags_for(records)] == [1, 2, 3]


def test_it_counts_only_first_tries_that_were_right():
    procedure = make_procedure()
    responses = [
        Response("one", 1, "a", "left", Certainty.THINK),
        Response("one", 2, "b", "right", Certainty.THINK),
        Response("two", 1, "a", "right", Certainty.SURE),
        Response("three", 1, "a", None, Certainty.NONE),
    ]
    assert score(item_records(procedure, responses)) == 1
