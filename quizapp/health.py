"""/healthz and /metrics: whether the database answers, has this version's tables, and every promise is kept."""

import hmac
from collections.abc import Callable
from datetime import timedelta

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from quizapp import backups, migrate
from quizapp.aggregation import cleanup, release
from quizapp.web.context import Context, current, db

ONE_DAY = timedelta(days=1)
# What an administrator must see to, and what leads read about it. A date that has jumped has a banner with a button.
ALARMS: dict[str, Callable[[int], str]] = {
    "sheets_past_their_days": lambda n: ngettext(
        "%(num)s sheet is kept longer than promised.", "%(num)s sheets are kept longer than promised.", n
    ),
    "days_since_sweep": lambda n: ngettext(
        "The hourly clean-up has not finished for %(num)s day.",
        "The hourly clean-up has not finished for %(num)s days.",
        n,
    ),
    "days_of_jump": lambda _days: "",
    "full_batches_waiting": lambda n: ngettext(
        "%(num)s group of answers could be counted and is not.",
        "%(num)s groups of answers could be counted and are not.",
        n,
    ),
    "backups_past_their_days": lambda n: ngettext(
        "%(num)s backup holds sheets that are past their days. Delete it.",
        "%(num)s backups hold sheets that are past their days. Delete them.",
        n,
    ),
}


def init_app(app: Flask) -> None:
    app.jinja_env.globals["alarms"] = alarms
    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/metrics", view_func=metrics)


def healthz() -> ResponseReturnValue:
    try:
        state = migrate.state(db().connection())
        late = overdue(db(), current()) if state == "current" else {}
    except SQLAlchemyError:
        return {"database": "unreachable"}, 503
    degraded = {"status": "degraded", "reasons": late} if late else {}
    # A server whose database is ahead is about to be replaced, and serves until then.
    return {"database": "reachable", "migrations": state, **degraded}, 503 if state == "behind" else 200


def metrics() -> ResponseReturnValue:
    """Return every alarm as a gauge for Prometheus, 0 if all is well; only for those who have the token."""
    token, sent = current().settings.metrics_token, request.authorization
    if not token:
        abort(404)
    if sent is None or sent.type != "bearer" or not hmac.compare_digest((sent.token or "").encode(), token.encode()):
        abort(401)
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest  # most never need it

    registry, late = CollectorRegistry(), overdue(db(), current())
    gauge = Gauge("quizapp_overdue", "What to see to; 0 if all is well.", ["alarm"], registry=registry)
    for name in ALARMS:
        gauge.labels(name).set(late.get(name, 0))
    return generate_latest(registry), {"Content-Type": CONTENT_TYPE_LATEST}


def alarms() -> list[str]:
    """Return what a lead must see to, in sentences."""
    with current().database.reading() as session:
        late = overdue(session, current())
    return [words for name, n in late.items() if (words := ALARMS[name](n))]


def overdue(session: Session, context: Context) -> dict[str, int]:
    """Return what an administrator must see to, as counts only: {} if all is well.

    sheets_past_their_days: by a day or more, so that what the next hourly sweep deletes does not count.
    days_since_sweep: if it is more than one. days_of_jump: if no sweep deletes anything until the clock is confirmed.
    """
    today, keep = context.clock().date(), context.retention
    days = (today - (cleanup.last_sweep(session) or today)).days
    counts = {
        "sheets_past_their_days": cleanup.count_due(session, keep, today - ONE_DAY),
        "days_since_sweep": days if days > 1 else 0,
        "days_of_jump": days if cleanup.is_clock_doubtful(session, today) else 0,
        "full_batches_waiting": sum(n >= keep.min_group for n in release.waiting_groups(session).values()),
        "backups_past_their_days": len(backups.past_their_days(context)),
    }
    return {name: n for name, n in counts.items() if n}
