"""The item analysis of any quiz's data, as `quizapp analyse` prints it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from quizapp.analysis.figures import Analysis, ItemFigures, ItemMeasures, item_figures, measure, test_figures
from quizapp.analysis.marks import UNIT, read_marks
from quizapp.analysis.points import ItemAnswers, read_answers
from quizapp.analysis.table import AnalysisError, Missing, keys_in_order, open_table, read_key
from quizapp.stats.classical_test_theory import alphas_if_deleted
from quizapp.stats.item_analysis import item_flags, option_figures

__all__ = ["Analysis", "AnalysisError", "Missing", "analyse_file", "as_json", "as_text"]


def analyse_file(path: Path, key_path: Path | None = None, missing: Missing = Missing.WRONG) -> Analysis:
    """Analyse a CSV file with a header of item ids and one row a person.

    With a key file (columns item,key) cells are options chosen; without one, marks from 0 to 1. An empty
    cell is missing: it counts 0 with Missing.WRONG; with Missing.DROP a person with any empty cell is left
    out of every figure. Raises AnalysisError naming file, row and column, where a row is ragged or a mark is
    no number.
    """
    if key_path is None:
        return _analyse_marks(path, missing)
    return _analyse_answers(path, read_key(key_path), missing)


def _analyse_marks(path: Path, missing: Missing) -> Analysis:
    with open_table(path) as table:
        marks = read_marks(table, missing)
    return _analysis(table.item_ids, measure(marks.items(), marks.ascending_scores(), UNIT), UNIT)


def _analyse_answers(path: Path, keys: Mapping[str, str], missing: Missing) -> Analysis:
    with open_table(path) as table:
        answers = read_answers(table, keys_in_order(table.item_ids, keys), missing)
    scores = sorted(Counter(answers.scores).elements())
    measures = measure((item.points() for item in answers.items), scores, unit=1)
    analysis = _analysis(table.item_ids, measures, unit=1)
    claims = sum(len(item.choosers().keys() - {item.key}) for item in answers.items)
    items = (
        _with_options(figures, item, measured, claims)
        for figures, item, measured in zip(analysis.items, answers.items, measures, strict=True)
    )
    return replace(analysis, items=tuple(items))


def _analysis(item_ids: Sequence[str], measures: Sequence[ItemMeasures], unit: int) -> Analysis:
    without = alphas_if_deleted([measured.sums for measured in measures])
    items = (
        item_figures(item_id, measured, alpha, unit)
        for item_id, measured, alpha in zip(item_ids, measures, without, strict=True)
    )
    return Analysis(test_figures(measures, unit), tuple(items))


def _with_options(figures: ItemFigures, answers: ItemAnswers, measured: ItemMeasures, claims: int) -> ItemFigures:
    options = option_figures(answers.choosers(), answers.key, measured.sums)
    return replace(figures, options=options, flags=item_flags(options, measured.sums.n, claims))


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
    """{"test": {...}, "items": [{..., "options": [...], "flags": [...]}]}; None, so null, where undefined."""
    return {
        "test": asdict(analysis.test),
        "items": [
            asdict(item) | {"options": [asdict(option) for option in item.options], "flags": list(item.flags)}
            for item in analysis.items
        ],
    }


def as_text(analysis: Analysis) -> str:
    """The test in one line, a table of the items, and a table of each item's options; "-" where undefined."""
    test = analysis.test
    lines = [
        f"{test.n} people, {test.k} items; mean {_number(test.mean)}, sd {_number(test.sd)},"
        f" alpha {_number(test.alpha)}, standard error {_number(test.sem)}",
        "",
        *_table([_row(item, item.id, _COLUMNS, ", ".join(item.flags)) for item in analysis.items], _COLUMNS),
    ]
    for item in analysis.items:
        if item.options:
            lines += ["", *_option_lines(item)]
    return "\n".join(lines) + "\n"


def _option_lines(item: ItemFigures) -> Iterator[str]:
    rows = [_row(option, option.id, _OPTION_COLUMNS, "key" if option.is_key else "") for option in item.options]
    return _table(rows, _OPTION_COLUMNS, item.id)


def _row(figures: object, name: str, columns: dict[str, str], remark: str) -> list[str]:
    return [name, *(_number(getattr(figures, column)) for column in columns), remark]


def _table(rows: Sequence[Sequence[str]], columns: dict[str, str], title: str = "item") -> Iterator[str]:
    """The name to the left, figures to the right, a remark at the end."""
    table = [[title, *columns.values(), ""], *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *figures, remark in table:
        cells = [name.ljust(widths[0]), *map(str.rjust, figures, widths[1:])]
        yield "  ".join([*cells, remark]).rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
