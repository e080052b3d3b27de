"""The item analysis of any quiz's data, as `quizapp analyse` prints it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from quizapp.analysis.figures import Analysis, ItemFigures, ItemMeasures, item_figures, measure, test_figures
from quizapp.analysis.marks import UNIT, read_marks
from quizapp.analysis.points import ItemAnswers, read_answers
from quizapp.analysis.printing import as_json, as_text
from quizapp.analysis.table import AnalysisError, Missing, keys_in_order, open_table, read_key
from quizapp.stats.classical_test_theory import alphas_if_deleted
from quizapp.stats.distractors import item_flags, option_figures

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
