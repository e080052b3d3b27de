"""Missed more than before, with one false-alarm rate for the page."""

from math import exp, log

import pytest

from quizapp.stats.claims import difference_above
from quizapp.stats.proportions import Share
from quizapp.stats.rising_misses import ENOUGH_BEFORE, alarm, false_alarms_expected, rise

USUAL, RAISED = Share(10, 100), Share(30, 100)


def test_it_waits_until_it_is_known_what_is_usual():
    assert rise([]) is rise([USUAL]) is None
    assert rise([Share(0, ENOUGH_BEFORE - 1), RAISED]) is None
    assert rise([Share(0, ENOUGH_BEFORE), RAISED]) is not None


def test_it_compares_the_last_quarter_with_the_one_before():
    found = rise([USUAL, RAISED])
    assert found.log_evidence == pytest.approx(difference_above(30, 100, 10, 100))
    assert (found.since, found.until, found.before, found.after) == (1, 1, USUAL, RAISED)


def test_it_adds_the_evidence_of_every_quarter_the_rise_may_have_begun_in():
    found = rise([USUAL, USUAL, RAISED])
    both = exp(difference_above(40, 200, 10, 100)) + exp(difference_above(30, 100, 20, 200))
    assert exp(found.log_evidence) == pytest.approx(both)
    assert (found.since, found.before, found.after) == (2, Share(20, 200), RAISED)


def test_it_no_longer_looks_for_a_rise_of_more_than_eight_quarters_ago():
    assert rise([USUAL] * 4 + [RAISED] * 8).since == 4
    assert rise([USUAL] * 4 + [RAISED] * 9).since > 4


def test_it_says_nothing_of_a_fall_or_of_no_change():
    assert alarm([RAISED] * 4 + [USUAL] * 4, 1) is None
    assert alarm([USUAL] * 20, 1) is None


def test_it_needs_more_evidence_the_more_questions_are_watched():
    quarters = [Share(20, 200), Share(25, 100)]
    evidence = rise(quarters).log_evidence
    assert log(20) < evidence < log(14 * 20)
    assert alarm(quarters, 1) is not None
    assert alarm(quarters, 14) is None


def test_it_lists_an_alarm_for_two_quarters_without_new_evidence():
    risen = [USUAL] * 6 + [RAISED]
    assert alarm(risen, 14).until == 6
    back = Share(0, 300)
    assert [alarm(risen + [back] * more, 14) is not None for more in range(5)] == [True, True, True, False, False]


def test_it_goes_on_from_the_new_level_once_an_alarm_is_dealt_with():
    quarters = [USUAL] * 6 + [RAISED] * 3
    found = alarm(quarters, 14)
    assert found.since == 6
    assert alarm(quarters[found.since :], 14) is None
    assert alarm([*quarters[found.since :], Share(55, 100)], 14) is not None


def test_it_bounds_what_is_listed_by_chance():
    assert [false_alarms_expected(quarters) for quarters in (0, 4, 10, 100)] == [0, 0.2, 0.5, 0.5]
