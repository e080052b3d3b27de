"""The report for a quality meeting: for anyone, or with exact counts for a lead who says why."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import audit
from quizapp.accounts.auth import lead_required, signed_in, staff_required
from quizapp.reports import report_figures
from quizapp.reports.export_pages import Problem
from quizapp.reports.export_query import REASONS
from quizapp.reports.exports import thresholds
from quizapp.reports.report_figures import BadPeriod, Period, Report
from quizapp.reports.report_pages import Asked, report_page_of
from quizapp.web.context import current, today
from quizapp.web.i18n import set_content_language
from quizapp.web.render import show
from quizapp.web.staff import bp


@bp.get("/exports/report")
@staff_required
def report_page() -> ResponseReturnValue:
    return _shown(_asked(request.args.to_dict()), "publishable", "")


@bp.post("/exports/report")
@lead_required
def internal_report() -> ResponseReturnValue:
    asked, reason = _asked(request.form.to_dict()), request.form.get("reason", "")
    if reason not in REASONS:
        problem = Problem("reason", _("Choose why you need exact counts. The reason is kept in the audit."))
        return _shown(asked, "publishable", "", problem)
    return _shown(asked, "internal", reason)


def _asked(fields: dict[str, str]) -> Asked:
    usual = next(iter(current().editions.catalogue.editions))
    return Asked(fields.get("procedure", usual), fields.get("first", ""), fields.get("last", ""))


def _shown(asked: Asked, profile: str, reason: str, problem: Problem | None = None) -> ResponseReturnValue:
    known = current().editions.catalogue.editions
    edition = known.get(asked.procedure, next(iter(known.values())))
    # It quotes the source's words, and so does whoever takes it to a meeting.
    set_content_language(edition.procedure_id, edition.source, (edition.source,))
    if asked.procedure not in known:
        problem = Problem("procedure", _("That procedure is not here. Choose one from the list."))
        asked = Asked(next(iter(known)))
    try:
        report = _report(asked, profile)
    except BadPeriod:
        message = _(
            "Choose quarters of the lists, the earlier one first, and at most %(most)s of them.",
            most=report_figures.MOST_QUARTERS,
        )
        problem = Problem("first", message)
        report = _report(Asked(asked.procedure), profile)
    with current().database.writing() as session:
        period = f"{report.period.first}..{report.period.last}" if report.quarters else ""
        done = " ".join(filter(None, ("report", asked.procedure, profile, period, reason)))
        audit.note(session, current().clock(), signed_in().name, "exported", detail=done)
        session.commit()
    page = report_page_of(report, asked.procedure, profile, problem)
    return show("staff/report.html", page, 400 if problem else 200)


def _report(asked: Asked, profile: str) -> Report:
    """Read apart from this request's transaction: patients go on answering meanwhile."""
    period = Period(asked.first, asked.last) if asked.first or asked.last else None
    with current().database.reading() as session:
        return report_figures.report(
            session, current().editions, asked.procedure, period, profile, thresholds(), today()
        )
