"""The insights page: what patients misunderstand, and whether the text is to blame."""

import re

from flask import abort, request
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import staff_required
from quizapp.domain.gettext_marker import N_
from quizapp.reports.insight_assembling import insights_page as assemble
from quizapp.reports.insight_figures import Asked, insights
from quizapp.web.context import current, db
from quizapp.web.i18n import languages_of, page_language, set_content_language
from quizapp.web.render import show
from quizapp.web.staff import bp, menu_entry

_QUARTER = re.compile(r"(\d{4}-Q[1-4])?", re.ASCII)


@menu_entry(N_("Insights"), 3, sections=("insights",))
@bp.get("/insights")
@staff_required
def insights_page() -> ResponseReturnValue:
    procedures = list(current().editions.catalogue.editions)
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
        found = insights(db(), current().editions, asked, page_language())
    except LookupError:
        abort(404)
    edition = current().editions.catalogue.editions[asked.procedure]
    set_content_language(edition.procedure_id, found.procedure.language, languages_of(edition))
    return show("staff/insights.html", assemble(found))
