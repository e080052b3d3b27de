"""The content, for leads: coverage, preview, sign-off."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import lead_required
from quizapp.content.lesson_review_pages import content_page, preview_page
from quizapp.domain.gettext_marker import N_
from quizapp.web.context import current, today
from quizapp.web.i18n import use_content_language
from quizapp.web.render import show
from quizapp.web.staff import bp, menu_entry


@menu_entry(N_("Content"), 5, sections=("content",), leads_only=True)
@bp.get("/content")
@lead_required
def content() -> ResponseReturnValue:
    catalogue = current().editions.catalogue
    edition = catalogue.edition(request.args.get("procedure", next(iter(catalogue.editions))))
    if edition is None:
        abort(404)
    page = content_page(catalogue, use_content_language(edition), "staff.preview")
    return show("staff/content.html", page)


@bp.get("/content/<procedure_id>/<int:number>")
@lead_required
def preview(procedure_id: str, number: int) -> ResponseReturnValue:
    catalogue = current().editions.catalogue
    edition = catalogue.edition(procedure_id)
    if edition is None or not 1 <= number <= len(edition.in_language(edition.source).lessons):
        abort(404)
    page = preview_page(catalogue, use_content_language(edition), number, "staff.preview", today())
    return show("staff/preview.html", page)
