"""The summary of what a procedure's attempts showed, built from the tallies alone."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy.orm import Session

from quizapp.domain.grading import Result
from quizapp.domain.items import Item, Procedure
from quizapp.domain.reviewing import Outcome
from quizapp.domain.tables import Cell, Column, Table
from quizapp.services.editions import Editions
from quizapp.services.releases import waiting
from quizapp.storage import tallies
from quizapp.storage.models import TallyOption

Place = tuple[str, str, str]  # quarter, edition, language

COLUMNS = (
    Column("procedure", "What consent is asked for."),
    Column("edition", "The content as it was at one moment, by its hash."),
    Column("language", "The language that the patient read."),
    Column("quarter", "The quarter in which the attempts entered the tallies."),
    Column("item", "The question; empty where the row is about whole attempts."),
    Column("form", "The wording of the question; empty where the row is about all wordings."),
    Column("option", "The option chosen at the first try, the score, or the outcome; empty elsewhere."),
    Column("measure", "What is counted."),
    Column("n", "How many.", "attempts; for outcomes: talks"),
)


def summary(session: Session, editions: Editions, procedure_id: str) -> Table:
    """Scores, items, options and outcomes of one procedure, one count a row."""
    rows: list[tuple[Cell, ...]] = []
    by_place: dict[Place, list[TallyOption]] = {}
    for option in tallies.options(session, procedure_id):
        by_place.setdefault((option.quarter, option.edition, option.language), []).append(option)
    talks: dict[tuple[Place, str, str], int] = {}
    for talk in tallies.outcomes(session, procedure_id):
        talks[(talk.quarter, talk.edition, talk.language), talk.item, talk.outcome] = talk.n
    scores: dict[Place, dict[int, int]] = {}
    for row in tallies.scores(session, procedure_id):
        scores.setdefault((row.quarter, row.edition, row.language), {})[row.score] = row.n
    for place in sorted(set(by_place) | {place for place, _, _ in talks}):
        quarter, edition_id, language = place
        procedure = editions.by_id(session, edition_id).in_language(language)
        start = (procedure_id, edition_id, language, quarter)
        for cells in _score_rows(procedure, scores.get(place, {})):
            rows.append((*start, *cells))
        for item in procedure.items():
            chosen = [option for option in by_place.get(place, []) if option.item == item.id]
            for cells in _item_rows(item, chosen):
                rows.append((*start, *cells))
            for outcome in Outcome:
                n = talks.get((place, item.id, outcome.value), 0)
                rows.append((*start, item.id, "", outcome.value, "outcome", n))
    note = f"{waiting(session, procedure_id)} finished attempts still wait to be counted."
    return Table("summary", "Summary", COLUMNS, tuple(rows), (note,))


def _score_rows(procedure: Procedure, counts: dict[int, int]) -> Iterator[tuple[Cell, ...]]:
    yield ("", "", "", "attempts", sum(counts.values()))
    for score in range(sum(1 for _ in procedure.items()) + 1):
        yield ("", "", str(score), "score", counts.get(score, 0))


def _item_rows(item: Item, chosen: list[TallyOption]) -> Iterator[tuple[Cell, ...]]:
    measures: Counter[str] = Counter()
    options: Counter[tuple[str, str]] = Counter()
    for row in chosen:
        for measure in measures_of(item, row):
            measures[measure] += row.n
        options[row.form, row.option] += row.n
    for measure in ITEM_MEASURES:
        yield (item.id, "", "", measure, measures[measure])
    form = item.forms[0]
    for option in form.options:
        yield (item.id, form.id, option.id, "option", options[form.id, option.id])


ITEM_MEASURES = (
    "attempts",
    "right at first try",
    "right after the retry",
    "still wrong",
    "don't know",
    "sure and wrong",
)


def measures_of(item: Item, row: TallyOption) -> Iterator[str]:
    """The measures that a tally row counts for.

    "still wrong" is missed (wrong or not known) at first and not right after, whether or not a retry was offered;
    "don't know" is "I don't know yet" at the first try.
    """
    yield "attempts"
    form = item.form(row.form)
    if form is not None and row.option == form.key.id:
        yield "right at first try"
        return
    yield "right after the retry" if row.retry == Result.RIGHT.value else "still wrong"
    if row.option == "":
        yield "don't know"
    elif row.certainty == "sure":
        yield "sure and wrong"
