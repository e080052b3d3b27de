"""What every request needs: the settings, the database, the editions, the keys and the clock."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from quizapp.config import Settings
from quizapp.domain.visit_codes import CodeKeys
from quizapp.services.editions import Editions
from quizapp.services.releases import Retention
from quizapp.storage.breached_passwords import BreachedPasswords
from quizapp.storage.database import Database

READS = ("GET", "HEAD", "OPTIONS")


def utc_now() -> datetime:
    """Now, in UTC, with no zone attached: as the staff tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Runtime:
    """The parts of one running application. `breached_passwords` is None where the settings name no such file."""

    settings: Settings
    database: Database
    editions: Editions
    code_keys: CodeKeys
    is_demo: bool
    breached_passwords: BreachedPasswords | None = None
    clock: Callable[[], datetime] = utc_now

    @property
    def retention(self) -> Retention:
        return Retention(self.settings.sheet_days, self.settings.closed_days, self.settings.min_group)


def runtime() -> Runtime:
    return cast(Runtime, current_app.extensions["quizapp"])


def today() -> date:
    return runtime().clock().date()


def db() -> Session:
    """This request's session: reading for GET, one writing transaction for POST. The view commits, once.

    `g.check_before_writing`, where a guard left one, is called with the writing session before anything else is.
    """
    if "db_session" not in g:
        database, is_reading = runtime().database, request.method in READS
        context = database.reading() if is_reading else database.writing()
        g.db_stack = ExitStack()
        g.db_session = g.db_stack.enter_context(context)
        if not is_reading and "check_before_writing" in g:
            g.check_before_writing(g.db_session)
    return cast(Session, g.db_session)


def read_from_here() -> None:
    """For the rest of this request `db()` reads only: what it tried to write could not be stored."""
    end_db()
    g.db_stack = ExitStack()
    g.db_session = g.db_stack.enter_context(runtime().database.reading())


def commit() -> None:
    """Keep what this request wrote, and let the next writer go on."""
    db().commit()
    end_db()


def end_db() -> None:
    """End this request's transaction now; what was not committed is dropped, and another writer may go on."""
    stack = g.pop("db_stack", None)
    g.pop("db_session", None)
    if stack is not None:
        stack.close()


def init_app(app: Flask) -> None:
    @app.teardown_appcontext
    def _end(_error: BaseException | None) -> None:
        end_db()
