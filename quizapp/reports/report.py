"""The report for a quality meeting: for anyone, or with exact counts for a lead who gives a reason."""

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import audit
from quizapp.accounts.auth import lead_required, signed_in, staff_required
from quizapp.domain.outcomes import OUTCOME_LABELS
from quizapp.reports.exports import NOT_OFFERED, procedure_titles, thresholds
from quizapp.reports.query import REASONS, Query
from quizapp.reports.report_figures import MAX_QUARTERS, BadPeriod, Report, make_report
from quizapp.reports.sentences import language_name
from quizapp.web.context import current, today
from quizapp.web.i18n import set_content_language
from quizapp.web.render import render_page
from quizapp.web.staff import bp


@bp.get("/exports/report")
@staff_required
def report_page() -> ResponseReturnValue:
    return _show(_query(request.args.to_dict()))


@bp.post("/exports/report")
@lead_required
def internal_report() -> ResponseReturnValue:
    query, reason = _query(request.form.to_dict()), request.form.get("reason", "")
    if reason not in REASONS:
        return _show(query, error=_(NOT_OFFERED["reason"]), error_field="reason")
    return _show(replace(query, profile="internal"), reason)


def _query(fields: dict[str, str]) -> Query:
    """Read which report is asked for; only `internal_report` shows exact counts."""
    names = ("procedure", "first", "last")
    usual = next(iter(current().editions.catalogue.editions))
    return Query.from_fields({name: fields[name] for name in names if name in fields}, usual)


def _show(query: Query, reason: str = "", *, error: str = "", error_field: str = "") -> ResponseReturnValue:
    served = current().editions.catalogue.editions
    edition = served.get(query.procedure, next(iter(served.values())))
    # The report quotes the words of the source, so all of it is in that language.
    set_content_language(edition.procedure_id, edition.source, (edition.source,))
    if query.procedure not in served:
        error, error_field = _(NOT_OFFERED["procedure"]), "procedure"
        query = Query(edition.procedure_id, profile=query.profile)
    try:
        report = _report(query)
    except BadPeriod:
        error_field = "first"
        error = _(
            "Choose quarters of the lists, the earlier one first, and at most %(most)s of them.", most=MAX_QUARTERS
        )
        report = _report(replace(query, first="", last=""))
    with current().database.writing() as session:
        period = f"{report.first}..{report.last}" if report.quarters else ""
        detail = " ".join(filter(None, ("report", query.procedure, query.profile, period, reason)))
        audit.note(session, current().clock(), signed_in().name, "exported", detail=detail)
        session.commit()
    return render_page(
        "staff/report.html",
        400 if error else 200,
        report=report,
        procedure_id=query.procedure,
        procedures=procedure_titles(),
        languages=", ".join(language_name(code) for code in report.languages),
        outcome_labels=OUTCOME_LABELS,
        reasons=[(id, _(words)) for id, words in REASONS.items()],
        made_on=today(),
        is_internal=query.profile == "internal",
        may_see_exact=signed_in().is_lead,
        error=error,
        error_field=error_field,
    )


def _report(query: Query) -> Report:
    """Read apart from this request's transaction: patients go on answering meanwhile."""
    with current().database.reading() as session:
        return make_report(session, current().editions, query, thresholds(), today())
