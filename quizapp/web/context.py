"""The parts of the running application, and the state of one request."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask.ctx import _AppCtxGlobals  # to be subclassed: see Flask.app_ctx_globals_class
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from quizapp.config import Settings
from quizapp.content.editions import Editions
from quizapp.db import Database
from quizapp.deadline import answer_by
from quizapp.domain.visit_codes import CodeKeys
from quizapp.web.rate_limit import Limit
from quizapp.web.static_files import StaticFile

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
ANSWER_SECONDS, STAFF_SECONDS = 4.0, 20.0  # from a request's arrival until the database must have answered
UNKNOWN_BROWSERS = Limit(tries=60, interval=1 / 3)  # their logins; hashing costs at most a tenth of a core


def utc_now() -> datetime:
    """Return now, in UTC, without a time zone attached, as the staff tables store it."""
    return datetime.now(UTC).replace(tzinfo=None)


def seconds(now: datetime) -> float:
    """Convert a UTC moment without a time zone to seconds since 1970."""
    return now.replace(tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Area:
    """A group of pages (patients, staff): those whose addresses begin with `prefix`; "" is for all other pages.

    `home` returns the link that an error page offers. `error_texts` replaces general sentences of `web/errors.py`.
    `holds_patient` tells whether this device can open a patient's answers, so that a shared tablet has to forget them.
    """

    prefix: str
    home: Callable[[], Link]
    styles: tuple[str, ...] = ("app.css",)
    scripts: tuple[str, ...] = ("app.js",)
    error_texts: Mapping[int | str, str] = field(default_factory=dict)
    holds_patient: Callable[[], bool] = lambda: False


@dataclass
class Context:
    """The parts of one running application."""

    settings: Settings
    database: Database
    editions: Editions
    code_keys: CodeKeys
    is_demo: bool
    known_day: date  # of the last sweep before this start; a clock that is behind it is wrong
    clock: Callable[[], datetime]
    static_files: dict[str, StaticFile]  # by name and by address
    languages: tuple[str, ...] = ()  # that pages are offered in
    areas: list[Area] = field(default_factory=list)
    settings_buttons: dict[tuple[Any, ...], Markup] = field(default_factory=dict)  # by look: see web/layout.py
    unknown_browsers: Limit = UNKNOWN_BROWSERS


def context_of(app: Flask) -> Context:
    return cast(Context, app.extensions["quizapp"])


def current() -> Context:
    """Return the parts of the application that answers this request."""
    return context_of(current_app._get_current_object())  # type: ignore[attr-defined]  # as in `state`


def mark_of_view(name: str) -> Any:
    """Return what a decorator noted on the view of this request under this name; None without a view or a mark."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), name, None)


def today() -> date:
    """Return the date. A clock that was set back makes no attempt older: the next sweep would delete it."""
    return max(current().clock().date(), current().known_day)


@dataclass(frozen=True)
class ContentLanguage:
    """The language of the content on a page. `procedure_id` is None if the procedure is no longer known."""

    procedure_id: str | None
    language: str
    languages: Collection[str]


class RequestState(_AppCtxGlobals):
    """The state of one request: Flask's `g`, with attributes of ours.

    signed_in: an `accounts.auth.SignedIn`, or None. before_write: called with the writing session before anything else
    is written. not_stored: the number of the error if the page is shown again because a form could not be stored.
    content: set on pages that must be in their content's language. translations: gettext's, looked up once a page.
    """

    stack: ExitStack | None = None
    session: Session | None = None
    before_write: Callable[[Session], None] | None = None
    signed_in: Any = None
    not_stored: str | None = None
    content: ContentLanguage | None = None
    translations: Any = None


def state() -> RequestState:
    return cast(RequestState, g._get_current_object())  # asked for often: `g.name` takes eight times as long


def db() -> Session:
    """Return this request's session: read-only for GET, one write transaction for POST. The view commits."""
    here = state()
    if here.session is None:
        is_read = request.method in SAFE_METHODS
        _open(here, is_read=is_read)
        if not is_read and here.before_write is not None:
            here.before_write(cast(Session, here.session))
    return cast(Session, here.session)


def reopen_read_only() -> None:
    """Make `db()` read-only for the rest of this request, because it could not store what it tried to write."""
    end_db()
    _open(state(), is_read=True)


def _open(here: RequestState, *, is_read: bool) -> None:
    database = current().database
    here.stack = ExitStack()
    here.session = here.stack.enter_context(database.reading() if is_read else database.writing())


def commit() -> None:
    """Commit what this request wrote, and let the next writer start."""
    db().commit()
    end_db()


def end_db() -> None:
    """End this request's transaction now. Uncommitted changes are dropped, and another writer may start."""
    here = state()
    stack, here.stack, here.session = here.stack, None, None
    if stack is not None:
        # A connection that is lost now loses nothing: what counts was committed.
        with suppress(DBAPIError):
            stack.close()


def init_app(app: Flask) -> None:
    app.app_ctx_globals_class = RequestState

    @app.before_request
    def begin() -> None:
        arrived = request.environ.get("quizapp.arrived", time.monotonic())
        answer_by(arrived + (STAFF_SECONDS if request.blueprint == "staff" else ANSWER_SECONDS))

    @app.teardown_appcontext
    def end(_error: BaseException | None) -> None:
        end_db()
        answer_by(None)
