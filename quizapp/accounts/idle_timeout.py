"""What happens to a staff page that nobody touches: a warning, and then nothing of a patient stays on the screen.

Without a script: the browser leaves the page by itself, through the Refresh header.
"""

import math
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts.account_service import IDLE_TIMEOUT
from quizapp.accounts.auth import SignedIn, who_is_signed_in
from quizapp.accounts.login import safe_staff_path
from quizapp.web.context import current, state
from quizapp.web.render import show
from quizapp.web.staff import bp

WARNING = timedelta(minutes=2)


@dataclass(frozen=True)
class IdlePage:
    """`minutes` are left, rounded up. `stay_url` is where the nurse was."""

    minutes: int
    stay_url: str


@bp.get("/idle")
def idle() -> ResponseReturnValue:
    """The warning. Only going on from here keeps the session: this page itself does not (access.py)."""
    stay_url = safe_staff_path(request.args.get("next", ""))
    who = who_is_signed_in()
    if who is None:
        return redirect(url_for("staff.sign_in", next=stay_url), 303)
    return show("staff/idle.html", IdlePage(math.ceil(_seconds_left(who) / 60), stay_url))


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
    """Until the session ends for good; one more, so that it has ended when the browser asks again."""
    left = who.last_seen + IDLE_TIMEOUT - current().clock()
    return max(0, int(left.total_seconds())) + 1
