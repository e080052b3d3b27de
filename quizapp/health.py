"""/healthz: whether the database answers, has this version's tables, and holds nothing past its days."""

from datetime import date, timedelta

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from quizapp import migrate
from quizapp.aggregation import cleanup
from quizapp.config import Retention
from quizapp.web.context import current, db

ONE_DAY = timedelta(days=1)


def init_app(app: Flask) -> None:
    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        try:
            state = migrate.state(db().connection())
            late = overdue(db(), current().retention, current().clock().date()) if state == "current" else {}
        except SQLAlchemyError:
            return {"database": "unreachable"}, 503
        degraded = {"status": "degraded", "reasons": late} if late else {}
        # A server whose database is ahead is about to be replaced, and serves until then.
        return {"database": "reachable", "migrations": state, **degraded}, 503 if state == "behind" else 200


def overdue(session: Session, keep: Retention, today: date) -> dict[str, int]:
    """Return what an administrator must see to, as counts only: {} if all is well.

    sheets_past_their_days: by a day or more, so that what the next hourly sweep deletes does not count.
    days_since_sweep: if it is more than one. days_of_jump: if no sweep deletes anything until the clock is confirmed.
    """
    reasons = {}
    if sheets := cleanup.count_due(session, keep, today - ONE_DAY):
        reasons["sheets_past_their_days"] = sheets
    days = (today - (cleanup.last_sweep(session) or today)).days
    if days > 1:
        reasons["days_since_sweep"] = days
    if cleanup.is_clock_doubtful(session, today):
        reasons["days_of_jump"] = days
    return reasons
