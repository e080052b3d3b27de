"""The content, for leads: coverage, preview, sign-off."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from quizapp.web.i18n import speak_content
from quizapp.web.rendering import show
from quizapp.web.runtime import runtime, today
from quizapp.web.staff.access import leads
from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.content_pages import content_page, preview_page


@bp.get("/content")
@leads
def content() -> ResponseReturnValue:
    catalogue = runtime().editions.catalogue
    edition = catalogue.edition(request.args.get("procedure", next(iter(catalogue.editions))))
    if edition is None:
        abort(404)
    page = content_page(catalogue, speak_content(edition), "staff.preview")
    return show("staff/content.html", page)


@bp.get("/content/<procedure_id>/<int:number>")
@leads
def preview(procedure_id: str, number: int) -> ResponseReturnValue:
    catalogue = runtime().editions.catalogue
    edition = catalogue.edition(procedure_id)
    if edition is None or not 1 <= number <= len(edition.in_language(edition.source).lessons):
        abort(404)
    page = preview_page(catalogue, speak_content(edition), number, "staff.preview", today())
    return show("staff/preview.html", page)
