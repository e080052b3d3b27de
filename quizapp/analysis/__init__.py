"""The item analysis of any quiz's data, as `quizapp analyse` prints it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from quizapp.analysis.points import UNIT, ItemPoints, Scores, read_answers, read_marks
from quizapp.analysis.table import AnalysisError, Missing, keys_in_order, open_table, read_key
from quizapp.stats import item_analysis
from quizapp.stats.classical_test_theory import (
    ScoreSums,
    TestFigures,
    alphas_if_deleted,
    item_rest_r,
    item_total_r,
    mean,
    whole_test,
)
from quizapp.stats.item_analysis import OptionFigures, item_flags, option_figures
from quizapp.stats.proportions import wilson

__all__ = ["Analysis", "AnalysisError", "Missing", "analyse_file", "as_json", "as_text"]


@dataclass(frozen=True)
class ItemFigures:
    """One item; each figure as its function in `stats` says, None if undefined.

    facility with its 95 % interval from 0 to 1; discriminative_efficiency and d27 from -1 to 1, not in per cent.
    options and flags are empty if the file holds marks.
    """

    id: str
    n: int
    facility: float | None
    facility_low: float | None
    facility_high: float | None
    item_total_r: float | None
    item_rest_r: float | None
    alpha_if_deleted: float | None
    discriminative_efficiency: float | None
    d27: float | None
    options: Sequence[OptionFigures]
    flags: Sequence[str]


@dataclass(frozen=True)
class Analysis:
    """The test, and its items in the file's order."""

    test: TestFigures
    items: Sequence[ItemFigures]


def analyse_file(path: Path, key_path: Path | None = None, missing: Missing = Missing.WRONG) -> Analysis:
    """Analyse a CSV file with a header of item ids and one row a person.

    With a key file (columns item,key) cells are options chosen; without one, marks from 0 to 1. An empty cell is
    missing: it counts 0 with Missing.WRONG; with Missing.DROP a person with any empty cell is left out of every
    figure. Raise AnalysisError, which names file, row and column, for a ragged row or a mark that is no number.
    """
    keys = None if key_path is None else read_key(key_path)
    with open_table(path) as table:
        if keys is None:
            return _analysis_of(table.item_ids, *read_marks(table, missing), UNIT)
        return _analysis_of(table.item_ids, *read_answers(table, keys_in_order(table.item_ids, keys), missing), 1)


def _analysis_of(item_ids: Sequence[str], items: Iterable[ItemPoints], scores: Scores, unit: int) -> Analysis:
    """Return the figures of all items. A mark of 1 counts as `unit`."""
    everyone = ScoreSums(len(scores), sum(scores), sum(score * score for score in scores))
    sums, figures = [], []
    for item_id, item in zip(item_ids, items, strict=True):
        own = item.sums(everyone)
        interval = wilson(own.mark / unit, own.n)
        marks, rests = item.ascending_marks(), item.ascending_rests()
        d27 = item_analysis.upper_lower_index(item.marks, scores)
        sums.append(own)
        figures.append(
            ItemFigures(
                id=item_id,
                n=own.n,
                facility=mean(own.mark, own.n * unit),
                facility_low=interval.low if interval else None,
                facility_high=interval.high if interval else None,
                item_total_r=item_total_r(own),
                item_rest_r=item_rest_r(own),
                alpha_if_deleted=None,
                discriminative_efficiency=item_analysis.discriminative_efficiency(own, marks, rests),
                d27=None if d27 is None else d27 / unit,
                options=[] if item.key is None else list(option_figures(item.choosers, item.key, own)),
                flags=[],
            )
        )
    # The rest depends on all items.
    distractors = sum(not option.is_key for each in figures for option in each.options)
    whole = [
        replace(each, alpha_if_deleted=alpha, flags=list(item_flags(each.options, everyone.n, distractors)))
        for each, alpha in zip(figures, alphas_if_deleted(sums), strict=True)
    ]
    return Analysis(whole_test(sums, unit), whole)


_COLUMNS = {
    "n": "n",
    "facility": "facility",
    "facility_low": "from",
    "facility_high": "to",
    "item_total_r": "r total",
    "item_rest_r": "r rest",
    "alpha_if_deleted": "alpha w/o",
    "discriminative_efficiency": "efficiency",
    "d27": "D27",
}
_OPTION_COLUMNS = {"n": "n", "share": "share", "mean_rest": "mean rest", "r_rest": "r rest"}


def as_json(analysis: Analysis) -> dict[str, Any]:
    """Return {"test": {...}, "items": [{..., "options": [...], "flags": [...]}]}; None, so null, if undefined."""
    return asdict(analysis)


def as_text(analysis: Analysis) -> str:
    """Return the test in one line, a table of the items, and a table of each item's options; "-" if undefined."""
    test = analysis.test
    lines = [
        f"{test.n} people, {test.k} items; mean {_number(test.mean)}, sd {_number(test.sd)},"
        f" alpha {_number(test.alpha)}, standard error {_number(test.sem)}",
        "",
        *_table([_row(item, item.id, _COLUMNS, ", ".join(item.flags)) for item in analysis.items], _COLUMNS),
    ]
    for item in analysis.items:
        if item.options:
            rows = [_row(one, one.id, _OPTION_COLUMNS, "key" if one.is_key else "") for one in item.options]
            lines += ["", *_table(rows, _OPTION_COLUMNS, item.id)]
    return "\n".join(lines) + "\n"


def _row(figures: object, name: str, columns: dict[str, str], remark: str) -> list[str]:
    return [name, *(_number(getattr(figures, column)) for column in columns), remark]


def _table(rows: Sequence[Sequence[str]], columns: dict[str, str], title: str = "item") -> Iterator[str]:
    """Yield a line for each row: the name to the left, figures to the right, a remark at the end."""
    table = [[title, *columns.values(), ""], *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *figures, remark in table:
        cells = [name.ljust(widths[0]), *map(str.rjust, figures, widths[1:])]
        yield "  ".join([*cells, remark]).rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
