"""The exports page: a summary to take along."""

from dataclasses import dataclass

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from quizapp.exports import EXPORTERS
from quizapp.services import audit, releases, summaries
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime, today
from quizapp.web.staff.access import nurses, signed_in
from quizapp.web.staff.blueprint import bp


@dataclass(frozen=True)
class ProcedureLine:
    id: str
    title: str
    waiting: int


@dataclass(frozen=True)
class ExportsPage:
    procedures: tuple[ProcedureLine, ...]
    formats: tuple[tuple[str, str], ...]
    min_group: int


@bp.get("/exports")
@nurses
def exports() -> ResponseReturnValue:
    editions = runtime().editions.catalogue.editions
    page = ExportsPage(
        tuple(
            ProcedureLine(
                procedure_id,
                edition.in_language(edition.source).title,
                releases.waiting(db(), procedure_id),
            )
            for procedure_id, edition in editions.items()
        ),
        tuple((exporter.id, exporter.title) for exporter in EXPORTERS.values()),
        runtime().settings.min_group,
    )
    return show("staff/exports.html", page)


@bp.post("/exports")
@nurses
def export() -> ResponseReturnValue:
    exporter = EXPORTERS.get(request.form.get("format", ""))
    procedure_id = request.form.get("procedure", "")
    if exporter is None or runtime().editions.current(procedure_id) is None:
        abort(400)
    table = summaries.summary(db(), runtime().editions, procedure_id)
    audit.note(db(), runtime().clock(), signed_in().name, "exported", detail=f"summary {procedure_id}")
    db().commit()
    name = f"quizapp-summary-{procedure_id}-{today().isoformat()}.{exporter.id}"
    return Response(
        exporter.write(table),
        content_type=exporter.media_type,
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )
