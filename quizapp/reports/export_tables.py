"""The tables that can be exported. A column is one entry: its id, its cell in a row, meaning, unit and formula."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from quizapp.domain.gettext_marker import N_
from quizapp.domain.outcomes import OUTCOME_LABELS
from quizapp.reports import export_rows
from quizapp.reports.figures import Published
from quizapp.reports.tables import Cell, Column, Table


@dataclass(frozen=True)
class ExportColumn(Column):
    """A column, and its cell in one of the rows that the table's function yields."""

    cell: Callable[[Any], Cell] = field(kw_only=True)


@dataclass(frozen=True)
class ExportTable:
    """A table of published figures. `title` is marked for translation: pages show it too."""

    id: str
    title: str
    rows: Callable[[Published], Iterator[Any]]
    columns: tuple[ExportColumn, ...]

    def made(self, published: Published, notes: tuple[str, ...]) -> Table:
        rows = (tuple(column.cell(row) for column in self.columns) for row in self.rows(published))
        return Table(self.id, self.title, self.columns, tuple(rows), notes)


def _dictionary(_published: Published) -> Iterator[tuple[ExportTable, ExportColumn]]:
    for table in EXPORTS.values():
        for column in table.columns:
            yield table, column


def _column(id: str, cell: Callable[[Any], Cell], meaning: str, unit: str = "", formula: str = "") -> ExportColumn:
    return ExportColumn(id, meaning, unit, formula, cell=cell)


ABOUT, HASH = "What the lessons are about.", "The content as it was at one moment, by its hash."
PLACE = (
    _column("procedure", lambda row: row.group.procedure.id, ABOUT),
    _column("edition", lambda row: row.group.place.edition, HASH),
    _column("language", lambda row: row.group.place.language, "The language that the patient read."),
    _column("quarter", lambda row: row.group.place.quarter, "The quarter in which the attempts entered the totals."),
)
ITEM = _column(
    "item",
    lambda row: row.item.id if row.item else "",
    "The question's id; empty where the row is about whole attempts.",
)
LEFT_OUT = "empty where it is left out because it is small."


def _n(unit: str, meaning: str = f"How many; {LEFT_OUT}", formula: str = "") -> ExportColumn:
    return _column("n", lambda row: row.n, meaning, unit, formula)


def _percent(base: str) -> ExportColumn:
    return _column(
        "percent",
        lambda row: row.percent,
        "The share, of the numbers shown; empty where one of them is left out or few.",
        "per cent",
        f"100 × n / {base}, to a whole number, at most 100",
    )


EXPORTS = {
    table.id: table
    for table in (
        ExportTable(
            "summary",
            N_("Summary"),
            export_rows.summary,
            (
                *PLACE,
                ITEM,
                _column(
                    "value",
                    lambda row: row.value,
                    "The option chosen at the first try, the scores, or the outcome; empty elsewhere.",
                ),
                _column(
                    "measure",
                    lambda row: row.measure,
                    'What is counted. "still wrong": missed at first and not right after, asked again or not. '
                    '"don\'t know": at the first try. "score": items right at the first try.',
                ),
                _n("attempts (outcomes: talks)"),
                _percent("attempts at the question (scores: attempts; outcomes: talks about it, none for not-talked)"),
            ),
        ),
        ExportTable(
            "options",
            N_("Options chosen at the first try"),
            export_rows.options,
            (
                *PLACE,
                ITEM,
                _column("stem", lambda row: row.item.forms[0].stem, "The question as patients read it."),
                _column("option", lambda row: row.option.id, "The option's id."),
                _column("text", lambda row: row.option.text, "The option as patients read it."),
                _column("key", lambda row: "yes" if row.option.key else "no", "yes where it is the leaflet's answer."),
                _column(
                    "misconception",
                    lambda row: row.group.procedure.misconception_name(row.option.misconception),
                    "The belief that a wrong option stands for.",
                ),
                _column("attempts", lambda row: row.base, "How many answered the question.", "attempts"),
                _n("attempts"),
                _percent("attempts"),
            ),
        ),
        ExportTable(
            "misconceptions",
            N_("Beliefs across questions"),
            export_rows.beliefs,
            (
                *PLACE,
                _column("misconception", lambda row: row.belief.id, "The belief's id."),
                _column("name", lambda row: row.belief.name, "The belief in words."),
                _column("items", lambda row: " ".join(row.items), "The questions with an option that stands for it."),
                _n(
                    "choices",
                    "How often such an option was chosen at first try; one patient may count at several questions. "
                    "Empty where one of the options is left out.",
                    "the sum of n in the table of options, over the options that stand for the belief",
                ),
            ),
        ),
        ExportTable(
            "scores",
            N_("Distribution of scores"),
            export_rows.scores,
            (
                *PLACE,
                _column(
                    "lowest", lambda row: row.band.lowest, "The band's lowest score.", "items right at the first try"
                ),
                _column(
                    "highest", lambda row: row.band.highest, "The band's highest score.", "items right at the first try"
                ),
                _n("attempts"),
                _percent("attempts"),
            ),
        ),
        ExportTable(
            "outcomes",
            N_("Outcomes of talks"),
            export_rows.outcomes,
            (
                *PLACE,
                ITEM,
                _column("outcome", lambda row: row.outcome.value, "The outcome's id."),
                _column("label", lambda row: OUTCOME_LABELS[row.outcome], "The outcome in words."),
                _column(
                    "talks",
                    lambda row: row.base,
                    'How many talks about the question have an outcome; "not-talked" is none of them.',
                    "talks",
                ),
                _n("talks", f"How many ended so; {LEFT_OUT}"),
                _percent("talks"),
            ),
        ),
        ExportTable(
            "editions",
            N_("What changed when"),
            export_rows.editions,
            (
                _column("procedure", lambda row: row.edition.procedure.id, ABOUT),
                _column("edition", lambda row: row.edition.id, HASH),
                _column(
                    "first_day", lambda row: row.edition.first_day.isoformat(), "The first day it was served.", "date"
                ),
                _column(
                    "items",
                    lambda row: len(list(row.edition.procedure.items())),
                    "How many questions it has.",
                    "questions",
                ),
                _column(
                    "added", lambda row: " ".join(row.changes.added), "Questions that the edition before did not have."
                ),
                _column(
                    "changed",
                    lambda row: " ".join(row.changes.changed),
                    "Questions whose words, options or feedback changed.",
                ),
                _column("removed", lambda row: " ".join(row.changes.removed), "Questions that are gone."),
                _column(
                    "lessons",
                    lambda row: " ".join(row.changes.lessons),
                    "Lessons whose text or drawings changed, came or went.",
                ),
            ),
        ),
        ExportTable(
            "dictionary",
            N_("What every column means"),
            _dictionary,
            (
                _column("table", lambda row: row[0].id, "The table's id."),
                _column("column", lambda row: row[1].id, "The column's id."),
                _column("meaning", lambda row: row[1].meaning, "What it means."),
                _column("unit", lambda row: row[1].unit, "What is counted or measured; empty for text."),
                _column(
                    "formula",
                    lambda row: row[1].formula,
                    "How it is computed; empty where it is only counted or written.",
                ),
            ),
        ),
    )
}
