"""The idle timeout: a warning, then logout, so that nothing of a patient stays on an unattended screen.

With a script (staff.js), touches count: the page is left so long after the last one, and what was marked is kept.
Without, the browser leaves the page so long after it was opened.
"""

import math
from datetime import timedelta

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from quizapp.accounts import kept_form
from quizapp.accounts.auth import passive, sign_in_required, staff_required, who_is_signed_in
from quizapp.accounts.login import safe_staff_path
from quizapp.accounts.sessions import IDLE_TIMEOUT
from quizapp.web.context import Link, current
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

WARNING = timedelta(minutes=2)
EXIT_SECONDS = (IDLE_TIMEOUT - WARNING) // timedelta(seconds=1)  # without a touch, until a page is left


@bp.get("/idle")
@passive
def idle() -> ResponseReturnValue:
    """The warning. Only the link on it keeps the session; opening this page does not."""
    stay_url = safe_staff_path(request.args.get("next", ""))
    who = who_is_signed_in()
    if who is None:
        return redirect(url_for("staff.sign_in", next=stay_url), 303)
    left = who.last_seen + IDLE_TIMEOUT - current().clock()
    seconds = max(0, int(left.total_seconds())) + 1  # one more than is left: the session has ended by then
    response = make_response(render_page("staff/idle.html", minutes=math.ceil(seconds / 60), stay_url=stay_url))
    # Make the browser leave the warning once the session has ended.
    response.headers["Refresh"] = f"{seconds}; url={url_for('staff.idle', next=stay_url)}"
    return response


@bp.get("/touch")
@sign_in_required
def touch() -> ResponseReturnValue:
    """Answer the script that reports a touch, at most once a minute: the request itself keeps the session."""
    return "", 204


@bp.post("/keep")
@passive
def keep() -> ResponseReturnValue:
    """Keep what is marked on a form, just before the script leaves its page; also if the session has ended by then."""
    kept_form.keep(safe_staff_path(request.form.get("path", "")), request.form)
    return "", 204


@bp.get("/send-again")
@staff_required
def send_again() -> ResponseReturnValue:
    """Offer to send the form that was not stored because its session had ended."""
    path, fields = kept_form.kept()
    kept_form.forget()
    if not path:
        return redirect(url_for("staff.queue"), 303)
    return render_page(
        "errors/error.html",
        heading=_("Not saved yet"),
        text=_("You were signed out before your last form was saved. You can send it again now."),
        home=Link(_("To the staff start page"), url_for("staff.queue")),
        error_id=None,
        resend_action=path,
        resend_fields=(("csrf_token", generate_csrf()), *fields),
    )


@bp.app_template_global()
def idle_url() -> str | None:
    """Return the address of the warning; None without a session, or if a patient holds the device."""
    who = who_is_signed_in()
    if who is None or who.handed_over is not None or request.endpoint == "staff.idle":
        return None
    here = request.full_path.removesuffix("?") if request.method == "GET" else ""
    return url_for("staff.idle", next=safe_staff_path(here))
