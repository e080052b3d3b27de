"""Show a form again when it could not be stored, with the choices still marked and "try again" above them.

Reading mostly still works then (a full or locked disk). If it does not, or if the page is not one of these, the error
page has a button that sends the same form once more.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from quizapp.web.context import end_db, reopen_read_only, state

View = TypeVar("View", bound=Callable[..., Any])
ShowAgain = Callable[..., ResponseReturnValue | None]


def resendable(show_again: ShowAgain | None = None) -> Callable[[View], View]:
    """Allow a view's form to be sent again; put it directly above the function.

    Only for forms without a password, since the error page repeats their fields. `show_again` takes the arguments of
    the address and renders the form's page with what was chosen; it returns None if that page no longer fits.
    """

    def mark(view: View) -> View:
        view.is_resendable = True  # type: ignore[attr-defined]  # read back below, through functools.wraps
        view.show_again = show_again  # type: ignore[attr-defined]
        return view

    return mark


def page_again(error_id: str) -> ResponseReturnValue | None:
    """Render the page that this request's form came from; None if that is not possible."""
    show_again = getattr(_view(), "show_again", None)
    if show_again is None:
        return None
    state().not_stored = error_id
    try:
        reopen_read_only()
        answer: ResponseReturnValue | None = show_again(**(request.view_args or {}))
        return answer
    except (HTTPException, SQLAlchemyError):
        state().not_stored = None
        return None
    finally:
        end_db()


def fields_to_resend() -> tuple[tuple[str, str], ...]:
    """Return the fields as they were sent; none if they must not appear on a page."""
    if request.method != "POST" or not getattr(_view(), "is_resendable", False):
        return ()
    return tuple(request.form.items(multi=True))


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")
