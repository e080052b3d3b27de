"""Scores in bands, and what they give away about items."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from quizapp.disclosure.publication import bands, rights_given_scores


def test_it_puts_scores_together_until_a_band_is_large_enough() -> None:
    assert bands({1: 4, 2: 9, 3: 20, 4: 5}, highest=5, least=13) == [(0, 2, 13), (3, 5, 25)]


def test_it_makes_one_band_of_too_few() -> None:
    assert bands({1: 4, 2: 3}, highest=2, least=13) == [(0, 2, 7)]


@given(st.dictionaries(st.integers(0, 14), st.integers(0, 40)), st.integers(5, 20))
def test_it_has_every_score_in_one_band_and_no_band_too_small_beside_another(
    scores: dict[int, int], least: int
) -> None:
    found = bands(scores, highest=14, least=least)
    assert [score for low, high, _ in found for score in range(low, high + 1)] == list(range(15))
    assert all(n == sum(scores.get(score, 0) for score in range(low, high + 1)) for low, high, n in found)
    assert len(found) == 1 or all(n >= least for _, _, n in found)


def test_it_knows_everything_where_all_have_all_right() -> None:
    assert rights_given_scores([(0, 9), (0, 9)], {2: 9}) == [(9, 9), (9, 9)]


def test_it_knows_the_last_item_from_the_scores_and_the_others() -> None:
    # 10 with one right and 10 with both: 30 right in all, 18 to 20 of them at the first item
    assert rights_given_scores([(18, 20), (0, 20)], {1: 10, 2: 10}) == [(18, 20), (10, 12)]


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=3),
    st.randoms(use_true_random=False),
)
def test_it_finds_exactly_what_a_search_through_all_answer_sheets_finds(people, slack, rng) -> None:
    """Three items, up to four people with these scores; a little is known about each item."""
    truth = rights([set(rng.sample(range(3), score)) for score in people])
    limits = [(max(0, x - down), x + up) for x, (down, up) in zip(truth, slack, strict=True)]
    sheets = product(*(map(set, combinations(range(3), score)) for score in people))
    fitting = [
        x for x in map(rights, sheets) if all(low <= n <= high for n, (low, high) in zip(x, limits, strict=True))
    ]
    scores = {score: people.count(score) for score in people}
    assert rights_given_scores(limits, scores) == [(min(x), max(x)) for x in zip(*fitting, strict=True)]


def rights(sheets) -> list[int]:
    return [sum(item in sheet for sheet in sheets) for item in range(3)]
