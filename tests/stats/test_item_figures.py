"""An item's figures from tallies are those of the rows, and few people get counts only."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.grading import Certainty, ItemRecord, Response, Result, item_records, score
from quizapp.stats.classical_test_theory import alpha
from quizapp.stats.item_figures import item_figures, tally
from quizapp.stats.proportions import Share
from tests.builders import make_procedure

PROCEDURE = make_procedure()
CHOICES = ("left", "right", "middle", None)


def made_up_attempts(n: int, seed: int) -> list[tuple[ItemRecord, ...]]:
    """Finished attempts; better patients are better at everything."""
    chance = random.Random(seed)
    attempts = []
    for _ in range(n):
        skill = chance.random()
        responses = []
        for item in PROCEDURE.items():
            for number in range(1, item.tries + 1):
                option = "right" if chance.random() < skill else chance.choice(CHOICES)
                certainty = Certainty.NONE if option is None else chance.choice([Certainty.SURE, Certainty.THINK])
                responses.append(Response(item.id, number, item.form_for(number).id, option, certainty))
                if option == "right":
                    break
        attempts.append(item_records(PROCEDURE, responses))
    return attempts


def figures_of(attempts: list[tuple[ItemRecord, ...]]) -> list:
    cells = tally(attempts).cells
    return [
        item_figures(
            item,
            {cell: scores for cell, scores in cells.items() if cell.item == item.id},
        )
        for item in PROCEDURE.items()
    ]


def correlation(a: list[int], b: list[int]) -> float | None:
    return None if len(set(a)) == 1 or len(set(b)) == 1 else float(np.corrcoef(a, b)[0, 1])


@settings(max_examples=60, deadline=None)
@given(st.integers(50, 400), st.integers(0, 10**6))
def test_it_gives_from_tallies_what_the_rows_give(n: int, seed: int) -> None:
    attempts = made_up_attempts(n, seed)
    figures = figures_of(attempts)
    scores = [score(records) for records in attempts]
    marks = [[int(records[place].first_result is Result.RIGHT) for records in attempts] for place in range(4)]
    for place, one in enumerate(figures):
        right = marks[place]
        rest = [total - mark for total, mark in zip(scores, right, strict=True)]
        firsts = [records[place].first for records in attempts]
        assert one.right == Share(sum(right), n)
        assert one.dont_know.count == sum(first.option_id is None for first in firsts)
        assert one.sure_and_wrong.count == sum(
            first.certainty is Certainty.SURE and first.option_id != "right" for first in firsts
        )
        assert one.right_after.count == sum(records[place].second_result is Result.RIGHT for records in attempts)
        expected = correlation(right, rest)
        assert one.discrimination == (None if expected is None else pytest.approx(expected, abs=1e-12))
        for option in one.options:
            assert option.share.count == sum(first.option_id == option.option.id for first in firsts)
    rows = np.array(marks, dtype=float)
    spread = rows.sum(axis=0).var(ddof=1)
    if spread > 0:
        by_rows = 4 / 3 * (1 - rows.var(axis=1, ddof=1).sum() / spread)
        assert alpha([one.sums for one in figures]) == pytest.approx(by_rows, abs=1e-12)


def test_it_gives_counts_only_below_ten_people_and_no_correlation_below_fifty() -> None:
    nine = figures_of(made_up_attempts(9, 1))[0]
    assert (nine.n, nine.right.value, nine.right.interval, nine.discrimination) == (9, None, None, None)
    ten = figures_of(made_up_attempts(10, 1))[0]
    assert ten.right.value == ten.right.count / 10
    assert figures_of(made_up_attempts(49, 1))[0].discrimination is None
    assert figures_of(made_up_attempts(50, 1))[0].discrimination is not None


def test_it_counts_nobody_where_nobody_was_asked() -> None:
    figures = item_figures(next(PROCEDURE.items()), {})
    assert (figures.n, figures.missed, figures.discrimination) == (0, Share(0, 0), None)
