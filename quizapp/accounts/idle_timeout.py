"""The idle timeout: a warning, then logout, so that nothing of a patient stays on an unattended screen.

It needs no script: the Refresh header makes the browser leave the page.
"""

import math
from datetime import timedelta

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import SignedIn, passive, who_is_signed_in
from quizapp.accounts.login import safe_staff_path
from quizapp.accounts.sessions import IDLE_TIMEOUT
from quizapp.web.context import current, state
from quizapp.web.render import render_page
from quizapp.web.staff import bp

WARNING = timedelta(minutes=2)


@bp.get("/idle")
@passive
def idle() -> ResponseReturnValue:
    """The warning. Only the link on it keeps the session; opening this page does not."""
    stay_url = safe_staff_path(request.args.get("next", ""))
    who = who_is_signed_in()
    if who is None:
        return redirect(url_for("staff.sign_in", next=stay_url), 303)
    return render_page("staff/idle.html", minutes=math.ceil(_seconds_left(who) / 60), stay_url=stay_url)


@bp.after_request
def leave_when_idle(response: Response) -> Response:
    who: SignedIn | None = state().signed_in
    if who is None or who.handed_over is not None or response.location or response.mimetype != "text/html":
        return response
    if request.endpoint == "staff.idle":
        here, seconds = request.args.get("next", ""), _seconds_left(who)
    else:
        here = request.full_path if request.method == "GET" else ""
        seconds = int((IDLE_TIMEOUT - WARNING).total_seconds())
    next_page = url_for("staff.idle", next=safe_staff_path(here))
    response.headers["Refresh"] = f"{seconds}; url={next_page}"
    return response


def _seconds_left(who: SignedIn) -> int:
    """Return the seconds until the session has ended: one more than is left."""
    left = who.last_seen + IDLE_TIMEOUT - current().clock()
    return max(0, int(left.total_seconds())) + 1
