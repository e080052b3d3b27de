"""What the drift chart promises: an exact false-alarm rate, and alarms where the rules say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.stats.drift import Chart, ChartState, advance, average_run_length, chart_for


def solved_by_matrix(chart: Chart, share: float) -> float:
    """The Markov chain of the heights below the limit, as linear equations."""
    steps = np.zeros((chart.limit, chart.limit))
    for height in range(chart.limit):
        steps[height, max(0, height - 1)] += 1 - share
        if height + chart.steps_per_miss - 1 < chart.limit:
            steps[height, height + chart.steps_per_miss - 1] += share
    return float(np.linalg.solve(np.eye(chart.limit) - steps, np.ones(chart.limit))[0])


@given(st.integers(2, 25), st.integers(1, 60), st.floats(0.03, 0.97))
def test_it_has_the_run_length_of_its_markov_chain(steps: int, limit: int, share: float) -> None:
    chart = Chart(0.05, steps, limit)
    expected = solved_by_matrix(chart, share)
    if 0 < expected < 1e8:  # beyond that the matrix is near singular
        assert average_run_length(chart, share) == pytest.approx(expected, rel=1e-6)


def test_it_has_the_run_length_worked_out_by_hand() -> None:
    # Limit 1, one miss is enough: 1 / p.
    assert average_run_length(Chart(0.1, 2, 1), 0.1) == pytest.approx(10)
    # Limit 2, one up, one down: E0 = 1/p + E1, E1 = 1 + q E0, so E0 = (1 + p) / p².
    assert average_run_length(Chart(0.1, 2, 2), 0.1) == pytest.approx(110)


def test_it_gives_the_false_alarms_that_it_says() -> None:
    chart = chart_for(usual=0.1, raised=0.25, false_alarm_every=500)
    misses = np.random.default_rng(6).random(1_000_000) < 0.1
    state = advance(chart, ChartState(), misses.tolist())
    assert average_run_length(chart, 0.1) == pytest.approx(564.7075, abs=1e-4)
    assert state.n / state.alarms == pytest.approx(564.7, rel=0.06)


@given(st.floats(0.01, 0.4), st.floats(0.02, 0.3), st.integers(50, 2000))
def test_it_takes_the_lowest_limit_that_keeps_the_rate(usual: float, more: float, every: int) -> None:
    chart = chart_for(usual, usual + more, every)
    assert average_run_length(chart, usual) >= every
    if chart.limit > 1:
        lower = Chart(usual, chart.steps_per_miss, chart.limit - 1)
        assert average_run_length(lower, usual) < every
    assert average_run_length(chart, usual + more) < average_run_length(chart, usual)


def test_it_climbs_with_misses_and_sinks_with_the_rest() -> None:
    chart = Chart(0.1, steps_per_miss=5, limit=9)
    assert advance(chart, ChartState(), [False, True]) == ChartState(n=2, height=4, alarms=0)
    assert advance(chart, ChartState(), [True, False, True]) == ChartState(n=3, height=7, alarms=0)
    assert advance(chart, ChartState(), [True, False, True, True]) == ChartState(n=4, height=0, alarms=1)


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60))
def test_it_goes_on_where_the_last_batch_ended(misses: list[bool], cut: int) -> None:
    chart = chart_for(0.2, 0.4, 50)
    halfway = advance(chart, ChartState(), misses[:cut])
    assert advance(chart, halfway, misses[cut:]) == advance(chart, ChartState(), misses)


@pytest.mark.parametrize(("usual", "raised"), [(0, 0.1), (0.2, 0.1), (0.1, 0.1), (0.1, 1)])
def test_it_refuses_shares_that_make_no_chart(usual: float, raised: float) -> None:
    with pytest.raises(ValueError, match="not 0 <"):
        chart_for(usual, raised, 500)


@pytest.mark.parametrize("share", [0, 1.1])
def test_it_has_no_run_length_where_nothing_can_be_missed(share: float) -> None:
    with pytest.raises(ValueError, match="not 0 <"):
        average_run_length(Chart(0.1, 2, 2), share)
