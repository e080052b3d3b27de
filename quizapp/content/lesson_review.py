"""The content pages of leads: coverage of the leaflet, and each lesson as a clinician reads it for approval."""

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import lead_required
from quizapp.content.editions import Catalogue
from quizapp.content.readability import count_lesson, flesch_kincaid
from quizapp.domain.approval import ApprovalState
from quizapp.domain.coverage import coverage, unused_places
from quizapp.domain.gettext_marker import N_
from quizapp.web.context import current, today
from quizapp.web.i18n import use_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry


@menu_entry(N_("Content"), 5, sections=("content",), leads_only=True)
@bp.get("/content")
@lead_required
def content() -> ResponseReturnValue:
    catalogue = current().editions.catalogue
    edition = catalogue.editions.get(request.args.get("procedure", next(iter(catalogue.editions))))
    if edition is None:
        abort(404)
    procedure = use_content_language(edition)
    approvals = catalogue.approvals[procedure.id]
    return render_page(
        "staff/content.html",
        procedure=procedure,
        others=[other for other in catalogue.editions.values() if other.procedure_id != procedure.id],
        source_language=edition.source,
        approvals=approvals,
        unapproved=sum(approval.state is not ApprovalState.APPROVED for approval in approvals),
        rows=coverage(procedure),
        unused=unused_places(procedure),
        broken=catalogue.problem_lines(),
        problems=catalogue.broken,
    )


@bp.get("/content/<procedure_id>/<int:number>")
@lead_required
def preview(procedure_id: str, number: int) -> ResponseReturnValue:
    context = preview_context(current().editions.catalogue, procedure_id, number)
    return render_page("staff/preview.html", endpoint="staff.preview", **context)


def preview_context(catalogue: Catalogue, procedure_id: str, number: int) -> dict[str, Any]:
    """Return what preview_body.html shows of a lesson, counted from 1. Answer 404 if there is none."""
    edition = catalogue.editions.get(procedure_id)
    if edition is None or not 1 <= number <= len(edition.in_language(edition.source).lessons):
        abort(404)
    procedure = use_content_language(edition)
    lesson, allowed = procedure.lessons[number - 1], catalogue.allowed_words[procedure.id]
    return {
        "procedure": procedure,
        "number": number,
        "lesson": lesson,
        "approval": catalogue.approvals[procedure.id][number - 1],
        "grade": flesch_kincaid(count_lesson(lesson, allowed)) if procedure.language == "en" else None,
        "today": today(),
    }
