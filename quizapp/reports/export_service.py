"""The tables that can be handed on: one builder from released counts, whatever the profile and the format."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.aggregation.release import waiting
from quizapp.content import stored_editions
from quizapp.content.editions import Editions
from quizapp.disclosure.partial_sums import pooled
from quizapp.reports import export_rows
from quizapp.reports.export_charts import charts_for
from quizapp.reports.export_columns import EXPORTS
from quizapp.reports.export_query import ALL, Asked, check
from quizapp.reports.export_rows import Source
from quizapp.reports.footnotes import rules_words, waiting_words
from quizapp.reports.published_figures import PROFILES, Profile, group_figures
from quizapp.reports.tables import Book


@dataclass(frozen=True)
class Thresholds:
    """As set now: attempts that enter the tallies together, and the smallest number of which a share is given."""

    min_group: int
    percent_base: int


def book(
    session: Session,
    editions: Editions,
    asked: Asked,
    thresholds: Thresholds,
    today: date,
    say: Callable[[str], object] = lambda _: None,
) -> Book:
    """The tables asked for, after the disclosure step; `say` hears how far it is. Raises NotOffered."""
    check(session, editions, asked, today)
    profile = PROFILES[asked.profile]
    # The disclosure step sees whole groups; what was not asked for is cut out afterwards.
    groups = group_figures(session, editions, asked.procedure, profile, today)
    source = Source(
        tuple(group for group in groups if asked.covers(group)),
        thresholds.percent_base if profile.closed_quarters_only else 1,
        kept_editions(session, editions, asked.procedure),
    )
    say(f"read {len(groups)} groups of attempts")
    waits = waiting(session, asked.procedure)
    notes = (profile.title, waiting_words(waits, profile, thresholds.min_group), *rules_words(source.groups, profile))
    tables = []
    for table in EXPORTS.values() if asked.table == ALL else [EXPORTS[asked.table]]:
        tables.append(table.made(source, notes))
        say(f"{table.id}: {len(tables[-1].rows)} rows")
    charts = charts_for([table.id for table in tables], source)
    return Book(f"quizapp: {asked.procedure}", _facts(asked, source, profile, today), notes, tuple(tables), charts)


def kept_editions(session: Session, editions: Editions, procedure_id: str) -> tuple[export_rows.KeptEdition, ...]:
    """Every edition of a procedure in its source language, oldest first."""
    found = []
    for row in stored_editions.all_of(session, procedure_id):
        edition = editions.by_id(session, row.id)
        found.append(export_rows.KeptEdition(row.id, row.first_day, edition.in_language(edition.source)))
    return tuple(found)


def _facts(asked: Asked, source: Source, profile: Profile, today: date) -> tuple[tuple[str, str], ...]:
    attempts = pooled(group.figures.attempts for group in source.groups)
    first_days = {edition.id: edition.first_day.isoformat() for edition in source.editions}
    shown = sorted({group.place.edition for group in source.groups}, key=lambda edition: (first_days[edition], edition))
    quarters = sorted({group.place.quarter for group in source.groups})
    return (
        ("Procedure", asked.procedure),
        ("Tables", asked.table),
        ("Made on", today.isoformat()),
        ("Profile", profile.title),
        ("Quarters", ", ".join(quarters) or "none"),
        ("Editions", ", ".join(f"{edition} (from {first_days[edition]})" for edition in shown) or "none"),
        ("Languages", ", ".join(sorted({group.place.language for group in source.groups})) or "none"),
        ("Attempts", f"{attempts.n}" if attempts.complete else f"{attempts.n}, and groups that are left out"),
    )
