"""What is flagged for the nurse, and how soon she raises it."""

import pytest

from quizapp.domain.flags import FIRST_TRY, FLAG_RULES, SECOND_TRY, Priority, flag_for, flags_for, reason
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


FIRST, TALK, CHECK = Priority.TALK_FIRST, Priority.TALK, Priority.CHECK
# Every way through a critical item -> its rule, its priority and its reason; then the ways through another item.
CASES = {
    (SURE_WRONG, SURE_WRONG): ("wrong-twice", FIRST, "first sure of another answer, then sure of another answer"),
    (SURE_WRONG, WRONG): ("wrong-twice", FIRST, "first sure of another answer, then another answer"),
    (SURE_WRONG, DONT_KNOW): ("sure-and-wrong", FIRST, "first sure of another answer, then “I don’t know yet”"),
    (SURE_WRONG, RIGHT): ("sure-and-wrong", FIRST, "first sure of another answer, then right"),
    (SURE_WRONG,): ("sure-and-wrong", FIRST, "first sure of another answer, second try not reached"),
    (WRONG, SURE_WRONG): ("wrong-twice", FIRST, "first another answer, then sure of another answer"),
    (WRONG, WRONG): ("wrong-twice", FIRST, "first another answer, then another answer"),
    (WRONG, DONT_KNOW): ("still-unsure", TALK, "first another answer, then “I don’t know yet”"),
    (WRONG, RIGHT): ("right-after", CHECK, "first another answer, then right"),
    (WRONG,): ("still-unsure", TALK, "first another answer, second try not reached"),
    (DONT_KNOW, SURE_WRONG): ("sure-and-wrong", FIRST, "first “I don’t know yet”, then sure of another answer"),
    (DONT_KNOW, WRONG): ("still-unsure", TALK, "first “I don’t know yet”, then another answer"),
    (DONT_KNOW, DONT_KNOW): ("still-unsure", TALK, "first “I don’t know yet”, then “I don’t know yet”"),
    (DONT_KNOW, RIGHT): ("right-after", CHECK, "first “I don’t know yet”, then right"),
    (DONT_KNOW,): ("still-unsure", TALK, "first “I don’t know yet”, second try not reached"),
    (): ("not-reached", TALK, ""),
}
OTHER_CASES = {
    (SURE_WRONG,): ("wrong", TALK, ""),
    (WRONG,): ("wrong", TALK, ""),
    (DONT_KNOW,): ("not-known", CHECK, ""),
}
ALL_CASES = [(CRITICAL, *case) for case in CASES.items()] + [(OTHER, *case) for case in OTHER_CASES.items()]


@pytest.mark.parametrize(("item", "tries", "expected"), ALL_CASES)
def test_it_says_how_soon_and_what_happened_at_both_tries(item, tries, expected):
    record = tried(item, *tries)
    flag = flag_for(record)
    assert flag is not None
    assert (flag.rule_id, flag.priority, ", ".join(reason(record))) == expected


def test_its_words_never_leave_open_what_happened():
    words = [rule.label for rule in FLAG_RULES] + [*FIRST_TRY.values(), *SECOND_TRY.values()]
    assert [text for text in words if " or " in text] == []


@pytest.mark.parametrize("record", [tried(CRITICAL, RIGHT), tried(OTHER, RIGHT), tried(OTHER)])
def test_it_raises_nothing_where_nothing_was_misunderstood(record):
    assert flag_for(record) is None


def test_it_has_a_case_here_for_every_rule():
    assert {rule for _item, _tries, (rule, _, _) in ALL_CASES} == {rule.id for rule in FLAG_RULES}


def test_it_lists_the_most_serious_first():
    records = [tried(OTHER, DONT_KNOW), tried(OTHER, WRONG), tried(CRITICAL, WRONG, WRONG)]
    assert [flag.priority for flag in flags_for(records)] == [1, 2, 3]


def test_it_lists_critical_items_first_within_a_priority_and_then_the_sure_ones():
    first = [
        tried(make_item(name, critical=True), *tries) for name, tries in (("a", (WRONG, WRONG)), ("b", (SURE_WRONG,)))
    ]
    talk = [
        tried(make_item("c"), WRONG),
        tried(make_item("d"), SURE_WRONG),
        tried(make_item("e", critical=True), DONT_KNOW),
    ]
    assert [flag.item_id for flag in flags_for(talk + first)] == ["b", "a", "e", "d", "c"]


def test_it_counts_only_first_tries_that_were_right():
    procedure = make_procedure()
    responses = [
        Response("one", 1, "a", "left", Certainty.THINK),
        Response("one", 2, "b", "right", Certainty.THINK),
        Response("two", 1, "a", "right", Certainty.SURE),
        Response("three", 1, "a", None, Certainty.NONE),
    ]
    assert score(item_records(procedure, responses)) == 1
