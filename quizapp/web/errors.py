"""Error pages: plain words, and always a link that leads on. Forms that could not be stored can be sent again."""

import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Flask, Response, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, SecurityError

from quizapp import log
from quizapp.domain.gettext_marker import N_
from quizapp.web.context import SAFE_METHODS, context_of, current, end_db, mark_of_view, reopen_read_only, state
from quizapp.web.headers import protective
from quizapp.web.layout import area_of_request, render_page

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
# Used if the error page itself cannot be rendered. It needs no style sheet and no translation.
PLAIN = (
    '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{heading}</title>\n'
    "<h1>{heading}</h1>\n<p>{text}</p>\n</html>\n"
)
BROKEN = "Something broke on our side. Your earlier answers are safe. This number tells what it was: {id}"
OTHER_HOST = "This site does not answer to that name. Check the address that your clinic gave you."

NOT_SHOWN = "not shown"  # instead of 503, for pages that only read
# Status -> heading and text.
TEXTS: dict[int | str, tuple[str, str]] = {
    400: (
        N_("We could not store that step"),
        N_("The page that you had open was out of date. The answers you gave before are safe."),
    ),
    403: (N_("This page is not for your account"), N_("Ask a lead if you need it.")),
    404: (N_("This page is not here"), N_("The address may have a typing mistake, or the page has gone.")),
    405: (N_("This page can't be used that way"), N_("Use the button below, then try again.")),
    413: (N_("That was too much to send"), N_("Use the button below, then try again.")),
    429: (N_("Please wait a minute"), N_("Many people are starting at once. Try again in a minute.")),
    500: (N_("Something broke on our side"), N_("Your earlier answers are safe. Please try again.")),
    503: (N_("Please try again"), N_("We could not store that just now. Your earlier answers are safe.")),
    NOT_SHOWN: (N_("Please try again"), N_("We cannot show this page just now. Your earlier answers are safe.")),
}
OTHER = (N_("That did not work"), N_("Use the button below, then try again."))
# Classes of SQLSTATE: connection lost, read-only or in a wrong transaction, out of resources, stopped by an operator.
PASSING = ("08", "25", "53", "57")

View = TypeVar("View", bound=Callable[..., Any])
ShowAgain = Callable[..., ResponseReturnValue | None]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    # Flask's own line would hold the path and the message of the error.
    app.log_exception = lambda *_info: None  # type: ignore[method-assign]
    # Flask's documented way to add middleware.
    app.wsgi_app = last_resort(app.wsgi_app, https=context_of(app).settings.https)  # type: ignore[assignment, method-assign]
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SecurityError, other_host)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(NoConnectionFree, database_error)
    app.register_error_handler(Exception, unexpected_error)


def http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect that was raised with abort()
    return _error_page(error.code)


def other_host(_error: SecurityError) -> ResponseReturnValue:
    """Refuse a host name that is not in QUIZAPP_TRUSTED_HOSTS, without a page whose links would carry that name."""
    return _plain("This site is not here", OTHER_HOST, 400, https=current().settings.https)


def database_error(error: Exception) -> ResponseReturnValue:
    """Answer a full, locked, read-only or unreachable database: nothing was stored, and trying again may work."""
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    if not isinstance(error, (OperationalError, InterfaceError, NoConnectionFree)) and sqlstate[:2] not in PASSING:
        return unexpected_error(error)  # a mistake of ours
    end_db()
    error_id = _log_error(error, 503)
    return _page_again(error_id) or _error_page(503, error_id)


def unexpected_error(error: Exception) -> ResponseReturnValue:
    end_db()
    return _error_page(500, _log_error(error, 500))


def last_resort(inner: Wsgi, *, https: bool) -> Wsgi:
    """WSGI middleware: answer errors that no handler caught, with an id and nothing of the request."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return inner(environ, start_response)
        except Exception as error:
            error_id = secrets.token_hex(4)
            log.event("error", logging.CRITICAL, error, id=error_id, route="/", status=500)
            return _broken(error_id, 500, https=https)(environ, start_response)

    return guarded


def _log_error(error: Exception, status: int) -> str:
    """Log an error and return the id that the page shows. No path values and no body: they may be a patient's."""
    error_id = secrets.token_hex(4)
    rule = request.url_rule.rule if request.url_rule else "/"
    method = request.method if request.method in METHODS else "other"
    log.event("error", logging.ERROR, error, id=error_id, method=method, route=rule, status=status)
    return error_id


def _error_page(status: int, error_id: str | None = None) -> ResponseReturnValue:
    try:
        area = area_of_request()
        key: int | str = NOT_SHOWN if status == 503 and request.method in SAFE_METHODS else status
        if key not in TEXTS and status >= 500:
            key = 500
        heading, text = TEXTS.get(key, OTHER)
        # The fields as they were sent, if they may appear on a page.
        is_resendable = status == 503 and request.method == "POST" and mark_of_view("is_resendable")
        fields = tuple(request.form.items(multi=True)) if is_resendable else ()
        return render_page(
            "errors/error.html",
            status,
            is_error_page=True,
            heading=_(heading),
            text=_(area.error_texts.get(key, text)),
            home=area.home(),
            error_id=error_id,
            resend_action=request.path if fields else None,
            resend_fields=fields,
        )
    except Exception as error:  # the database is unreachable, or the page itself is broken
        end_db()
        state().signed_in = None
        return _broken(error_id or _log_error(error, 500), status, https=current().settings.https)


def _broken(error_id: str, status: int, *, https: bool) -> Response:
    return _plain("Please try again", BROKEN.format(id=error_id), status, https=https)


def _plain(heading: str, text: str, status: int, *, https: bool) -> Response:
    body = PLAIN.format(heading=heading, text=text)
    return Response(body, status, protective(https=https), mimetype="text/html")


def resendable(show_again: ShowAgain | None = None) -> Callable[[View], View]:
    """Allow a view's form to be sent again if it could not be stored; put it directly above the function.

    Reading mostly still works then (a full or locked disk): the form's page comes back with the choices still marked
    and "try again" above them. If not, the error page has a button that sends the same form once more.

    Only for forms without a password, since the error page repeats their fields. `show_again` takes the arguments of
    the address and renders the form's page with what was chosen: often it is the page's own view. It returns None or
    redirects if that page no longer fits.
    """

    def mark(view: View) -> View:
        view.is_resendable = True  # type: ignore[attr-defined]  # read back below, through functools.wraps
        view.show_again = show_again  # type: ignore[attr-defined]
        return view

    return mark


def _page_again(error_id: str) -> ResponseReturnValue | None:
    """Render the page that this request's form came from; None if that is not possible."""
    show_again = mark_of_view("show_again")
    if show_again is None:
        return None
    state().not_stored = error_id
    with suppress(HTTPException, SQLAlchemyError):
        reopen_read_only()
        answer = show_again(**(request.view_args or {}))
        if answer is not None:
            response = make_response(answer)
            if response.status_code == 200:
                response.status_code = 503
                return response
    end_db()
    state().not_stored = None
    return None
