"""Make the book of tables that was asked for: the same for every format."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from quizapp.aggregation.release import waiting
from quizapp.content.editions import Editions
from quizapp.disclosure.suppression import ATTEMPTS, RIGHT
from quizapp.reports.export_tables import EXPORTS
from quizapp.reports.figures import PROFILES, Profile, Published, Thresholds, notes_on, options_of_belief, publish
from quizapp.reports.query import ALL, Query, check
from quizapp.reports.tables import Book, Chart, Table


def make_book(
    session: Session,
    editions: Editions,
    query: Query,
    thresholds: Thresholds,
    today: date,
    progress: Callable[[str], object] = lambda _: None,
) -> Book:
    """Return the tables asked for, after the disclosure step. Raise NotOffered."""
    check(session, editions, query, today)
    profile = PROFILES[query.profile]
    published = publish(session, editions, query.procedure, profile, thresholds, today)
    progress(f"read {len(published.groups)} groups of attempts")
    published = published.only(query.covers)
    waiting_now = waiting(session, query.procedure)
    notes = (profile.title, *notes_on(published.groups, waiting_now, profile, thresholds.min_group))
    tables = []
    for table in EXPORTS.values() if query.table == ALL else [EXPORTS[query.table]]:
        tables.append(Table(table.id, table.title, table.columns, tuple(table.rows(published)), notes))
        progress(f"{table.id}: {len(tables[-1].rows)} rows")
    return Book(
        f"quizapp: {query.procedure}",
        _facts(query, published, profile, today),
        notes,
        tuple(tables),
        _charts([table.id for table in tables], published),
    )


def _facts(query: Query, published: Published, profile: Profile, today: date) -> tuple[tuple[str, str], ...]:
    attempts = published.attempts()
    places = [group.place for group in published.groups]
    shown = {place.edition for place in places}
    # By first day, then by id: the order of `published.editions`.
    editions = [f"{one.id} (from {one.first_day.isoformat()})" for one in published.editions if one.id in shown]
    return (
        ("Procedure", query.procedure),
        ("Tables", query.table),
        ("Made on", today.isoformat()),
        ("Profile", profile.title),
        ("Quarters", ", ".join(sorted({place.quarter for place in places})) or "none"),
        ("Editions", ", ".join(editions) or "none"),
        ("Languages", ", ".join(sorted({place.language for place in places})) or "none"),
        ("Attempts", f"{attempts.n}" if attempts.complete else f"{attempts.n}, and groups that are left out"),
    )


def _charts(tables: list[str], published: Published) -> tuple[Chart, ...]:
    """Return a chart for each table that has one, of one group, so that each bar is a number of the tables.

    The group is the largest of the last quarter that has one that can be shown.
    """
    if not published.groups:
        return ()
    group = max(
        published.groups, key=lambda g: (g.figures.attempts is not None, g.place.quarter, g.figures.attempts or 0)
    )
    procedure, place, counts = group.procedure, group.place, group.figures.counts
    name = f"{place.quarter}, {place.language}, edition {place.edition[:6]}"
    facility = tuple(
        (item.forms[0].stem, published.percent(counts[item.id, RIGHT, ""], counts[item.id, ATTEMPTS, ""]))
        for item in procedure.items()
    )
    beliefs = tuple(
        (belief.name, group.chosen(belief.id).exact)
        for belief in procedure.misconceptions
        if options_of_belief(procedure, belief.id)
    )
    charts = {
        "summary": Chart(f"Right at the first try: {name}", "question", "per cent", facility),
        "misconceptions": Chart(f"Beliefs chosen at the first try: {name}", "belief", "choices", beliefs),
    }
    return tuple(charts[table] for table in tables if table in charts)
