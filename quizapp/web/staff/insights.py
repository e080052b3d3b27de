"""The insights page: what patients misunderstand, and whether the text is to blame."""

import re

from flask import abort, request
from flask.typing import ResponseReturnValue

from quizapp.services.insights import Asked, insights
from quizapp.web.i18n import languages_of, page_language, speak
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime
from quizapp.web.staff.access import nurses
from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.insight_assembling import insights_page

_QUARTER = re.compile(r"(\d{4}-Q[1-4])?", re.ASCII)


@bp.get("/insights", endpoint="insights_page")
@nurses
def show_insights() -> ResponseReturnValue:
    procedures = list(runtime().editions.catalogue.editions)
    asked = Asked(
        procedure=request.args.get("procedure", procedures[0]),
        edition=request.args.get("edition", ""),
        quarter=request.args.get("quarter", ""),
        language=request.args.get("language", ""),
        beside=request.args.get("beside", ""),
    )
    if asked.procedure not in procedures or not _QUARTER.fullmatch(asked.quarter):
        abort(404)
    try:
        found = insights(db(), runtime().editions, asked, page_language())
    except LookupError:
        abort(404)
    edition = runtime().editions.catalogue.editions[asked.procedure]
    speak(edition.procedure_id, found.procedure.language, languages_of(edition))
    return show("staff/insights.html", insights_page(found))
