"""The exports page: choose a table, look at its first rows as they will be exported, download it."""

from dataclasses import replace

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import refuse, signed_in, staff_required
from quizapp.domain.gettext_marker import N_
from quizapp.reports.export_book import make_book
from quizapp.reports.export_tables import EXPORTS
from quizapp.reports.figures import PROFILES, Thresholds
from quizapp.reports.formats import EXPORTERS
from quizapp.reports.query import ALL, REASONS, NotOffered, Query, check
from quizapp.reports.tables import Book
from quizapp.web.context import current, db, today
from quizapp.web.i18n import day_words, page_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry

LOOK = "look"  # the form's other button: show the first rows of exact counts on the page
PREVIEW_ROWS = 12
NOT_OFFERED = {
    "procedure": N_("That procedure is not here. Choose one from the list."),
    "table": N_("There is no such table. Choose one from the list."),
    "profile": N_("Choose for whom it is: publishable, or internal for leads."),
    "quarter": N_("That quarter has no figures, or it is not over yet. Choose one from the list."),
    "edition": N_("That edition has no figures that can be shown. Choose one from the list."),
    "language": N_("That language has no figures that can be shown. Choose one from the list."),
    "reason": N_("Choose why you need exact counts. The reason is kept in the audit."),
    "whole-book": N_("CSV holds one table. Choose a table, or another format."),
}


@menu_entry(N_("Exports"), 4, sections=("exports",))
@bp.get("/exports")
@staff_required
def exports_page() -> ResponseReturnValue:
    return _show(db(), _query(request.args.to_dict()))


@bp.post("/exports")
@staff_required
def export() -> ResponseReturnValue:
    query, format_id = _query(request.form.to_dict()), request.form.get("format", "")
    reason = request.form.get("reason", "") if query.profile == "internal" else ""
    exporter = EXPORTERS.get(format_id)
    if exporter is None and format_id != LOOK:
        abort(400)
    # A reading session: patients go on answering while a long export is made.
    with current().database.reading() as session:
        try:
            check(session, current().editions, query, today())
        except NotOffered:
            return _show(session, query)
        if query.profile == "internal" and reason not in REASONS:
            return _show(session, query, problem="reason")
        if exporter and query.table == ALL and not exporter.whole_books:
            return _show(session, _with_default(query, "table"), problem="whole-book")
        book = _book(session, query)
        if exporter:
            name = f"attachment; filename={_file_name(query)}.{exporter.id}"
            answer: ResponseReturnValue = Response(
                exporter.write(book), content_type=exporter.media_type, headers={"Content-Disposition": name}
            )
        else:
            answer = _show(session, query, book, reason=reason)
    note_export(query.table, query.procedure, query.profile, format_id, reason)
    return answer


def note_export(*detail: str) -> None:
    """Note in the audit what was exported, for whom and why."""
    with current().database.transaction() as session:
        audit.note(session, current().clock(), signed_in().name, "exported", detail=" ".join(filter(None, detail)))


def thresholds() -> Thresholds:
    return Thresholds(current().settings.min_group, current().settings.percent_base)


def usual_procedure() -> str:
    return next(iter(current().editions.catalogue.editions))


def procedure_titles() -> list[tuple[str, str]]:
    editions = current().editions.catalogue.editions.items()
    return [(procedure_id, edition.in_language(page_language()).title) for procedure_id, edition in editions]


def _query(fields: dict[str, str]) -> Query:
    """Return what the page or the form asks for. A nurse who asks for exact counts is refused."""
    query = Query.from_fields(fields, usual_procedure())
    if query.profile == "internal" and not signed_in().is_lead:
        refuse(signed_in())
    return query


def _with_default(query: Query, choice: str) -> Query:
    return replace(query, **{choice: getattr(Query(usual_procedure()), choice)})


def _show(
    session: Session, query: Query, book: Book | None = None, *, reason: str = "", problem: str = ""
) -> ResponseReturnValue:
    """Show the page, with the words for a problem; a choice that is not offered is one, and gets its default.

    Exact counts are shown only in a `book`, made for a reason that a form sent.
    """
    try:
        offered = check(session, current().editions, query, today())
    except NotOffered as error:
        return _show(session, _with_default(query, error.choice), problem=problem or error.choice)
    is_internal = not PROFILES[query.profile].is_public
    if book is None and not is_internal:
        book = _book(session, query)
    table = book.tables[0] if book else None
    return render_page(
        "staff/exports.html",
        400 if problem else 200,
        query=query,
        procedures=procedure_titles(),
        tables=[*((one.id, _(one.title)) for one in EXPORTS.values()), (ALL, _("All tables (not for CSV)"))],
        profiles=[(one.id, _(one.name)) for one in PROFILES.values() if one.is_public or signed_in().is_lead],
        quarters=offered.quarters,
        languages=offered.languages,
        editions=[(id, f"{day_words(first_day)} ({id[:6]})") for id, first_day in offered.editions],
        formats=[(one.id, one.title) for one in EXPORTERS.values() if one.whole_books or query.table != ALL],
        reasons=reasons(),
        reason=reason,
        table=table,
        preview=table.rows[:PREVIEW_ROWS] if table else (),
        has_rows=table is None or bool(table.rows),
        is_internal=is_internal,
        error=_(NOT_OFFERED[problem]) if problem else "",
        error_field="table" if problem == "whole-book" else problem,
    )


def reasons() -> list[tuple[str, str]]:
    return [(id, _(words)) for id, words in REASONS.items()]


def _book(session: Session, query: Query) -> Book:
    return make_book(session, current().editions, query, thresholds(), today())


def _file_name(query: Query) -> str:
    """In an order that sorts well: quizapp-options-it-pump-publishable-2026-Q3-en-2026-11-25."""
    chosen = (query.table, query.procedure, query.profile, query.quarter, query.language, query.edition)
    return "-".join(filter(None, ("quizapp", *chosen, today().isoformat())))
