"""Render a page: a template, its context, and the shared layout."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.web.context import end_db
from quizapp.web.layout import make_layout


def render_page(
    template: str, status: int = 200, *, is_error_page: bool = False, **context: Any
) -> ResponseReturnValue:
    """Render a template with its context and the layout. A context value named `error` marks the title.

    The context holds everything the page needs, so the transaction ends first: no writer waits for a template.
    """
    end_db()
    layout = make_layout(is_error=bool(context.get("error")), is_error_page=is_error_page)
    return render_template(template, layout=layout, **context), status
