"""What the exports page shows."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.accounts.auth import signed_in
from quizapp.reports import export_words
from quizapp.reports.export_query import Asked, choices
from quizapp.reports.formats import EXPORTERS
from quizapp.reports.published_figures import PROFILES
from quizapp.reports.tables import Book, Cell, Table
from quizapp.web.context import current, today
from quizapp.web.i18n import day_words, page_language

PREVIEW_ROWS = 12
LONG = 30  # characters
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Problem:
    """What cannot be had: the id of the field to mend, and what to do."""

    field: str
    message: str


@dataclass(frozen=True)
class PreviewCell:
    """`kind`: "number" (or a column of them), "long" (words that need more than a line), or "" for all else."""

    text: str
    kind: str


@dataclass(frozen=True)
class PreviewTable:
    """The first rows as they will leave, and how many there are."""

    title: str
    columns: tuple[PreviewCell, ...]
    rows: tuple[tuple[PreviewCell, ...], ...]
    total: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ExportsPage:
    """`preview` is None for exact counts that nobody gave a reason for. `has_rows` False: nothing is there to export.

    `error` is about the field `error_field`.
    """

    asked: Asked
    procedures: Pairs
    tables: Pairs
    profiles: Pairs
    quarters: Pairs
    languages: Pairs
    editions: Pairs
    formats: Pairs
    reasons: Pairs
    reason: str
    preview: PreviewTable | None
    has_rows: bool
    is_internal: bool
    error: str | None
    error_field: str


def exports_page_of(
    session: Session, asked: Asked, book: Book | None, problem: Problem | None = None, reason: str = ""
) -> ExportsPage:
    there = choices(session, asked.procedure, asked.profile, today())
    titles, profiles = export_words.table_titles(), export_words.profile_titles()
    return ExportsPage(
        asked=asked,
        procedures=procedure_titles(),
        tables=tuple(titles.items()),
        profiles=tuple((id, profiles[id]) for id in PROFILES if id != "internal" or signed_in().is_lead),
        quarters=tuple((quarter, quarter) for quarter in there.quarters),
        languages=tuple((language, language) for language in there.languages),
        editions=tuple((id, f"{day_words(first_day)} ({id[:6]})") for id, first_day in there.editions),
        formats=tuple((one.id, one.title) for one in EXPORTERS.values() if one.whole_books or asked.table != "all"),
        reasons=tuple(export_words.reasons().items()),
        reason=reason,
        preview=_preview(book.tables[0], titles) if book else None,
        has_rows=book is None or bool(book.tables[0].rows),
        is_internal=asked.profile == "internal",
        error=problem.message if problem else None,
        error_field=problem.field if problem else "",
    )


def procedure_titles() -> Pairs:
    editions = current().editions.catalogue.editions.items()
    return tuple((procedure_id, edition.in_language(page_language()).title) for procedure_id, edition in editions)


def _preview(table: Table, titles: dict[str, str]) -> PreviewTable:
    rows = tuple(tuple(_cell(cell) for cell in row) for row in table.rows[:PREVIEW_ROWS])
    numbers = {place for row in rows for place, cell in enumerate(row) if cell.kind == "number"}
    return PreviewTable(
        titles[table.id],
        tuple(PreviewCell(column.id, "number" if i in numbers else "") for i, column in enumerate(table.columns)),
        rows,
        len(table.rows),
        table.notes,
    )


def _cell(cell: Cell) -> PreviewCell:
    if cell is None:
        return PreviewCell("", "")
    if isinstance(cell, int):
        return PreviewCell(str(cell), "number")
    return PreviewCell(cell, "long" if len(cell) > LONG else "")
