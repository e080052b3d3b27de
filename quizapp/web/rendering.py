"""Prints a page: one frozen dataclass, one template."""

from flask import render_template
from flask.typing import ResponseReturnValue

from quizapp.web.chrome import chrome_for


def show(template: str, page: object, status: int = 200) -> ResponseReturnValue:
    """The template with its page, and with what stands around every page."""
    return render_template(template, page=page, chrome=chrome_for(page)), status
