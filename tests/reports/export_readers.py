"""What a reader has before them: every table of a release and the report, taken back apart into numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from quizapp.disclosure.publication import Band, Figures, PartialSum
from quizapp.disclosure.suppression import ATTEMPTS, OPTION, OUTCOME, TALKS, CellId
from quizapp.domain.outcomes import Outcome
from quizapp.reports.export_tables import EXPORTS, ExportTable
from quizapp.reports.figures import GroupFigures, Published, ServedEdition
from quizapp.reports.report_figures import beliefs_chosen, missed_items, talks_in
from quizapp.reports.tables import Cell

PERCENT_BASE = 11
NUMBERS_OF_MISSED = 5  # attempts less right, or distractors (three at most) and don't know
Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Summed:
    """A number that is a sum of others: which counts of which quarters, and how far rounding can move it.

    `at_least`: some of them are left out.
    """

    parts: tuple[tuple[str, CellId], ...]
    shown: int
    slack: int
    at_least: bool


@dataclass(frozen=True)
class Release:
    """All that one publication says: figures by quarter, and sums of them."""

    figures: Mapping[str, Figures]
    sums: tuple[Summed, ...]


def release_of(groups: Sequence[GroupFigures]) -> Release:
    """Writes the tables and the report as the program does, and reads every number in them.

    Raises AssertionError where two tables contradict one another, or a percentage is not of numbers shown.
    """
    procedure = groups[-1].procedure
    source = Published(tuple(groups), PERCENT_BASE, (ServedEdition("e", date(2026, 1, 2), procedure),))
    tables = {table.id: _rows(table, source) for table in EXPORTS.values()}
    assert tables.keys() == {
        "summary", "options", "misconceptions", "scores", "outcomes", "editions", "dictionary"
    }, "a table that nobody attacks"  # fmt: skip
    figures = {quarter: _figures(tables["summary"], quarter) for quarter in sorted({g.place.quarter for g in groups})}
    for row in tables["options"]:
        counts = figures[_text(row, "quarter")].counts
        assert row["n"] == counts[_text(row, "item"), OPTION, _text(row, "option")]
        assert row["attempts"] == counts[_text(row, "item"), ATTEMPTS, ""]
        _check_percent(row["percent"], row["n"], row["attempts"])
    for row in tables["scores"]:
        of = figures[_text(row, "quarter")]
        assert Band(row["lowest"], row["highest"], row["n"]) in of.bands
        _check_percent(row["percent"], row["n"], of.attempts)
    for row in tables["editions"] + tables["dictionary"]:
        assert [name for name, cell in row.items() if isinstance(cell, int)] in ([], ["items"])
    talks = {}
    for row in tables["outcomes"]:
        quarter, item = _text(row, "quarter"), _text(row, "item")
        talks[quarter, item] = row["talks"]
        assert row["n"] == figures[quarter].counts[item, OUTCOME, _text(row, "outcome")]
        _check_percent(row["percent"], row["n"], row["talks"])
    whole = {
        quarter: Figures(
            of.attempts,
            {**of.counts, **{(item, TALKS, ""): n for (where, item), n in talks.items() if where == quarter}},
            of.bands,
        )
        for quarter, of in figures.items()
    }
    _check_summary_percents(tables["summary"], whole)
    return Release(whole, (*_beliefs(tables["misconceptions"], groups), *_report(source)))


def _rows(table: ExportTable, source: Published) -> list[dict[str, Any]]:
    return [dict(zip((column.id for column in table.columns), row, strict=True)) for row in table.rows(source)]


def _text(row: Row, column: str) -> str:
    cell = row[column]
    assert isinstance(cell, str)
    return cell


def _figures(summary: list[dict[str, Any]], quarter: str) -> Figures:
    counts: dict[CellId, int | None] = {}
    bands, attempts = [], None
    for row in (row for row in summary if row["quarter"] == quarter):
        if row["measure"] == "score":
            lowest, _, highest = row["value"].partition(" to ")
            bands.append(Band(int(lowest), int(highest or lowest), row["n"]))
        elif not row["item"]:
            attempts = row["n"]
        else:
            counts[row["item"], row["measure"], row["value"]] = row["n"]
    return Figures(attempts, counts, tuple(bands))


def _check_summary_percents(summary: list[dict[str, Any]], figures: Mapping[str, Figures]) -> None:
    for row in summary:
        of = figures[row["quarter"]]
        if row["measure"] == "score":
            _check_percent(row["percent"], row["n"], of.attempts)
        elif row["measure"] != ATTEMPTS:
            base = TALKS if row["measure"] == OUTCOME else ATTEMPTS
            _check_percent(row["percent"], row["n"], of.counts[row["item"], base, ""])


def _check_percent(percent: Cell, n: Cell, base: Cell) -> None:
    """A percentage tells nothing beside the numbers it is made of, and there is none where they are not shown."""
    if percent is not None:
        assert isinstance(n, int)
        assert isinstance(base, int)
        assert base >= PERCENT_BASE
        assert abs(100 * min(n, base) / base - percent) <= 0.5


def _beliefs(rows: list[dict[str, Any]], groups: Sequence[GroupFigures]) -> list[Summed]:
    by_quarter = {group.place.quarter: group for group in groups}
    return [
        _summed(_standing_for(row["misconception"], [by_quarter[row["quarter"]]]), PartialSum(row["n"]))
        for row in rows
        if row["n"] is not None
    ]


def _standing_for(belief: str, groups: Sequence[GroupFigures]) -> tuple[tuple[str, CellId], ...]:
    return tuple(
        (group.place.quarter, (item.id, OPTION, option.id))
        for group in groups
        for item in group.procedure.items()
        for option in item.forms[0].options
        if option.misconception == belief
    )


def _report(source: Published) -> list[Summed]:
    procedure = source.groups[-1].procedure
    every = [group.place.quarter for group in source.groups]
    # The report says of how many groups it shows nothing at all; its numbers are of the others.
    large = [group for group in source.groups if group.figures.attempts is not None]
    shown = [group.place.quarter for group in large]
    found = []
    for one in missed_items(procedure, source):
        item = one.item.id
        found.append(_summed(_over(shown, item, "missed"), one.share.missed, numbers=NUMBERS_OF_MISSED))
        found.append(_summed(_over(shown, item, "still wrong"), one.still_wrong))
        found.append(_summed(_over(shown, item, "don't know"), one.dont_know))
        found.append(_summed(_over(shown, item, ATTEMPTS), one.share.answers))
        _check_percent(one.share.percent, one.share.missed.n, one.share.answers.n)
    for one in beliefs_chosen(procedure, source):
        found.append(_summed(_standing_for(one.belief.id, large), one.chosen))
    talks = talks_in(procedure, source)
    for one in talks.items:
        found.append(_summed(_over(every, one.item.id, TALKS), one.talks))
        for outcome in Outcome:
            found.append(_summed(_over(every, one.item.id, OUTCOME, outcome.value), one.outcomes[outcome]))
    items = [item.id for item in procedure.items()]
    found.append(_summed(tuple(part for item in items for part in _over(every, item, TALKS)), talks.talks))
    for outcome, n in talks.outcomes.items():
        parts = tuple(part for item in items for part in _over(every, item, OUTCOME, outcome.value))
        found.append(_summed(parts, n))
    return found


def _over(quarters: Sequence[str], item: str, measure: str, option: str = "") -> tuple[tuple[str, CellId], ...]:
    return tuple((quarter, (item, measure, option)) for quarter in quarters)


def _summed(parts: tuple[tuple[str, CellId], ...], shown: PartialSum, numbers: int = 1) -> Summed:
    """`numbers`: how many rounded numbers may stand behind each part."""
    return Summed(parts, shown.n, 2 * numbers * len(parts), not shown.complete)
