"""The exports page: choose a table, look at its first rows as they will leave, take it along."""

from dataclasses import dataclass

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.domain.tables import Book
from quizapp.exports import EXPORTERS
from quizapp.services import audit, exports
from quizapp.services.exports import EXPORTS, Asked
from quizapp.services.figures import PROFILES
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime, today
from quizapp.web.staff.access import nurses, signed_in
from quizapp.web.staff.blueprint import bp

PREVIEW_ROWS = 12
# Why somebody needs exact counts; the choice is audited.
REASONS = ("quality-meeting", "check-a-question", "answer-an-audit")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PreviewTable:
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ExportsPage:
    """`preview` shows the first rows after the disclosure step."""

    asked: Asked
    procedures: Pairs
    tables: Pairs
    profiles: Pairs
    formats: Pairs
    quarters: tuple[str, ...]
    languages: tuple[str, ...]
    editions: tuple[str, ...]
    reasons: Pairs
    preview: PreviewTable
    is_lead: bool
    error: str | None = None


@bp.get("/exports")
@nurses
def exports_page() -> ResponseReturnValue:
    return show("staff/exports.html", _page(_asked(request.args.to_dict())))


@bp.post("/exports")
@nurses
def export() -> ResponseReturnValue:
    asked, exporter = _asked(request.form.to_dict()), EXPORTERS.get(request.form.get("format", ""))
    reason = request.form.get("reason", "")
    if exporter is None:
        abort(400)
    if asked.profile == "internal":
        if not signed_in().is_lead:
            abort(403)
        if reason not in REASONS:
            error = _("Choose why you need exact counts. The reason is kept in the audit.")
            return show("staff/exports.html", _page(asked, error), 400)
    if asked.table == "all" and not exporter.whole_books:
        error = _("CSV holds one table. Choose a table, or another format.")
        return show("staff/exports.html", _page(asked, error), 400)
    book = _book(asked)
    audit.note(
        db(), runtime().clock(), signed_in().name, "exported",
        detail=f"{asked.table} {asked.procedure} {asked.profile} {exporter.id} {reason}".strip(),
    )  # fmt: skip
    db().commit()
    name = "-".join(filter(None, ("quizapp", asked.table, asked.procedure, asked.profile, asked.quarter)))
    return Response(
        exporter.write(book),
        content_type=exporter.media_type,
        headers={"Content-Disposition": f"attachment; filename={name}-{today().isoformat()}.{exporter.id}"},
    )


def _asked(fields: dict[str, str]) -> Asked:
    """What the page or the form asks for; 400 for what is not offered."""
    procedures = list(runtime().editions.catalogue.editions)
    asked = Asked(
        procedure=fields.get("procedure", procedures[0]),
        table=fields.get("table", "summary"),
        profile=fields.get("profile", "publishable"),
        quarter=fields.get("quarter", ""),
        edition=fields.get("edition", ""),
        language=fields.get("language", ""),
    )
    known = asked.procedure in procedures and asked.profile in PROFILES and asked.table in ("all", *EXPORTS)
    if not known:
        abort(400)
    if asked.profile == "internal" and not signed_in().is_lead:
        abort(403)
    places = _places(asked.procedure)
    if asked.quarter not in ("", *places[0]) or asked.edition not in ("", *places[1]):
        abort(400)
    if asked.language not in ("", *places[2]):
        abort(400)
    return asked


def _book(asked: Asked) -> Book:
    return exports.book(db(), runtime().editions, asked, runtime().settings.min_group, today())


def _places(procedure_id: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The quarters, editions and languages that have figures."""
    return exports.places(db(), procedure_id)


def _page(asked: Asked, error: str | None = None) -> ExportsPage:
    table = _book(asked).tables[0]
    editions = runtime().editions.catalogue.editions.items()
    quarters, edition_ids, languages = _places(asked.procedure)
    is_lead = signed_in().is_lead
    reasons = (_("for a quality meeting"), _("to check a question"), _("to answer an audit"))
    return ExportsPage(
        asked=asked,
        procedures=tuple((procedure_id, e.in_language(e.source).title) for procedure_id, e in editions),
        tables=(*((one.id, one.title) for one in EXPORTS.values()), ("all", _("All tables (not for CSV)"))),
        profiles=tuple((p.id, p.title) for p in PROFILES.values() if p.id != "internal" or is_lead),
        formats=tuple((exporter.id, exporter.title) for exporter in EXPORTERS.values()),
        quarters=quarters,
        languages=languages,
        editions=edition_ids,
        reasons=tuple(zip(REASONS, reasons, strict=True)),
        preview=PreviewTable(
            table.title,
            tuple(column.id for column in table.columns),
            tuple(tuple("" if cell is None else str(cell) for cell in row) for row in table.rows[:PREVIEW_ROWS]),
            len(table.rows),
            table.notes,
        ),
        is_lead=is_lead,
        error=error,
    )
