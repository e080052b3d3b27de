"""About how many more answers it takes."""

import pytest
from scipy import stats

from quizapp.stats.claims import MOST_ANSWERS, Comparison, answers_needed, differences, surely_above
from quizapp.stats.proportions import Share


@pytest.mark.parametrize(("count", "n", "level"), [(8, 60, 0.05), (20, 110, 0.10), (2, 22, 0.05), (40, 110, 0.25)])
def test_it_makes_the_claim_with_a_chance_of_four_in_five(count, n, level):
    def is_claimed(count, n):
        return surely_above(count, n, level, claims=14)

    more = answers_needed(count, n, is_claimed)
    chances = stats.binom.pmf(range(more + 1), more, count / n)
    come = sum(chance for new, chance in enumerate(chances) if is_claimed(count + new, n + more))
    assert 0.75 <= come <= 0.85
    assert len(str(more).rstrip("0")) <= 2


@pytest.mark.parametrize("others", [0, 13])
@pytest.mark.parametrize(
    "pair",
    [
        Comparison(Share(40, 50), Share(1400, 2000)),
        Comparison(Share(66, 110), Share(700, 1000)),
        Comparison(Share(97, 100), Share(900, 1000)),
    ],
)
def test_it_says_what_the_verdict_of_a_comparison_really_needs(pair, others):
    among = {number: Comparison(Share(70, 100), Share(140, 200)) for number in range(1, others + 1)}
    more = differences({0: pair, **among})[0].more_needed
    chances = stats.binom.pmf(range(more + 1), more, pair.own.value)
    grown = [Comparison(pair.own + Share(new, more), pair.base) for new in range(more + 1)]
    verdicts = [differences({0: one, **among})[0] for one in grown]
    come = sum(chance for chance, one in zip(chances, verdicts, strict=True) if one.above or one.below)
    assert 0.75 <= come <= 0.85


def from_answers_on(fewest: int):
    return lambda _count, n: n >= fewest


def test_it_gives_no_number_without_answers_or_beyond_reason():
    assert answers_needed(0, 0, from_answers_on(0)) is None
    assert answers_needed(50, 100, from_answers_on(2 * MOST_ANSWERS)) is None


def test_it_needs_none_for_a_claim_that_is_made():
    assert answers_needed(50, 100, from_answers_on(100)) == 0


@pytest.mark.parametrize(("needed", "said"), [(7, 7), (99, 99), (101, 110), (1234, 1300)])
def test_it_rounds_up_to_two_digits(needed, said):
    assert answers_needed(5, 10, from_answers_on(10 + needed)) == said
