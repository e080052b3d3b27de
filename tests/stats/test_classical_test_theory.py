"""What the test statistics promise: the same from tallies as from rows, and None where undefined."""

from collections.abc import Sequence
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.stats import classical_test_theory
from quizapp.stats.classical_test_theory import ItemSums, ScoreSums

Rows = Sequence[Sequence[int]]

# Four people, three items; scores 3, 2, 1, 0: mean 1.5, variance 5/3; item variances 1/3, 1/3 and 1/4.
GUTTMAN = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]


def score_sums(scores: Sequence[int]) -> ScoreSums:
    return ScoreSums(len(scores), sum(scores), sum(score * score for score in scores))


def tallied(rows: Rows) -> list[ItemSums]:
    """What the tallies of these rows hold: the scores of those right at each item, and of everyone."""
    everyone = score_sums([sum(row) for row in rows])
    return [
        classical_test_theory.item_sums(score_sums([sum(row) for row in rows if row[item]]), everyone)
        for item in range(len(rows[0]))
    ]


def test_it_gives_the_values_worked_out_by_hand() -> None:
    items = tallied(GUTTMAN)
    # Item 1: x = 1,1,1,0 and T = 3,2,1,0: 4·6 - 3·6 = 6, spreads 3 and 20.
    # With R = 2,1,0,0: 4·3 - 3·3 = 3, spreads 3 and 11.
    assert classical_test_theory.item_total_r(items[0]) == pytest.approx(6 / sqrt(60), abs=1e-15)
    assert classical_test_theory.item_rest_r(items[0]) == pytest.approx(3 / sqrt(33), abs=1e-15)
    assert classical_test_theory.mean(items[0].mark, 4) == 0.75
    assert classical_test_theory.mean(items[0].score, 4) == 1.5
    assert classical_test_theory.standard_deviation(4, 6, 14) == pytest.approx(sqrt(5 / 3), abs=1e-15)
    # n² times the variances: 3 + 4 + 3 = 10 of 20: alpha = 3/2 (1 - 10/20).
    assert classical_test_theory.alpha(items) == 0.75
    # The standard error of measurement: sd sqrt(1 - 0.75). Counted in halves of a mark, all is half as much.
    for unit in (1, 2):
        whole = classical_test_theory.whole_test(items, unit)
        assert (whole.n, whole.k, whole.mean, whole.alpha) == (4, 3, 1.5 / unit, 0.75)
        assert (whole.sd, whole.sem) == pytest.approx((sqrt(5 / 3) / unit, sqrt(5 / 3) / 2 / unit), abs=1e-15)
    # Without item 1: 2 (1 - (4 + 3) / 11). Without item 2, R = 2,1,1,0 with spread 8: 2 (1 - (3 + 3) / 8).
    assert classical_test_theory.alphas_if_deleted(items) == pytest.approx((8 / 11, 0.5, 8 / 11), abs=1e-15)


def test_it_gives_option_figures_worked_out_by_hand() -> None:
    item = tallied(GUTTMAN)[0]
    key, distractor = score_sums([3, 2, 1]), score_sums([0])
    assert classical_test_theory.mean_rest(key, 1) == 1.0
    assert classical_test_theory.mean_rest(distractor, 0) == 0.0
    assert classical_test_theory.option_rest_r(key, 1, item) == classical_test_theory.item_rest_r(item)
    assert classical_test_theory.option_rest_r(distractor, 0, item) == pytest.approx(-3 / sqrt(33), abs=1e-15)


def test_it_leaves_a_negative_alpha_negative() -> None:
    # Two items that contradict each other: T = 1,1,1,2; spreads 4 + 4 + 3 = 11 of 3: 3/2 (1 - 11/3).
    assert classical_test_theory.alpha(tallied([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 1]])) == pytest.approx(-4.0)


def test_it_is_none_where_nothing_is_defined() -> None:
    everybody_right = tallied([[1, 1], [1, 1]])
    nobody = classical_test_theory.item_sums(ScoreSums(0, 0, 0), ScoreSums(0, 0, 0))
    one_item = tallied([[1], [0]])
    for items in (everybody_right, [nobody, nobody], one_item):
        assert classical_test_theory.alpha(items) is None
        assert classical_test_theory.item_rest_r(items[0]) is None
        assert classical_test_theory.alphas_if_deleted(items)[0] is None
    assert classical_test_theory.item_total_r(nobody) is None
    assert classical_test_theory.alpha([]) is None
    assert classical_test_theory.mean(0, 0) is None
    assert classical_test_theory.standard_deviation(1, 1, 1) is None
    assert classical_test_theory.mean_rest(ScoreSums(0, 0, 0), 1) is None
    assert classical_test_theory.option_rest_r(ScoreSums(0, 0, 0), 0, tallied(GUTTMAN)[0]) is None
    one_person, alike = (classical_test_theory.whole_test(tallied(rows)) for rows in ([[1, 0]], [[1, 0], [0, 1]]))
    assert (one_person.sd, one_person.alpha, one_person.sem) == (None, None, None)
    assert (alike.sd, alike.alpha, alike.sem) == (0, None, None)


rows_of_marks = st.integers(2, 8).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 1), min_size=k, max_size=k), min_size=2, max_size=60)
)


def pearson(a: np.ndarray, b: np.ndarray) -> float | None:
    a, b = a - a.mean(), b - b.mean()
    return None if not a.any() or not b.any() else float((a @ b) / np.sqrt((a @ a) * (b @ b)))


def cronbach(marks: np.ndarray) -> float | None:
    k, spread = marks.shape[1], marks.sum(axis=1).var(ddof=1)
    return None if k < 2 or spread == 0 else float(k / (k - 1) * (1 - marks.var(axis=0, ddof=1).sum() / spread))


@given(rows_of_marks)
def test_it_gives_from_tallies_what_the_rows_give(rows: Rows) -> None:
    items = tallied(rows)
    marks = np.array(rows, dtype=float)
    scores = marks.sum(axis=1)
    without = classical_test_theory.alphas_if_deleted(items)

    assert classical_test_theory.alpha(items) == pytest.approx(cronbach(marks), abs=1e-12)
    assert classical_test_theory.standard_deviation(len(rows), items[0].score, items[0].score_sq) == pytest.approx(
        scores.std(ddof=1), abs=1e-12
    )
    for number, item in enumerate(items):
        own, rest = marks[:, number], scores - marks[:, number]
        assert classical_test_theory.item_total_r(item) == pytest.approx(pearson(own, scores), abs=1e-12)
        assert classical_test_theory.item_rest_r(item) == pytest.approx(pearson(own, rest), abs=1e-12)
        assert without[number] == pytest.approx(cronbach(np.delete(marks, number, axis=1)), abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 7)), min_size=2, max_size=60))
def test_it_gives_from_the_choosers_tallies_what_the_rows_give(people: list[tuple[str, int]]) -> None:
    """Each person chose an option of one item with key A, and had so many of seven other items right."""
    scores = [rest + (option == "A") for option, rest in people]
    chosen = {
        option: score_sums([score for score, (own, _) in zip(scores, people, strict=True) if own == option])
        for option in "ABC"
    }
    item = classical_test_theory.item_sums(chosen["A"], score_sums(scores))
    rests = np.array([rest for _, rest in people], dtype=float)
    for option, sums in chosen.items():
        chose = np.array([own == option for own, _ in people], dtype=float)
        mark = int(option == "A")
        assert classical_test_theory.option_rest_r(sums, mark, item) == pytest.approx(pearson(chose, rests), abs=1e-12)
        if sums.n:
            assert classical_test_theory.mean_rest(sums, mark) == pytest.approx(rests[chose == 1].mean(), abs=1e-12)


def test_it_adds_up_the_tallies_of_two_quarters() -> None:
    assert score_sums([3, 2]) + score_sums([1, 0]) == score_sums([3, 2, 1, 0])
