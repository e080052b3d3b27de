"""The insights page: what patients misunderstand, and whether the text is to blame."""

import re

from flask import abort, request
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import staff_required
from quizapp.domain.gettext_marker import N_
from quizapp.domain.outcomes import OUTCOME_LABELS
from quizapp.reports.exports import procedure_titles
from quizapp.reports.insight_figures import find_insights
from quizapp.reports.query import Query
from quizapp.reports.sentences import edition_name
from quizapp.web.context import current, db
from quizapp.web.i18n import languages_of, page_language, set_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry

QUARTER = re.compile(r"(\d{4}-Q[1-4])?", re.ASCII)


@menu_entry(N_("Insights"), 3, sections=("insights",))
@bp.get("/insights")
@staff_required
def insights_page() -> ResponseReturnValue:
    served = current().editions.catalogue.editions
    query = Query.from_fields(request.args.to_dict(), next(iter(served)))
    if query.procedure not in served or not QUARTER.fullmatch(query.quarter):
        abort(404)
    try:
        insights = find_insights(db(), current().editions, query, page_language())
    except LookupError:
        abort(404)
    edition = served[query.procedure]
    set_content_language(edition.procedure_id, insights.procedure.language, languages_of(edition))
    return render_page(
        "staff/insights.html",
        query=query,
        insights=insights,
        outcome_labels=OUTCOME_LABELS,
        procedures=procedure_titles(),
        editions=[(one.row.id, edition_name(one)) for one in insights.editions],
        min_group=current().settings.min_group,
    )
