"""/healthz and /metrics: whether the database answers, has this version's tables, and every promise is kept."""

import hmac
from contextlib import suppress
from datetime import timedelta

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from quizapp import migrate
from quizapp.aggregation import cleanup, release
from quizapp.domain.gettext_marker import N_
from quizapp.models import DatabaseFlag
from quizapp.web.context import Context, current, db

# What an administrator must see to, and what leads read about it.
ALARMS = {
    "sheets_past_their_days": N_("Sheets kept longer than promised: %(num)s."),
    "days_since_sweep": N_("Days since the hourly clean-up last finished: %(num)s."),
    "days_of_jump": N_("Days by which the date has jumped: %(num)s."),
    "full_batches_waiting": N_("Groups of answers that could be counted and are not: %(num)s."),
    "backups_past_their_days": N_("Backups to delete, because they hold sheets past their days: %(num)s."),
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
    late: dict[str, int] = {}
    with suppress(SQLAlchemyError), current().database.reading() as session:
        late = overdue(session, current())
    return [_(ALARMS[name], num=n) for name, n in late.items()]


def overdue(session: Session, context: Context) -> dict[str, int]:
    """Return what an administrator must see to, as counts only: {} if all is well.

    sheets_past_their_days: by a day or more, so that what the next hourly sweep deletes does not count.
    days_since_sweep: if it is more than one. days_of_jump: if no sweep deletes anything until the clock is confirmed.
    """
    today, keep = context.clock().date(), context.settings.retention
    old_backups = session.get(DatabaseFlag, cleanup.OLD_BACKUPS)
    days = (today - (cleanup.last_sweep(session) or today)).days
    counts = {
        "sheets_past_their_days": cleanup.count_due(session, keep, today - timedelta(days=1)),
        "days_since_sweep": days if days > 1 else 0,
        "days_of_jump": days if cleanup.is_clock_doubtful(session, today) else 0,
        "full_batches_waiting": sum(n >= keep.min_group for n in release.waiting_groups(session).values()),
        "backups_past_their_days": int(old_backups.value) if old_backups else 0,
    }
    return {name: n for name, n in counts.items() if n}
