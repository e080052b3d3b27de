"""What the measures of discrimination promise: the defined values, whatever the order of the rows."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.stats.classical_test_theory import ItemSums
from quizapp.stats.item_analysis import discriminative_efficiency, upper_lower_index


def efficiency(marks: Sequence[int], rests: Sequence[int]) -> float | None:
    scores = [mark + rest for mark, rest in zip(marks, rests, strict=True)]
    sums = ItemSums(
        n=len(marks),
        mark=sum(marks),
        mark_sq=sum(mark * mark for mark in marks),
        mark_score=sum(mark * score for mark, score in zip(marks, scores, strict=True)),
        score=sum(scores),
        score_sq=sum(score * score for score in scores),
    )
    return discriminative_efficiency(sums, sorted(marks), sorted(rests))


def test_it_compares_the_covariance_with_the_largest_possible() -> None:
    # x = 1,0,1,0 beside R = 4,3,1,0: 4·5 - 2·8 = 4. At best the rights go with 4 and 3: 4·7 - 16 = 12.
    assert efficiency([1, 0, 1, 0], [4, 3, 1, 0]) == pytest.approx(1 / 3, abs=1e-15)
    assert efficiency([1, 1, 0, 0], [4, 3, 1, 0]) == 1.0
    assert efficiency([0, 0, 1, 1], [4, 3, 1, 0]) == -1.0


def test_it_has_no_efficiency_where_marks_or_rests_are_all_the_same() -> None:
    assert efficiency([1, 1, 1], [2, 1, 0]) is None
    assert efficiency([1, 0, 1], [2, 2, 2]) is None
    assert efficiency([], []) is None


def test_it_compares_the_upper_with_the_lower_27_per_cent() -> None:
    # 27 % of 11 are 2.97, so 3 and 3: all of the upper, 1 of the lower three had it right.
    assert upper_lower_index([1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]) == pytest.approx(
        2 / 3
    )


@pytest.mark.parametrize(("people", "size"), [(2, 1), (5, 1), (6, 2), (50, 14), (100, 27)])
def test_it_rounds_half_a_person_up(people: int, size: int) -> None:
    only_the_best = [1] + [0] * (people - 1)
    assert upper_lower_index(only_the_best, range(people, 0, -1)) == pytest.approx(1 / size)


def test_it_has_no_upper_and_lower_group_of_one_person() -> None:
    assert upper_lower_index([1], [1]) is None
    assert upper_lower_index([], []) is None


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=2, max_size=6))
def test_it_is_the_mean_over_all_ways_to_break_ties(people: list[tuple[int, int]]) -> None:
    size = max(1, round(0.27 * len(people)))
    differences = []
    for order in permutations(people):
        ranked = sorted(order, key=lambda person: person[1])  # stable: ties stay as the permutation has them
        lower, upper = ranked[:size], ranked[-size:]
        differences.append((sum(mark for mark, _ in upper) - sum(mark for mark, _ in lower)) / size)
    marks, scores = zip(*people, strict=True)
    assert upper_lower_index(marks, scores) == pytest.approx(sum(differences) / len(differences), abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), min_size=2, max_size=40), st.randoms())
def test_it_does_not_mind_the_order_of_rows(people: list[tuple[int, int]], random) -> None:
    shuffled = random.sample(people, len(people))
    for measure in (efficiency, upper_lower_index):
        assert measure(*zip(*people, strict=True)) == measure(*zip(*shuffled, strict=True))
