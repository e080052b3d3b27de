"""When a sheet may be closed, and where it is in the queue."""

from datetime import date

import pytest

from quizapp.domain.flags import Priority
from quizapp.domain.outcomes import (
    OUTCOME_LABELS,
    TO_CLOSE,
    Outcome,
    Review,
    ReviewedFlag,
    has_follow_up,
    may_close,
    queue_place,
)

FIRST, TALK, CHECK = (ReviewedFlag(priority, None) for priority in Priority)
TALKED = ReviewedFlag(Priority.TALK_FIRST, Outcome.NOT_TALKED)
TODAY = date(2026, 11, 24)


def test_it_may_be_closed_once_all_but_the_checks_have_an_outcome():
    assert may_close([TALKED, CHECK])
    assert may_close([])
    assert not may_close([TALKED, TALK])
    assert not may_close([FIRST])


@pytest.mark.parametrize(
    ("flags", "place"),
    [
        ([CHECK, FIRST, TALK], Priority.TALK_FIRST),
        ([TALKED, TALK, CHECK], Priority.TALK),
        ([TALKED, CHECK], Priority.CHECK),
        ([TALKED], TO_CLOSE),
        ([], None),
    ],
)
def test_it_stands_where_its_most_serious_open_flag_puts_it(flags, place):
    assert queue_place(flags) == place


def test_it_is_followed_up_while_a_flag_is_unclear_or_for_the_physician():
    for outcome in (Outcome.PHYSICIAN, Outcome.STILL_UNCLEAR):
        assert has_follow_up([TALKED, ReviewedFlag(Priority.CHECK, outcome)])
    assert not has_follow_up([TALKED, FIRST])


def test_it_may_not_be_closed_while_a_flag_is_open_again():
    reopened = ReviewedFlag.of(
        Priority.CHECK, [Review(1, Outcome.UNDERSTOOD, "Nurse One", TODAY), Review(2, None, "Nurse One", TODAY)]
    )
    assert not may_close([TALKED, reopened])
    assert queue_place([TALKED, reopened]) == Priority.CHECK


def test_it_has_a_label_for_every_outcome():
    assert set(OUTCOME_LABELS) == set(Outcome)
