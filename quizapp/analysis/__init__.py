"""The item analysis of any quiz's data, as `quizapp analyse` prints it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from quizapp.analysis.figures import Analysis, analysis_of
from quizapp.analysis.points import UNIT, read_answers, read_marks
from quizapp.analysis.table import AnalysisError, Missing, keys_in_order, open_table, read_key

__all__ = ["Analysis", "AnalysisError", "Missing", "analyse_file", "as_json", "as_text"]


def analyse_file(path: Path, key_path: Path | None = None, missing: Missing = Missing.WRONG) -> Analysis:
    """Analyse a CSV file with a header of item ids and one row a person.

    With a key file (columns item,key) cells are options chosen; without one, marks from 0 to 1. An empty cell is
    missing: it counts 0 with Missing.WRONG; with Missing.DROP a person with any empty cell is left out of every
    figure. Raise AnalysisError, which names file, row and column, for a ragged row or a mark that is no number.
    """
    keys = None if key_path is None else read_key(key_path)
    with open_table(path) as table:
        if keys is None:
            return analysis_of(table.item_ids, *read_marks(table, missing), UNIT)
        answers, scores = read_answers(table, keys_in_order(table.item_ids, keys), missing)
    return analysis_of(table.item_ids, [item.points() for item in answers], scores, 1, answers)


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
