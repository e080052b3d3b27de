"""Prints a page: one frozen dataclass, one template."""

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.web.chrome import chrome_for
from quizapp.web.runtime import end_db


def show(template: str, page: object, status: int = 200) -> ResponseReturnValue:
    """The template with its page, and with what stands around every page.

    The page holds all it needs, so the transaction ends first: no writer waits for a template.
    """
    end_db()
    return render_template(template, page=page, chrome=chrome_for(page)), status
