"""Detect that an item is missed more often than before: a Bernoulli CUSUM, with its exact rate of false alarms.

The chart starts at 0. A miss raises it by `steps_per_miss` - 1 steps, any other answer lowers it by one, never
below 0. At `limit` it gives an alarm and starts again at 0. Answers that are released together have no
order: any order drawn without looking at them keeps the false-alarm rate exact.
Source: Page 1954, Biometrika 41:100-115; Reynolds & Stoumbos 1999, J Qual Technol 31:87-108.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from math import inf, log


@dataclass(frozen=True)
class Chart:
    """The rules of one chart. Steps are whole numbers; `usual` is the share of misses while nothing is wrong."""

    usual: float
    steps_per_miss: int
    limit: int


@dataclass(frozen=True)
class ChartState:
    """A chart after `n` answers: its height (0 to limit - 1), and the number of alarms so far."""

    n: int = 0
    height: int = 0
    alarms: int = 0


def chart_for(usual: float, raised: float, false_alarm_every: int) -> Chart:
    """Return the chart that tells `raised` from `usual`, with false alarms `false_alarm_every` answers apart.

    The likelihood ratio's reference value log((1-p0)/(1-p1)) / log(p1 (1-p0) / (p0 (1-p1))), p0 usual and p1
    raised, is rounded to 1 / m with m whole, so that the chart has whole steps and its run length is exact;
    m is `steps_per_miss`. The limit is the lowest that keeps the rate. Raise ValueError unless 0 < usual <
    raised < 1.
    """
    if not 0 < usual < raised < 1:
        raise ValueError(f"not 0 < {usual} < {raised} < 1")
    reference = log((1 - usual) / (1 - raised)) / log(raised * (1 - usual) / (usual * (1 - raised)))
    steps_per_miss = max(2, round(1 / reference))
    charts = (Chart(usual, steps_per_miss, limit) for limit in count(1))
    return next(chart for chart in charts if average_run_length(chart, usual) >= false_alarm_every)


def advance(chart: Chart, state: ChartState, misses: Iterable[bool]) -> ChartState:
    """Return the state after more answers, True for each that missed the item."""
    n, height, alarms = state.n, state.height, state.alarms
    for missed in misses:
        n += 1
        height = height + chart.steps_per_miss - 1 if missed else max(0, height - 1)
        if height >= chart.limit:
            height, alarms = 0, alarms + 1
    return ChartState(n, height, alarms)


def average_run_length(chart: Chart, share: float) -> float:
    """Return the expected number of answers from a new start to the alarm, if `share` of them are misses.

    At the usual share: one false alarm in so many. At a raised one: the time until it is detected. Exact, by the
    Markov chain of the heights: E(h) = 1 + share E(h + m - 1) + (1 - share) E(max(0, h - 1)), and E = 0
    from the limit on. Solved from the top down, for each height by the answers until the chart is one step
    lower or gives an alarm, and by the probability that the alarm comes first: sums of positive terms, so
    nothing cancels. Raise ValueError unless 0 < share <= 1.
    Source: Brook & Evans 1972, Biometrika 59:539-549; Reynolds & Stoumbos 1999.
    """
    if not 0 < share <= 1:
        raise ValueError(f"not 0 < {share} <= 1")
    answers = [0.0] * chart.limit
    alarm = [0.0] * chart.limit
    for height in range(chart.limit - 1, 0, -1):
        answers_back, alarm_first = _after_a_miss(chart, height, answers, alarm)
        leaves = 1 - share + share * alarm_first
        answers[height] = (1 + share * answers_back) / leaves
        alarm[height] = share * alarm_first / leaves
    answers_back, alarm_first = _after_a_miss(chart, 0, answers, alarm)
    chance = share * alarm_first
    return (1 + share * answers_back) / chance if chance else inf


def _after_a_miss(chart: Chart, height: int, answers: list[float], alarm: list[float]) -> tuple[float, float]:
    """After a miss at `height`: the answers until back there or an alarm, and the probability of the alarm."""
    top = height + chart.steps_per_miss - 1
    if top >= chart.limit:
        return 0.0, 1.0
    answers_back, alarm_first = 0.0, 0.0
    for step in range(top, height, -1):
        answers_back += (1 - alarm_first) * answers[step]
        alarm_first += (1 - alarm_first) * alarm[step]
    return answers_back, alarm_first
