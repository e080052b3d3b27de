"""The charts that go with a book: the cells of one group, so that each bar is a number of the tables."""

from collections.abc import Iterable

from quizapp.disclosure.item_counts import ATTEMPTS, RIGHT
from quizapp.reports.export_rows import Source, beliefs
from quizapp.reports.published_figures import GroupFigures
from quizapp.reports.tables import Chart


def charts_for(tables: Iterable[str], source: Source) -> tuple[Chart, ...]:
    """One for each of these tables that has a chart; none where there are no figures."""
    if not source.groups:
        return ()
    group = _charted(source)
    return tuple(CHARTS[table](group, source) for table in tables if table in CHARTS)


def _facility(group: GroupFigures, source: Source) -> Chart:
    bars = []
    for item in group.procedure.items():
        right, base = (group.figures.counts[item.id, measure, ""] for measure in (RIGHT, ATTEMPTS))
        bars.append((item.forms[0].stem, source.percent(right, base)))
    return Chart(f"Right at the first try: {_of(group)}", "question", "per cent", tuple(bars))


def _beliefs(group: GroupFigures, _source: Source) -> Chart:
    bars = [(belief.name, n) for belief, _, n in beliefs(group)]
    return Chart(f"Beliefs chosen at the first try: {_of(group)}", "belief", "choices", tuple(bars))


CHARTS = {"summary": _facility, "misconceptions": _beliefs}


def _charted(source: Source) -> GroupFigures:
    """The largest group of the last quarter that has one that can be shown."""
    return max(source.groups, key=lambda g: (g.figures.attempts is not None, g.place.quarter, g.figures.attempts or 0))


def _of(group: GroupFigures) -> str:
    return f"{group.place.quarter}, {group.place.language}, edition {group.place.edition[:6]}"
