"""Watch one critical item for drift: first take a baseline, then run a CUSUM against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from quizapp.stats.drift import Chart, ChartState, advance, average_run_length, chart_for

BASELINE = 100  # answers that set the usual share of misses
FALSE_ALARM_EVERY = 500  # answers, at least
LOWEST_USUAL, HIGHEST_USUAL = 2, 50  # per cent: below, the chart takes years to alarm; above, the text is the problem


@dataclass(frozen=True)
class Watch:
    """The state of the watch on one item.

    `n` answers so far; `missed` of the first BASELINE; then the chart's height and alarms.
    """

    n: int = 0
    missed: int = 0
    height: int = 0
    alarms: int = 0

    @property
    def usual_percent(self) -> int | None:
        """The usual share of misses in whole per cent, from the baseline; None until that is complete.

        (missed + 1) / (BASELINE + 2): Laplace's rule, so that a baseline without a miss does not mean "never".
        """
        if self.n < BASELINE:
            return None
        return min(HIGHEST_USUAL, max(LOWEST_USUAL, round(100 * (self.missed + 1) / (BASELINE + 2))))

    @property
    def is_hopeless(self) -> bool:
        """Whether more than HIGHEST_USUAL missed it from the start: the chart would alarm without any change."""
        return self.n >= BASELINE and 100 * self.missed > HIGHEST_USUAL * BASELINE

    @property
    def false_alarm_every(self) -> int | None:
        """One false alarm in about so many answers while nothing changes; None until the baseline is complete."""
        percent = self.usual_percent
        return None if percent is None else round(_run_length(percent))


def watch_more(watch: Watch, misses: Sequence[bool]) -> Watch:
    """Return the watch after more answers, True for each that missed the item at the first try."""
    room = max(0, BASELINE - watch.n)
    first, later = misses[:room], misses[room:]
    watch = replace(watch, n=watch.n + len(first), missed=watch.missed + sum(first))
    percent = watch.usual_percent
    return watch if percent is None else _on_the_chart(watch, _chart(percent), later)


def _on_the_chart(watch: Watch, chart: Chart, misses: Iterable[bool]) -> Watch:
    state = advance(chart, ChartState(watch.n, watch.height, watch.alarms), misses)
    return replace(watch, n=state.n, height=state.height, alarms=state.alarms)


@cache
def _chart(usual_percent: int) -> Chart:
    """Tuned to detect that the odds of a miss double, as in Steiner et al. 2000, Biostatistics 1:441-452."""
    usual = usual_percent / 100
    return chart_for(usual, 2 * usual / (1 + usual), FALSE_ALARM_EVERY)


@cache
def _run_length(usual_percent: int) -> float:
    chart = _chart(usual_percent)
    return average_run_length(chart, chart.usual)
