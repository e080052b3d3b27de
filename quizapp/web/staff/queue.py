"""The staff start page: the code field, and below it the queue."""

from flask import abort
from flask.typing import ResponseReturnValue

from quizapp.services.queue import queue_page
from quizapp.web.i18n import page_language
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime, today
from quizapp.web.staff.access import nurses
from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.notices import notice
from quizapp.web.staff.queue_pages import queue_view
from quizapp.web.staff.sheet_forms import QueueQuery


@bp.get("/")
@nurses
def queue() -> ResponseReturnValue:
    query = QueueQuery.for_catalogue(runtime().editions.catalogue)
    if not query.validate():
        abort(400)
    found = queue_page(
        db(),
        runtime().editions,
        query.wanted,
        query.page.data or 1,
        page_language(),
        runtime().retention,
        today(),
    )
    return show("staff/queue.html", queue_view(found, query.wanted, notice()))
