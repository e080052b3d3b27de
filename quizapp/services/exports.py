"""The tables that can be handed on: one builder from released counts, whatever the profile and the format."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.domain.disclosure import added_up, percentage
from quizapp.domain.item_counts import (
    ATTEMPTS,
    DONT_KNOW,
    OPTION,
    OUTCOME,
    RIGHT,
    RIGHT_AFTER,
    STILL_WRONG,
    SURE_WRONG,
    TALKS,
)
from quizapp.domain.items import Item, Procedure
from quizapp.domain.reviewing import OUTCOME_LABELS, Outcome
from quizapp.domain.tables import Book, Cell, Column, Table
from quizapp.services.editions import Editions
from quizapp.services.figures import PROFILES, GroupFigures, Profile, group_figures
from quizapp.services.releases import waiting
from quizapp.storage import editions as stored_editions
from quizapp.storage import tallies


@dataclass(frozen=True)
class Asked:
    """What an export is of. "" means all quarters, editions or languages; `table` is an id of EXPORTS, or "all"."""

    procedure: str
    table: str = "summary"
    profile: str = "publishable"
    quarter: str = ""
    edition: str = ""
    language: str = ""


@dataclass(frozen=True)
class Source:
    """What the builders work on."""

    groups: tuple[GroupFigures, ...]
    min_group: int
    editions: tuple[tuple[str, date, Procedure], ...] = ()


@dataclass(frozen=True)
class ExportTable:
    """One table: what it is, its columns, and how its rows come from the figures."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Source], Iterator[tuple[Cell, ...]]]


PLACE = (
    Column("procedure", "What consent is asked for."),
    Column("edition", "The content as it was at one moment, by its hash."),
    Column("language", "The language that the patient read."),
    Column("quarter", "The quarter in which the attempts entered the totals."),
)
N = Column("n", "How many; empty where it is left out because it is small.", "attempts")
MEASURES = (ATTEMPTS, RIGHT, RIGHT_AFTER, STILL_WRONG, DONT_KNOW, SURE_WRONG)


def _place(group: GroupFigures) -> tuple[Cell, ...]:
    return (group.procedure.id, group.place.edition, group.place.language, group.place.quarter)


def _percent(part: int | None, base: int | None, source: Source) -> int | None:
    return percentage(part, base, source.min_group)


def _summary(source: Source) -> Iterator[tuple[Cell, ...]]:
    for group in source.groups:
        start, counts = _place(group), group.figures.counts
        everyone = group.figures.attempts
        yield (*start, "", "", ATTEMPTS, everyone, None)
        for band in group.figures.bands:
            share = _percent(band.n, everyone, source)
            yield (*start, "", _band(band.lowest, band.highest), "score", band.n, share)
        for item in group.procedure.items():
            base = counts[item.id, ATTEMPTS, ""]
            for measure in MEASURES:
                n = counts[item.id, measure, ""]
                yield (*start, item.id, "", measure, n, None if measure == ATTEMPTS else _percent(n, base, source))
            for option in item.forms[0].options:
                n = counts[item.id, OPTION, option.id]
                yield (*start, item.id, option.id, "option", n, _percent(n, base, source))
            for outcome in Outcome:
                n = counts[item.id, OUTCOME, outcome.value]
                talks = counts[item.id, TALKS, ""]
                yield (*start, item.id, outcome.value, "outcome", n, _percent(n, talks, source))


def _options(source: Source) -> Iterator[tuple[Cell, ...]]:
    for group in source.groups:
        for item in group.procedure.items():
            base = group.figures.counts[item.id, ATTEMPTS, ""]
            form = item.forms[0]
            for option in form.options:
                n = group.figures.counts[item.id, OPTION, option.id]
                belief = group.procedure.misconception_name(option.misconception)
                yield (
                    *_place(group), item.id, form.stem, option.id, option.text,
                    "yes" if option.key else "no", belief, base, n, _percent(n, base, source),
                )  # fmt: skip


def _misconceptions(source: Source) -> Iterator[tuple[Cell, ...]]:
    for group in source.groups:
        for belief in group.procedure.misconceptions:
            chosen = list(_standing_for(group, belief.id))
            if chosen:
                items = " ".join(sorted({item.id for item, _ in chosen}))
                n = added_up(count for _, count in chosen)
                yield (*_place(group), belief.id, belief.name, items, n)


def _standing_for(group: GroupFigures, belief: str) -> Iterator[tuple[Item, int | None]]:
    for item in group.procedure.items():
        for option in item.forms[0].options:
            if option.misconception == belief:
                yield item, group.figures.counts[item.id, OPTION, option.id]


def _scores(source: Source) -> Iterator[tuple[Cell, ...]]:
    for group in source.groups:
        for band in group.figures.bands:
            share = _percent(band.n, group.figures.attempts, source)
            yield (*_place(group), band.lowest, band.highest, band.n, share)


def _outcomes(source: Source) -> Iterator[tuple[Cell, ...]]:
    for group in source.groups:
        for item in group.procedure.items():
            talks = group.figures.counts[item.id, TALKS, ""]
            for outcome in Outcome:
                n = group.figures.counts[item.id, OUTCOME, outcome.value]
                label = OUTCOME_LABELS[outcome]
                yield (*_place(group), item.id, outcome.value, label, talks, n, _percent(n, talks, source))


def _editions(source: Source) -> Iterator[tuple[Cell, ...]]:
    before: dict[str, Item] = {}
    for edition_id, first_day, procedure in source.editions:
        items = {item.id: item for item in procedure.items()}
        added = sorted(items.keys() - before.keys())
        gone = sorted(before.keys() - items.keys())
        changed = sorted(item_id for item_id in items.keys() & before.keys() if items[item_id] != before[item_id])
        yield (
            procedure.id, edition_id, first_day.isoformat(), len(items),
            " ".join(added) if before else "", " ".join(changed), " ".join(gone),
        )  # fmt: skip
        before = items


def _dictionary(_source: Source) -> Iterator[tuple[Cell, ...]]:
    for table in EXPORTS.values():
        for column in table.columns:
            yield (table.id, column.id, column.meaning, column.unit)


ITEM = Column("item", "The question's id; empty where the row is about whole attempts.")
PERCENT = Column("percent", "The share, from the numbers shown: 100 x n / attempts (for outcomes: talks).", "per cent")

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
                    "\"don't know\": at the first try. \"score\": items right at the first try.",
                ),
                N,
                PERCENT,
            ),
            _summary,
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
                PERCENT,
            ),
            _options,
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
                    "How often such an option was chosen at first try: the sum over the options; one patient may "
                    "count at several questions. Empty where one of them is left out.",
                    "choices",
                ),
            ),
            _misconceptions,
        ),
        ExportTable(
            "scores",
            "Distribution of scores",
            (
                *PLACE,
                Column("lowest", "The band's lowest score.", "items right at the first try"),
                Column("highest", "The band's highest score.", "items right at the first try"),
                N,
                PERCENT,
            ),
            _scores,
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
                PERCENT,
            ),
            _outcomes,
        ),
        ExportTable(
            "editions",
            "What changed when",
            (
                Column("procedure", "What consent is asked for."),
                Column("edition", "The content's hash."),
                Column("first_day", "The first day it was served.", "date"),
                Column("items", "How many questions it has.", "questions"),
                Column("added", "Questions that the edition before did not have."),
                Column("changed", "Questions whose words changed."),
                Column("removed", "Questions that are gone."),
            ),
            _editions,
        ),
        ExportTable(
            "dictionary",
            "What every column means",
            (
                Column("table", "The table's id."),
                Column("column", "The column's id."),
                Column("meaning", "What it means, with its formula where there is one."),
                Column("unit", "What is counted or measured; empty for text."),
            ),
            _dictionary,
        ),
    )
}


def book(session: Session, editions: Editions, asked: Asked, min_group: int, today: date) -> Book:
    """The tables asked for, after the disclosure step. Raises KeyError for an unknown table or profile."""
    profile = PROFILES[asked.profile]
    chosen = list(EXPORTS.values()) if asked.table == "all" else [EXPORTS[asked.table]]
    # The disclosure step sees whole groups; what was not asked for is cut out afterwards.
    groups = group_figures(session, editions, asked.procedure, profile, today)
    source = Source(
        tuple(group for group in groups if _is_asked_for(group, asked)),
        min_group if profile.closed_quarters_only else 1,
        tuple(
            (row.id, row.first_day, editions.by_id(session, row.id).in_language("en"))
            for row in stored_editions.all_of(session, asked.procedure)
        ),
    )
    notes = (profile.title, *_notes(session, asked.procedure, profile, min_group))
    tables = tuple(Table(table.id, table.title, table.columns, tuple(table.rows(source)), notes) for table in chosen)
    return Book(f"quizapp: {asked.procedure}", _facts(asked, source, profile, today), notes, tables)


def places(session: Session, procedure_id: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The quarters, editions and languages that have figures."""
    groups = tallies.groups(session, procedure_id)
    return (
        tuple(sorted({group.quarter for group in groups})),
        tuple(sorted({group.edition for group in groups})),
        tuple(sorted({group.language for group in groups})),
    )


def _is_asked_for(group: GroupFigures, asked: Asked) -> bool:
    pairs = (
        (asked.quarter, group.place.quarter),
        (asked.edition, group.place.edition),
        (asked.language, group.place.language),
    )
    return all(wanted in ("", has) for wanted, has in pairs)


def _notes(session: Session, procedure_id: str, profile: Profile, min_group: int) -> tuple[str, ...]:
    waits = f"{waiting(session, procedure_id)} finished attempts still wait to be counted."
    if not profile.closed_quarters_only:
        return (waits,)
    return (
        waits,
        f"Counts below {min_group} are left out, and others so that none of those can be worked out. The rest are "
        "rounded to 5. Only quarters that are over are shown.",
    )


def _facts(asked: Asked, source: Source, profile: Profile, today: date) -> tuple[tuple[str, str], ...]:
    attempts = added_up(group.figures.attempts for group in source.groups)
    return (
        ("Procedure", asked.procedure),
        ("Made on", today.isoformat()),
        ("Profile", profile.title),
        ("Quarters", asked.quarter or "all that can be shown"),
        ("Edition", asked.edition or "all"),
        ("Language", asked.language or "all"),
        ("Attempts", "left out" if attempts is None else str(attempts)),
    )


def _band(lowest: int, highest: int) -> str:
    return str(lowest) if lowest == highest else f"{lowest} to {highest}"
