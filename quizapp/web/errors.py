"""Error pages: plain words, and always a way on. Nothing that was stored is lost by any of them."""

import logging
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, SecurityError

from quizapp import logs
from quizapp.web import trying_again
from quizapp.web.headers import protective
from quizapp.web.patient import cookie
from quizapp.web.patient.pages import ErrorPage, Way
from quizapp.web.rendering import show
from quizapp.web.runtime import READS, end_db, runtime

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# For when not even an error page can be made; no style and no word from outside, so that nothing more can break.
PLAIN = (
    '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{heading}</title>\n'
    "<h1>{heading}</h1>\n<p>{text}</p>\n</html>\n"
)
BROKEN = "Something broke on our side. Your earlier answers are safe. This number tells what it was: {id}"
OTHER_HOST = "This site does not answer to that name. Check the address that your clinic gave you."

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    # Flask's own line would hold the path and the message of the error.
    app.log_exception = lambda *_told: None  # type: ignore[method-assign]
    # Flask's documented way to add middleware.
    app.wsgi_app = last_resort(app.wsgi_app, https=app.extensions["quizapp"].settings.https)  # type: ignore[assignment, method-assign]
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SecurityError, other_host)
    for kind in (OperationalError, InterfaceError, NoConnectionFree):
        app.register_error_handler(kind, database_error)
    app.register_error_handler(Exception, unexpected_error)


def http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect raised on the way
    return _show(error.code)


def other_host(_error: SecurityError) -> ResponseReturnValue:
    """Asked for under a name that QUIZAPP_TRUSTED_HOSTS does not have: no page, whose links would carry that name."""
    return _plain("This site is not here", OTHER_HOST, 400, https=runtime().settings.https)


def database_error(error: Exception) -> ResponseReturnValue:
    """Disk full, locked, or away: nothing was stored, and trying again may work."""
    end_db()
    error_id = _note(error, 503)
    return trying_again.page_again(error_id) or _show(503, error_id)


def unexpected_error(error: Exception) -> ResponseReturnValue:
    end_db()
    return _show(500, _note(error, 500))


def last_resort(inner: Wsgi, *, https: bool) -> Wsgi:
    """What fails outside the error pages is told in the same way: an id, and nothing of the request."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return inner(environ, start_response)
        except Exception as error:
            error_id = secrets.token_hex(4)
            logs.event("error", logging.CRITICAL, error, id=error_id, route="/", status=500)
            return _broken(error_id, 500, https=https)(environ, start_response)

    return guarded


def _note(error: Exception, status: int) -> str:
    """Log an error under an id that the page shows. No path value and no body: they may tell of a patient."""
    error_id = secrets.token_hex(4)
    rule = request.url_rule.rule if request.url_rule else "/"
    method = request.method if request.method in METHODS else "other"
    logs.event("error", logging.ERROR, error, id=error_id, method=method, route=rule, status=status)
    return error_id


def _show(status: int, error_id: str | None = None) -> ResponseReturnValue:
    try:
        heading, text = _words(status)
        for_staff = request.path.startswith("/staff")
        fields = trying_again.form_again() if status == 503 else ()
        page = ErrorPage(
            status=status,
            heading=heading,
            text=(for_staff and _words_for_staff(status)) or text,
            ways=_ways(for_staff),
            error_id=error_id,
            again_action=request.path if fields else None,
            again_fields=fields,
        )
        return show("errors/error.html", page, status)
    except Exception as error:  # the database is away, or the page itself is broken
        end_db()
        g.signed_in = None
        return _broken(error_id or _note(error, 500), status, https=runtime().settings.https)


def _broken(error_id: str, status: int, *, https: bool) -> Response:
    return _plain("Please try again", BROKEN.format(id=error_id), status, https=https)


def _plain(heading: str, text: str, status: int, *, https: bool) -> Response:
    body = PLAIN.format(heading=heading, text=text)
    return Response(body, status, protective(https=https), mimetype="text/html")


def _words(status: int) -> tuple[str, str]:
    if status == 400:
        return (
            _("We could not store that step"),
            _("The page that you had open was out of date. The answers you gave before are safe."),
        )
    if status == 403:
        return _("This page is not for your account"), _("Ask a lead if you need it.")
    if status == 404:
        return _("This page is not here"), _("The address may have a typing mistake, or the page has gone.")
    if status == 405:
        return _("This page can't be used that way"), _("Use the button below, then try again.")
    if status == 413:
        return _("That was too much to send"), _("Use the button below, then try again.")
    if status == 429:
        return _("Please wait a minute"), _("Many people are starting at once. Try again in a minute.")
    if status == 503 and request.method in READS:
        return _("Please try again"), _("We cannot show this page just now. Your earlier answers are safe.")
    if status == 503:
        return (
            _("Please try again"),
            _("We could not store that just now. Your earlier answers are safe."),
        )
    if status >= 500:
        return _("Something broke on our side"), _("Your earlier answers are safe. Please try again.")
    return _("That did not work"), _("Use the button below, then try again.")


def _words_for_staff(status: int) -> str | None:
    """What nurses and leads are told instead: they gave no answers. None where all are told the same."""
    if status == 400:
        return str(_("Something about the last step was out of date. Go back and try again."))
    if status == 503 and request.method in READS:
        return str(_("We cannot show this page just now. Try again in a minute."))
    if status == 503:
        return str(_("We could not store that just now. What was stored before is safe."))
    if status >= 500:
        return str(_("What was stored before is safe. Please try again."))
    return None


def _ways(for_staff: bool) -> tuple[Way, ...]:
    """Where to go from here: the staff start page, or the patient's place, or the start."""
    if for_staff:
        return (Way(_("To the staff start page"), "/staff/"),)
    for procedure_id in runtime().editions.catalogue.editions:
        if cookie.attempt_secret(procedure_id):
            return (Way(_("Back to where you were"), url_for("patient.next_step", procedure_id=procedure_id)),)
    return (Way(_("To the start"), "/"),)
