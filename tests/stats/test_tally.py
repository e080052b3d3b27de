"""Attempts as counters."""

from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.stats.item_figures import ResponseCell, tally
from tests.builders import make_procedure

PROCEDURE = make_procedure()


def attempt(**choices):
    """Answers by item: one option a try, "-" for "I don't know yet"."""
    responses = [
        Response(
            item,
            number,
            "a" if number == 1 else "b",
            None if option == "-" else option,
            Certainty.NONE if option == "-" else Certainty.THINK,
        )
        for item, options in choices.items()
        for number, option in enumerate(options.split(), start=1)
    ]
    return item_records(PROCEDURE, responses)


def test_it_counts_scores_options_and_retries():
    counted = tally(
        [
            attempt(one="right", two="right", three="right", four="left"),
            attempt(one="left right", two="right", three="- left", four="left"),
        ]
    )
    assert counted.group == ScoreSums(2, 3 + 1, 9 + 1)
    assert counted.scores == {3: 1, 1: 1}
    assert counted.cells[ResponseCell("four", "a", "left", "think", "none")] == ScoreSums(2, 4, 10)
    assert counted.cells[ResponseCell("one", "a", "left", "think", "right")] == ScoreSums(1, 1, 1)
    assert counted.cells[ResponseCell("three", "a", "", "none", "wrong")] == ScoreSums(1, 1, 1)
