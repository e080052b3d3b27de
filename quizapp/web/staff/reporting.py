"""The report for a quality meeting: for anyone, or with exact counts for a lead who says why."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.services import audit, quality
from quizapp.services.exports.asking import REASONS
from quizapp.services.quality import BadPeriod, Period, Report
from quizapp.web.i18n import speak
from quizapp.web.rendering import show
from quizapp.web.runtime import runtime, today
from quizapp.web.staff.access import leads, nurses, signed_in
from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.export_pages import Problem
from quizapp.web.staff.exporting import thresholds
from quizapp.web.staff.report_pages import Asked, report_page_of


@bp.get("/exports/report")
@nurses
def report_page() -> ResponseReturnValue:
    return _shown(_asked(request.args.to_dict()), "publishable", "")


@bp.post("/exports/report")
@leads
def internal_report() -> ResponseReturnValue:
    asked, reason = _asked(request.form.to_dict()), request.form.get("reason", "")
    if reason not in REASONS:
        problem = Problem("reason", _("Choose why you need exact counts. The reason is kept in the audit."))
        return _shown(asked, "publishable", "", problem)
    return _shown(asked, "internal", reason)


def _asked(fields: dict[str, str]) -> Asked:
    usual = next(iter(runtime().editions.catalogue.editions))
    return Asked(fields.get("procedure", usual), fields.get("first", ""), fields.get("last", ""))


def _shown(asked: Asked, profile: str, reason: str, problem: Problem | None = None) -> ResponseReturnValue:
    known = runtime().editions.catalogue.editions
    edition = known.get(asked.procedure, next(iter(known.values())))
    # It quotes the source's words, and so does whoever takes it to a meeting.
    speak(edition.procedure_id, edition.source, (edition.source,))
    if asked.procedure not in known:
        problem = Problem("procedure", _("That procedure is not here. Choose one from the list."))
        asked = Asked(next(iter(known)))
    try:
        report = _report(asked, profile)
    except BadPeriod:
        message = _(
            "Choose quarters of the lists, the earlier one first, and at most %(most)s of them.",
            most=quality.MOST_QUARTERS,
        )
        problem = Problem("first", message)
        report = _report(Asked(asked.procedure), profile)
    with runtime().database.writing() as session:
        period = f"{report.period.first}..{report.period.last}" if report.quarters else ""
        done = " ".join(filter(None, ("report", asked.procedure, profile, period, reason)))
        audit.note(session, runtime().clock(), signed_in().name, "exported", detail=done)
        session.commit()
    page = report_page_of(report, asked.procedure, profile, problem)
    return show("staff/report.html", page, 400 if problem else 200)


def _report(asked: Asked, profile: str) -> Report:
    """Read apart from this request's transaction: patients go on answering meanwhile."""
    period = Period(asked.first, asked.last) if asked.first or asked.last else None
    with runtime().database.reading() as session:
        return quality.report(session, runtime().editions, asked.procedure, period, profile, thresholds(), today())
