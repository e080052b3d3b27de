"""What a page may say in words; and clinics that look a hundred times, in short (`python -m tests.bench.claims`)."""

from math import exp, log
from random import Random

import pytest

from quizapp.stats.claims import (
    CHANGED_PART,
    ERROR,
    Comparison,
    differences,
    surely_above,
    surely_chosen_more,
    surely_correlated,
    threshold,
)
from quizapp.stats.proportions import Share
from quizapp.stats.rising_misses import FALSE_ALARM_QUARTERS, false_alarms_expected
from tests.bench import claims as simulated

SAME = Comparison(Share(70, 100), Share(140, 200))


def test_it_divides_the_error_among_all_claims():
    assert threshold(1) == pytest.approx(log(20))
    assert threshold(27) == pytest.approx(log(27 * 20))
    for changed in ((), {0}, {0, 1, 2}, range(14), {"no such question"}):
        found = differences(dict.fromkeys(range(14), SAME), changed)
        assert sum(2 * exp(-one.needed) for one in found.values()) == pytest.approx(ERROR)


def test_it_asks_less_of_the_questions_whose_words_changed():
    found = differences(dict.fromkeys(range(14), SAME), {3})
    assert found[3].needed == pytest.approx(log(2 / (CHANGED_PART * ERROR)))
    assert all(one.needed > found[3].needed for number, one in found.items() if number != 3)


@pytest.mark.parametrize(("claims", "part"), [(0, 1), (1, 0), (1, 1.1)])
def test_it_refuses_an_error_that_cannot_be_divided(claims, part):
    with pytest.raises(ValueError, match="claims"):
        threshold(claims, part)


def test_it_does_not_name_a_belief_of_two_in_eleven():
    assert not surely_above(2, 11, 0.05, claims=27)
    assert surely_above(14, 55, 0.05, claims=27)


def test_it_does_not_doubt_a_key_for_one_more_chooser():
    assert not surely_chosen_more(30, 29, claims=42)
    assert surely_chosen_more(60, 20, claims=42)
    assert surely_correlated(0.6, 100, claims=42)
    assert not surely_correlated(0.25, 60, claims=42)


def test_it_says_above_and_below_and_how_many_more():
    up, down = (
        differences({0: Comparison(Share(95, 100), Share(140, 200))})[0],
        differences({0: Comparison(Share(50, 100), Share(180, 200))})[0],
    )
    assert (up.above, up.below, up.more_needed) == (True, False, None)
    assert (down.above, down.below, down.more_needed) == (False, True, None)
    waiting = differences({0: Comparison(Share(40, 50), Share(1400, 2000))})[0]
    assert (waiting.above, waiting.below) == (False, False)
    assert waiting.more_needed > 100


def test_it_gives_no_number_where_the_shares_are_equal_or_the_base_too_small():
    assert differences({0: Comparison(Share(70, 100), Share(700, 1000))})[0].more_needed is None
    assert differences({0: Comparison(Share(35, 50), Share(13, 20))})[0].more_needed is None


def test_it_compares_no_group_of_fewer_than_twenty():
    few = differences({0: Comparison(Share(19, 19), Share(0, 500)), 1: Comparison(Share(500, 500), Share(0, 19))})
    assert {(one.above, one.below, one.more_needed) for one in few.values()} == {(False, False, None)}


@pytest.mark.parametrize("kind", simulated.NOTHING_CHANGED)
def test_it_ever_claims_something_false_in_few_clinics_of_a_kind(kind):
    assert simulated.ever(40, seed=1, one_clinic=simulated.NOTHING_CHANGED[kind]) <= ERROR


def test_it_gives_no_more_false_alarms_than_stated():
    given = sum(simulated.false_alarms(Random(page), per_quarter=44, quarters=25) for page in range(8))
    assert given <= 8 * 25 / FALSE_ALARM_QUARTERS


def test_it_lists_no_more_by_chance_than_stated():
    listed = sum(simulated.listed_by_chance(Random(page), per_quarter=110, quarters=25) for page in range(200))
    assert listed / 200 <= false_alarms_expected(25)


def test_it_finds_what_is_true_about_as_soon_as_a_planned_look_would():
    for level, share, planned in ((0.05, 0.10, 364), (0.10, 0.20, 170)):
        assert planned == simulated.planned_share(level, share, ERROR / 27, power=0.8)
        needed, found = simulated.answers_until(
            4, 40, lambda chance, at=level, held=share: simulated.belief_found(chance, at, held)
        )
        assert found == 1
        assert needed < 1.2 * planned
