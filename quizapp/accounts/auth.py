"""Who is signed in, and who may open a page."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import NoReturn, ParamSpec, cast

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quizapp.accounts import account_queries, account_service, audit
from quizapp.web.context import SAFE_METHODS, current, end_db, state
from quizapp.web.cookies import own_cookie

P = ParamSpec("P")

COOKIE = "staff"
# Pages that a browser opens by itself: they do not show that somebody is there.
PASSIVE_ENDPOINTS = ("staff.idle",)
OPEN_WITHOUT_SECOND_FACTOR = (
    "staff.account",
    "staff.change_password",
    "staff.totp",
    "staff.totp_qr",
    "staff.turn_on_totp",
    "staff.sign_out",
    "staff.sign_out_everywhere",
)


@dataclass(frozen=True)
class SignedIn:
    """The nurse or lead behind a request. `handed_over`: whose patient holds the device now, or None."""

    staff_id: int
    name: str
    role: str
    session_hash: bytes
    has_second_factor: bool
    handed_over: str | None
    last_seen: datetime

    @property
    def is_lead(self) -> bool:
        return self.role == "lead"


def signed_in() -> SignedIn:
    """Who is signed in, inside a view that @staff_required or @lead_required guards."""
    return cast(SignedIn, state().signed_in)


def who_is_signed_in() -> SignedIn | None:
    """Who is signed in, or None. Notes at most once a minute that they are still there."""
    if state().signed_in is not None:
        return signed_in()
    token = own_cookie(COOKIE)
    if not token:
        return None
    now = current().clock()
    with current().database.reading() as session:
        found = account_service.signed_in(session, token, now)
    if found is None:
        return None
    row, account = found
    last_seen = row.last_seen
    if request.endpoint not in PASSIVE_ENDPOINTS and now - last_seen > account_service.TOUCH_INTERVAL:
        last_seen = now
        # Pages are read also while nothing can be written.
        with contextlib.suppress(OperationalError), current().database.writing() as session:
            account_queries.see(session, row.token_hash, now)
            session.commit()
    state().signed_in = SignedIn(
        account.id,
        account.name,
        account.role,
        row.token_hash,
        account.totp_secret is not None,
        row.handed_over,
        last_seen,
    )
    return signed_in()


def staff_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """For everyone who is signed in: nurses and leads."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        who = who_is_signed_in()
        if who is None:
            return _to_sign_in()
        if _must_add_second_factor(who):
            return redirect(url_for("staff.account"), 303)
        state().before_write = _must_still_be_signed_in
        return view(*args, **kwargs)

    return guarded


def lead_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """For leads only; a nurse is refused, and that is audited."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        who = who_is_signed_in()
        if who is None:
            return _to_sign_in()
        if not who.is_lead:
            refuse(who)
        if _must_add_second_factor(who):
            return redirect(url_for("staff.account"), 303)
        state().before_write = _must_still_be_signed_in
        return view(*args, **kwargs)

    return guarded


def refuse(who: SignedIn) -> NoReturn:
    """What this address or form asks for is not for this account: 403, and an audit row."""
    end_db()
    with current().database.writing() as session:
        audit.note(session, current().clock(), who.name, "refused", detail=str(request.endpoint))
        session.commit()
    abort(403)


def _must_still_be_signed_in(session: Session) -> None:
    """Whoever was signed out, reset or closed since the guard let them in changes nothing any more."""
    who = signed_in()
    if not account_service.is_still_signed_in(session, who.staff_id, who.session_hash):
        end_db()
        state().signed_in = None
        abort(_to_sign_in())


def _must_add_second_factor(who: SignedIn) -> bool:
    """A lead without a second factor gets only to the page that sets one up, where the settings ask for it."""
    required = current().settings.require_totp and who.is_lead and not who.has_second_factor
    return required and request.endpoint not in OPEN_WITHOUT_SECOND_FACTOR


def _to_sign_in() -> Response:
    next_path = request.path if request.method in SAFE_METHODS else None
    return cast(Response, redirect(url_for("staff.sign_in", next=next_path), 303))
