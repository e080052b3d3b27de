"""Shares as bars: widths in per cent of the drawing, as the templates print them."""

from dataclasses import dataclass

from quizapp.stats.intervals import Interval
from quizapp.stats.proportions import Share
from quizapp.web.i18n import percent_words


@dataclass(frozen=True)
class Bar:
    """`kind`: "right", "missed" or "unknown". `low` and `high` end the whisker; "" where there is no interval."""

    kind: str
    width: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class BarRow:
    """One labelled bar of a chart, with its value in words."""

    label: str
    value: str
    bar: Bar


def bar(kind: str, share: float | None, interval: Interval | None = None) -> Bar:
    """A bar of this share (0 to 1), with a whisker where there is an interval; None: an empty track."""
    if interval is None:
        return Bar(kind, _width(share or 0))
    return Bar(kind, _width(share or 0), _width(interval.low), _width(interval.high))


def share_bar(kind: str, share: Share) -> Bar:
    return bar(kind, share.value, share.interval)


def _width(share: float) -> str:
    return f"{100 * share:.1f}"


def percent(share: float) -> str:
    """ "21%"."""
    return percent_words(round(100 * share))
