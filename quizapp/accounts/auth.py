"""Who is signed in, and who may open a page."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, NoReturn, TypeVar, cast

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quizapp.accounts import audit, kept_form, sessions
from quizapp.aggregation import cleanup
from quizapp.web.context import SAFE_METHODS, current, end_db, mark_of_view, state
from quizapp.web.cookies import own_cookie

View = TypeVar("View", bound=Callable[..., Any])

COOKIE = "staff"


@dataclass(frozen=True)
class SignedIn:
    """The nurse or lead behind a request.

    handed_over: the attempt whose patient holds the device now, or None. doubtful_day: today, if the date has jumped
    and nothing is deleted until a lead confirms it; else None.
    """

    staff_id: int
    name: str
    role: str
    session_hash: bytes
    has_second_factor: bool
    handed_over: str | None
    last_seen: datetime
    doubtful_day: date | None

    @property
    def is_lead(self) -> bool:
        return self.role == "lead"

    @property
    def must_add_second_factor(self) -> bool:
        """Return whether the settings ask leads for a second factor and this lead has none."""
        return current().settings.require_totp and self.is_lead and not self.has_second_factor


def sign_in_required(view: View) -> View:
    """Let everyone who is signed in open a view, also a lead who still has to set up a second factor."""
    return _guarded(view, needs_second_factor=False)


def staff_required(view: View) -> View:
    """Let nurses and leads open a view; send everyone else to the login page."""
    return _guarded(view)


def lead_required(view: View) -> View:
    """Let leads open a view. A nurse is refused, and that is audited."""
    return _guarded(view, leads_only=True)


def passive(view: View) -> View:
    """Mark a view that a browser opens by itself: it does not show that the person is there."""
    view.is_passive = True  # type: ignore[attr-defined]  # read back in who_is_signed_in
    return view


def signed_in() -> SignedIn:
    """Return who is signed in. Only for views guarded by @staff_required or @lead_required."""
    return cast(SignedIn, state().signed_in)


def who_is_signed_in() -> SignedIn | None:
    """Return who is signed in, or None. Stores at most once a minute that the person is still there."""
    if state().signed_in is not None:
        return signed_in()
    token = own_cookie(COOKIE)
    if not token:
        return None
    now = current().clock()
    with current().database.reading() as session:
        found = sessions.find(session, token, now)
        if found is None:
            return None
        is_doubtful = cleanup.is_clock_doubtful(session, now.date())
    row, account = found
    last_seen = row.last_seen
    if not mark_of_view("is_passive") and now - last_seen > sessions.TOUCH_INTERVAL:
        last_seen = now
        # Pages must open also while nothing can be written.
        with contextlib.suppress(OperationalError), current().database.transaction() as session:
            sessions.touch(session, row.token_hash, now)
    state().signed_in = SignedIn(
        account.id,
        account.name,
        account.role,
        row.token_hash,
        account.totp_secret is not None,
        row.handed_over,
        last_seen,
        now.date() if is_doubtful else None,
    )
    return signed_in()


def refuse(who: SignedIn) -> NoReturn:
    """Answer 403 and audit it: what was asked for is not for this account."""
    end_db()
    with current().database.transaction() as session:
        audit.note(session, current().clock(), who.name, "refused", detail=str(request.endpoint))
    abort(403)


def _guarded(view: View, *, leads_only: bool = False, needs_second_factor: bool = True) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        who = who_is_signed_in()
        if who is None:
            return _to_login()
        if leads_only and not who.is_lead:
            refuse(who)
        if needs_second_factor and who.must_add_second_factor:
            return redirect(url_for("staff.account"), 303)
        state().before_write = _check_still_signed_in
        return cast(ResponseReturnValue, view(*args, **kwargs))

    return cast(View, guarded)


def _check_still_signed_in(session: Session) -> None:
    """Reject the write if the session ended or the account was closed after the guard's check."""
    who = signed_in()
    if not sessions.is_open(session, who.staff_id, who.session_hash):
        end_db()
        state().signed_in = None
        abort(_to_login())


def _to_login() -> Response:
    """Redirect to the login page, which leads back. What was marked on a form comes back after the login."""
    next_path: str | None = request.path
    if request.method not in SAFE_METHODS:
        if not kept_form.keep(request.path, request.form):
            next_path = None
        elif not mark_of_view("show_again"):
            next_path = url_for("staff.send_again")
    return cast(Response, redirect(url_for("staff.sign_in", next=next_path), 303))
