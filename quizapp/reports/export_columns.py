"""The tables that can be handed on, each with its columns: what they mean, in which unit, by which formula."""

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.reports import export_rows
from quizapp.reports.export_rows import Rows, Source
from quizapp.reports.tables import Column, Table


@dataclass(frozen=True)
class ExportTable:
    """One table: what it is, its columns, and how its rows come from the figures."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Source], Rows]

    def made(self, source: Source, notes: tuple[str, ...]) -> Table:
        return Table(self.id, self.title, self.columns, tuple(self.rows(source)), notes)


def _dictionary(_source: Source) -> Rows:
    for table in EXPORTS.values():
        for column in table.columns:
            yield (table.id, column.id, column.meaning, column.unit, column.formula)


PROCEDURE = Column("procedure", "What the lessons are about.")
EDITION = Column("edition", "The content as it was at one moment, by its hash.")
PLACE = (
    PROCEDURE,
    EDITION,
    Column("language", "The language that the patient read."),
    Column("quarter", "The quarter in which the attempts entered the totals."),
)
ITEM = Column("item", "The question's id; empty where the row is about whole attempts.")
N = Column("n", "How many; empty where it is left out because it is small.", "attempts")


def _percent(base: str) -> Column:
    meaning = "The share, of the numbers shown; empty where one of them is left out or few."
    return Column("percent", meaning, "per cent", f"100 × n / {base}, to a whole number, at most 100")


EXPORTS = {
    table.id: table
    for table in (
        ExportTable(
            "summary",
            "Summary",
            (
                *PLACE,
                ITEM,
                Column("value", "The option chosen at the first try, the scores, or the outcome; empty elsewhere."),
                Column(
                    "measure",
                    'What is counted. "still wrong": missed at first and not right after, asked again or not. '
                    '"don\'t know": at the first try. "score": items right at the first try.',
                ),
                Column("n", "How many; empty where it is left out because it is small.", "attempts (outcomes: talks)"),
                _percent("attempts at the question (scores: attempts; outcomes: talks about the question)"),
            ),
            export_rows.summary,
        ),
        ExportTable(
            "options",
            "Options chosen at the first try",
            (
                *PLACE,
                ITEM,
                Column("stem", "The question as patients read it."),
                Column("option", "The option's id."),
                Column("text", "The option as patients read it."),
                Column("key", "yes where it is the leaflet's answer."),
                Column("misconception", "The belief that a wrong option stands for."),
                Column("attempts", "How many answered the question.", "attempts"),
                N,
                _percent("attempts"),
            ),
            export_rows.options,
        ),
        ExportTable(
            "misconceptions",
            "Beliefs across questions",
            (
                *PLACE,
                Column("misconception", "The belief's id."),
                Column("name", "The belief in words."),
                Column("items", "The questions with an option that stands for it."),
                Column(
                    "n",
                    "How often such an option was chosen at first try; one patient may count at several questions. "
                    "Empty where one of the options is left out.",
                    "choices",
                    "the sum of n in the table of options, over the options that stand for the belief",
                ),
            ),
            export_rows.misconceptions,
        ),
        ExportTable(
            "scores",
            "Distribution of scores",
            (
                *PLACE,
                Column("lowest", "The band's lowest score.", "items right at the first try"),
                Column("highest", "The band's highest score.", "items right at the first try"),
                N,
                _percent("attempts"),
            ),
            export_rows.scores,
        ),
        ExportTable(
            "outcomes",
            "Outcomes of talks",
            (
                *PLACE,
                ITEM,
                Column("outcome", "The outcome's id."),
                Column("label", "The outcome in words."),
                Column("talks", "How many talks about the question have an outcome.", "talks"),
                Column("n", "How many ended so; empty where it is left out because it is small.", "talks"),
                _percent("talks"),
            ),
            export_rows.outcomes,
        ),
        ExportTable(
            "editions",
            "What changed when",
            (
                PROCEDURE,
                EDITION,
                Column("first_day", "The first day it was served.", "date"),
                Column("items", "How many questions it has.", "questions"),
                Column("added", "Questions that the edition before did not have."),
                Column("changed", "Questions whose words, options or feedback changed."),
                Column("removed", "Questions that are gone."),
                Column("lessons", "Lessons whose text or drawings changed, came or went."),
            ),
            export_rows.editions,
        ),
        ExportTable(
            "dictionary",
            "What every column means",
            (
                Column("table", "The table's id."),
                Column("column", "The column's id."),
                Column("meaning", "What it means."),
                Column("unit", "What is counted or measured; empty for text."),
                Column("formula", "How it is computed; empty where it is only counted or written."),
            ),
            _dictionary,
        ),
    )
}
