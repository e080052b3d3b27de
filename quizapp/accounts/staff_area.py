"""The staff pages as an area of the site: styles, menu, error texts, and the banner about a wrong clock."""

from datetime import timedelta
from itertools import chain

from flask import Flask, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import accounts, audit, audit_log, idle_timeout, login, my_account
from quizapp.accounts.auth import lead_required, signed_in, who_is_signed_in
from quizapp.accounts.sessions import IDLE_TIMEOUT
from quizapp.aggregation import cleanup
from quizapp.domain.approval import ApprovalState
from quizapp.domain.gettext_marker import N_
from quizapp.web.context import Area, Link, commit, context_of, current, db
from quizapp.web.errors import NOT_SHOWN
from quizapp.web.staff import bp

__all__ = ["accounts", "audit_log", "idle_timeout", "login", "my_account"]  # imported for their views

ERROR_TEXTS: dict[int | str, str] = {
    400: N_("Something about the last step was out of date. Go back and try again."),
    500: N_("What was stored before is safe. Please try again."),
    503: N_("We could not store that just now. What was stored before is safe."),
    NOT_SHOWN: N_("We cannot show this page just now. Try again in a minute."),
}


def init_app(app: Flask) -> None:
    """Register the staff pages. Import the modules with the other staff views first: they add theirs."""
    app.register_blueprint(bp)
    app.jinja_env.globals.update(
        who_is_signed_in=who_is_signed_in,
        idle_minutes=IDLE_TIMEOUT // timedelta(minutes=1),
        exit_seconds=idle_timeout.EXIT_SECONDS,
    )
    context_of(app).areas.append(
        Area(
            prefix="/staff",
            home=lambda: Link(_("To the staff start page"), "/staff/"),
            styles=("app.css", "staff.css", "print.css"),
            scripts=("staff.js",),
            error_texts=ERROR_TEXTS,
        )
    )


@bp.post("/clock")
@lead_required
def confirm_clock() -> ResponseReturnValue:
    """Accept today's date after a jump: the next sweep deletes sheets again."""
    here = current()
    here.known_day = here.clock().date()
    cleanup.confirm_clock(db(), here.known_day)
    audit.note(db(), here.clock(), signed_in().name, "clock")
    commit()
    return redirect("/staff/", 303)


@bp.app_template_global()
def has_unapproved_lessons() -> bool:
    approvals = chain.from_iterable(current().editions.catalogue.approvals.values())
    return any(lesson.state is not ApprovalState.APPROVED for lesson in approvals)
