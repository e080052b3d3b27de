"""Error pages: plain words, and always a way on. Nothing that was stored is lost by any of them."""

import logging
import secrets

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from quizapp.web.patient import cookie
from quizapp.web.patient.pages import ErrorPage, Way
from quizapp.web.rendering import show
from quizapp.web.runtime import end_db, runtime

log = logging.getLogger("quizapp")


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_error)
    app.register_error_handler(Exception, unexpected_error)


def http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect raised on the way
    return _show(error.code)


def database_error(error: OperationalError) -> ResponseReturnValue:
    """Disk full, locked, or away: nothing was stored, and trying again may work."""
    end_db()
    error_id = _note(error)
    return _show(503, error_id)


def unexpected_error(error: Exception) -> ResponseReturnValue:
    end_db()
    return _show(500, _note(error))


def _note(error: Exception) -> str:
    """Log an error under an id that the page shows. No path value and no body: they may tell of a patient."""
    error_id = secrets.token_hex(4)
    log.error("error %s at %s %s", error_id, request.method, request.url_rule, exc_info=error)
    return error_id


def _show(status: int, error_id: str | None = None) -> ResponseReturnValue:
    heading, text = _words(status)
    page = ErrorPage(status=status, heading=heading, text=text, ways=_ways(), error_id=error_id)
    return show("errors/error.html", page, status)


def _words(status: int) -> tuple[str, str]:
    if status == 400:
        return (
            _("We could not use that"),
            _("Something about the last step was out of date. The answers you gave before are safe."),
        )
    if status == 403:
        return _("This page is not for your account"), _("Ask a lead if you need it.")
    if status == 404:
        return _("This page is not here"), _("The address may have a typing mistake, or the page has gone.")
    if status == 405:
        return _("This page can't be used that way"), _("Go back to where you were and try again.")
    if status == 413:
        return _("That was too much to send"), _("Go back to where you were and try again.")
    if status == 429:
        return _("Please wait a minute"), _("Many people are starting at once. Try again in a minute.")
    if status == 503:
        return (
            _("Please try again"),
            _("We could not store that just now. Go back and press the button once more. Earlier answers are safe."),
        )
    if status >= 500:
        return _("Something broke on our side"), _("Your earlier answers are safe. Please try again.")
    return _("That did not work"), _("Go back to where you were and try again.")


def _ways() -> tuple[Way, ...]:
    """Where to go from here: the staff start page, or the patient's place, or the start."""
    if request.path.startswith("/staff"):
        return (Way(_("To the staff start page"), "/staff/"),)
    for procedure_id in runtime().editions.catalogue.editions:
        if cookie.attempt_secret(procedure_id):
            return (Way(_("Back to where you were"), url_for("patient.next_step", procedure_id=procedure_id)),)
    return (Way(_("To the start"), "/"),)
