"""The staff start page: the code field, and below it the queue."""

from flask import abort
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import staff_required
from quizapp.domain.gettext_marker import N_
from quizapp.nurses.queue_pages import queue_view
from quizapp.nurses.queue_service import queue_page
from quizapp.nurses.sheet_forms import QueueQuery
from quizapp.web.context import current, db, today
from quizapp.web.i18n import page_language
from quizapp.web.messages import notice
from quizapp.web.render import show
from quizapp.web.staff import bp, menu_entry


@menu_entry(N_("Sheets"), 1, sections=("", "find", "sheet"))
@bp.get("/")
@staff_required
def queue() -> ResponseReturnValue:
    query = QueueQuery.for_catalogue(current().editions.catalogue)
    if not query.validate():
        abort(400)
    found = queue_page(
        db(),
        current().editions,
        query.wanted,
        query.page.data or 1,
        page_language(),
        current().retention,
        today(),
    )
    return show("staff/queue.html", queue_view(found, query.wanted, notice()))
