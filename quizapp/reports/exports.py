"""The exports page: choose a table, look at its first rows as they will leave, take it along."""

from dataclasses import replace

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import refuse, signed_in, staff_required
from quizapp.domain.gettext_marker import N_
from quizapp.reports import export_service, export_words
from quizapp.reports.export_pages import Problem, exports_page_of
from quizapp.reports.export_query import ALL, REASONS, Asked, NotOffered, check
from quizapp.reports.formats import EXPORTERS, Exporter
from quizapp.reports.tables import Book
from quizapp.web.context import current, db, today
from quizapp.web.render import show
from quizapp.web.staff import bp, menu_entry

LOOK = "look"  # the form's other button: see the first rows of exact counts on the page


@menu_entry(N_("Exports"), 4, sections=("exports",))
@bp.get("/exports")
@staff_required
def exports_page() -> ResponseReturnValue:
    asked = _asked(request.args.to_dict())
    problem = _problem(db(), asked)
    if problem:
        return _again(db(), asked, problem)
    # Exact counts are shown only for a reason, which a form sends.
    book = None if asked.profile == "internal" else _book(db(), asked)
    return show("staff/exports.html", exports_page_of(db(), asked, book))


@bp.post("/exports")
@staff_required
def export() -> ResponseReturnValue:
    asked, format_id = _asked(request.form.to_dict()), request.form.get("format", "")
    reason = request.form.get("reason", "") if asked.profile == "internal" else ""
    exporter = EXPORTERS.get(format_id)
    if exporter is None and format_id != LOOK:
        abort(400)
    # A reading session: patients go on answering while a long one is made.
    with current().database.reading() as session:
        problem = _problem(session, asked) or _problem_of_form(asked, exporter, reason)
        if problem:
            return _again(session, asked, problem)
        book = _book(session, asked)
        made = exporter.write(book) if exporter else b""
        page = None if exporter else exports_page_of(session, asked, book, reason=reason)
    with current().database.writing() as session:
        done = f"{asked.table} {asked.procedure} {asked.profile} {format_id} {reason}"
        audit.note(session, current().clock(), signed_in().name, "exported", detail=done.strip())
        session.commit()
    if exporter is None:
        return show("staff/exports.html", page)
    return Response(
        made,
        content_type=exporter.media_type,
        headers={"Content-Disposition": f"attachment; filename={_file_name(asked)}.{exporter.id}"},
    )


def _asked(fields: dict[str, str]) -> Asked:
    """What the page or the form asks for; a nurse who asks for exact counts is refused."""
    asked = Asked(
        procedure=fields.get("procedure", next(iter(current().editions.catalogue.editions))),
        table=fields.get("table", "summary"),
        profile=fields.get("profile", "publishable"),
        quarter=fields.get("quarter", ""),
        edition=fields.get("edition", ""),
        language=fields.get("language", ""),
    )
    if asked.profile == "internal" and not signed_in().is_lead:
        refuse(signed_in())
    return asked


def _problem(session: Session, asked: Asked) -> Problem | None:
    try:
        check(session, current().editions, asked, today())
    except NotOffered as error:
        return Problem(error.choice, export_words.not_offered(error.choice))
    return None


def _problem_of_form(asked: Asked, exporter: Exporter | None, reason: str) -> Problem | None:
    if asked.profile == "internal" and reason not in REASONS:
        return Problem("reason", _("Choose why you need exact counts. The reason is kept in the audit."))
    if exporter and asked.table == ALL and not exporter.whole_books:
        return Problem("table", _("CSV holds one table. Choose a table, or another format."))
    return None


def _again(session: Session, asked: Asked, problem: Problem) -> ResponseReturnValue:
    """The page with what is wrong; what cannot be had is back at what it is when nothing is chosen."""
    if problem.field != "reason":
        usual = Asked(next(iter(current().editions.catalogue.editions)))
        mended = replace(asked, **{problem.field: getattr(usual, problem.field)})
        asked = mended if _problem(session, mended) is None else usual
    book = None if asked.profile == "internal" else _book(session, asked)
    return show("staff/exports.html", exports_page_of(session, asked, book, problem), 400)


def _book(session: Session, asked: Asked) -> Book:
    return export_service.book(session, current().editions, asked, thresholds(), today())


def thresholds() -> export_service.Thresholds:
    return export_service.Thresholds(current().settings.min_group, current().settings.percent_base)


def _file_name(asked: Asked) -> str:
    """What it is, in an order that sorts well: quizapp-options-it-pump-publishable-2026-Q3-en-2026-11-25."""
    chosen = (asked.table, asked.procedure, asked.profile, asked.quarter, asked.language, asked.edition)
    return "-".join(filter(None, ("quizapp", *chosen, today().isoformat())))
