"""The tables that can be exported: for each its columns, and the function that makes its rows.

Everything is made of published figures. A row has a cell for each column, in their order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quizapp.disclosure.suppression import ATTEMPTS, OPTION, OUTCOME, RESULTS, TALKS
from quizapp.domain.gettext_marker import N_
from quizapp.domain.outcomes import OUTCOME_LABELS, Outcome
from quizapp.reports.comparisons import edition_changes
from quizapp.reports.figures import GroupFigures, Published, options_of_belief
from quizapp.reports.tables import Cell, Column

Rows = Iterator[tuple[Cell, ...]]
MakeRows = Callable[[Published], Rows]


@dataclass(frozen=True)
class ExportTable:
    """A table of published figures. `title` is marked for translation: pages show it too."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: MakeRows


EXPORTS: dict[str, ExportTable] = {}


def export_table(title: str, *columns: Column) -> Callable[[MakeRows], MakeRows]:
    """Add a table to EXPORTS; its id is the name of the function that makes its rows."""

    def add(rows: MakeRows) -> MakeRows:
        EXPORTS[rows.__name__] = ExportTable(rows.__name__, title, columns, rows)
        return rows

    return add


PROCEDURE = Column("procedure", "What the lessons are about.")
EDITION = Column("edition", "The content as it was at one moment, by its hash.")
PLACE = (
    PROCEDURE,
    EDITION,
    Column("language", "The language that the patient read."),
    Column("quarter", "The quarter in which the attempts entered the totals."),
)
ITEM = Column("item", "The question's id; empty where the row is about whole attempts.")
LEFT_OUT = "empty where it is left out because it is small."


def _place(group: GroupFigures) -> tuple[str, str, str, str]:
    """Return the cells of PLACE."""
    return group.procedure.id, group.place.edition, group.place.language, group.place.quarter


def _n(unit: str, meaning: str = f"How many; {LEFT_OUT}", formula: str = "") -> Column:
    return Column("n", meaning, unit, formula)


def _percent(base: str) -> Column:
    return Column(
        "percent",
        "The share, of the numbers shown; empty where one of them is left out or few.",
        "per cent",
        f"100 × n / {base}, to a whole number, at most 100",
    )


@export_table(
    N_("Summary"),
    *PLACE,
    ITEM,
    Column("value", "The option chosen at the first try, the scores, or the outcome; empty elsewhere."),
    Column(
        "measure",
        'What is counted. "still wrong": missed at first and not right after, asked again or not. '
        '"don\'t know": at the first try. "score": items right at the first try.',
    ),
    _n("attempts (outcomes: talks)"),
    _percent("attempts at the question (scores: attempts; outcomes: talks about it, none for not-talked)"),
)
def summary(published: Published) -> Rows:
    for group in published.groups:
        place, counts, everyone = _place(group), group.figures.counts, group.figures.attempts
        yield *place, "", "", ATTEMPTS, everyone, None
        for band in group.figures.bands:
            value = str(band.lowest) if band.lowest == band.highest else f"{band.lowest} to {band.highest}"
            yield *place, "", value, "score", band.n, published.percent(band.n, everyone)
        for item in group.procedure.items():
            base, talks = counts[item.id, ATTEMPTS, ""], counts[item.id, TALKS, ""]
            yield *place, item.id, "", ATTEMPTS, base, None
            cells = [(measure, "", base) for measure in RESULTS]
            cells += [(OPTION, option.id, base) for option in item.forms[0].options]
            cells += [(OUTCOME, outcome.value, talks if outcome.is_talk else None) for outcome in Outcome]
            for measure, value, whole in cells:
                n = counts[item.id, measure, value]
                yield *place, item.id, value, measure, n, published.percent(n, whole)


@export_table(
    N_("Options chosen at the first try"),
    *PLACE,
    ITEM,
    Column("stem", "The question as patients read it."),
    Column("option", "The option's id."),
    Column("text", "The option as patients read it."),
    Column("key", "yes where it is the leaflet's answer."),
    Column("misconception", "The belief that a wrong option stands for."),
    Column("attempts", "How many answered the question.", "attempts"),
    _n("attempts"),
    _percent("attempts"),
)
def options(published: Published) -> Rows:
    for group in published.groups:
        for item in group.procedure.items():
            base, stem = group.figures.counts[item.id, ATTEMPTS, ""], item.forms[0].stem
            for option in item.forms[0].options:
                key, belief = "yes" if option.key else "no", group.procedure.misconception_name(option.misconception)
                n = group.figures.counts[item.id, OPTION, option.id]
                about = (*_place(group), item.id, stem, option.id, option.text, key, belief)
                yield *about, base, n, published.percent(n, base)


@export_table(
    N_("Beliefs across questions"),
    *PLACE,
    Column("misconception", "The belief's id."),
    Column("name", "The belief in words."),
    Column("items", "The questions with an option that stands for it."),
    _n(
        "choices",
        "How often such an option was chosen at first try; one patient may count at several questions. "
        "Empty where one of the options is left out.",
        "the sum of n in the table of options, over the options that stand for the belief",
    ),
)
def misconceptions(published: Published) -> Rows:
    for group in published.groups:
        for belief in group.procedure.misconceptions:
            items = sorted({item.id for item, _ in options_of_belief(group.procedure, belief.id)})
            if items:
                yield *_place(group), belief.id, belief.name, " ".join(items), group.chosen(belief.id).exact


@export_table(
    N_("Distribution of scores"),
    *PLACE,
    Column("lowest", "The band's lowest score.", "items right at the first try"),
    Column("highest", "The band's highest score.", "items right at the first try"),
    _n("attempts"),
    _percent("attempts"),
)
def scores(published: Published) -> Rows:
    for group in published.groups:
        for band in group.figures.bands:
            percent = published.percent(band.n, group.figures.attempts)
            yield *_place(group), band.lowest, band.highest, band.n, percent


@export_table(
    N_("Outcomes of talks"),
    *PLACE,
    ITEM,
    Column("outcome", "The outcome's id."),
    Column("label", "The outcome in words."),
    Column("talks", 'How many talks about the question have an outcome; "not-talked" is none of them.', "talks"),
    _n("talks", f"How many ended so; {LEFT_OUT}"),
    _percent("talks"),
)
def outcomes(published: Published) -> Rows:
    for group in published.groups:
        for item in group.procedure.items():
            talks = group.figures.counts[item.id, TALKS, ""]
            for outcome in Outcome:
                n = group.figures.counts[item.id, OUTCOME, outcome.value]
                percent = published.percent(n, talks) if outcome.is_talk else None
                yield *_place(group), item.id, outcome.value, OUTCOME_LABELS[outcome], talks, n, percent


@export_table(
    N_("What changed when"),
    PROCEDURE,
    EDITION,
    Column("first_day", "The first day it was served.", "date"),
    Column("items", "How many questions it has.", "questions"),
    Column("added", "Questions that the edition before did not have."),
    Column("changed", "Questions whose words, options or feedback changed."),
    Column("removed", "Questions that are gone."),
    Column("lessons", "Lessons whose text or drawings changed, came or went."),
)
def editions(published: Published) -> Rows:
    before = None
    for edition in published.editions:
        after = edition.procedure
        found = edition_changes(before or after, after)  # the first one changed nothing
        ids = (" ".join(each) for each in (found.added, found.changed, found.removed, found.lessons))
        yield after.id, edition.id, edition.first_day.isoformat(), len(list(after.items())), *ids
        before = after


@export_table(
    N_("What every column means"),
    Column("table", "The table's id."),
    Column("column", "The column's id."),
    Column("meaning", "What it means."),
    Column("unit", "What is counted or measured; empty for text."),
    Column("formula", "How it is computed; empty where it is only counted or written."),
)
def dictionary(_published: Published) -> Rows:
    for table in EXPORTS.values():
        for column in table.columns:
            yield table.id, column.id, column.meaning, column.unit, column.formula
