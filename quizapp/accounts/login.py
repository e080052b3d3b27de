"""Login and logout, the one-time links that set a password, and asking for the password again."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import (
    AccountError,
    accounts,
    audit,
    kept_form,
    login_limit,
    password_hashing,
    second_factor,
    sessions,
)
from quizapp.accounts.auth import COOKIE, sign_in_required, signed_in, who_is_signed_in
from quizapp.accounts.login_limit import known_browser, remember_browser
from quizapp.domain.gettext_marker import N_
from quizapp.models import Staff
from quizapp.web.context import commit, current, db, end_db, seconds
from quizapp.web.cookies import own_cookie, set_own_cookie
from quizapp.web.csrf import new_csrf_token
from quizapp.web.layout import render_page, safe_local_path
from quizapp.web.rate_limit import Limit, reserve
from quizapp.web.staff import bp

T = TypeVar("T")


class TooManyLogins(Exception):
    """Unknown browsers try so many passwords that no more are hashed for a moment."""


@bp.get("/login")
def sign_in() -> ResponseReturnValue:
    next_path = safe_staff_path(request.args.get("next", ""))
    if who_is_signed_in():
        return redirect(next_path, 303)
    return _login_page(next_path)


@bp.post("/login")
def check_sign_in() -> ResponseReturnValue:
    name, code = request.form.get("name", ""), request.form.get("code", "")
    next_path = safe_staff_path(request.form.get("next", ""))

    def start_session(account: Staff, now: datetime) -> str | None:
        if account.totp_secret is not None and not second_factor.use_code(db(), account, code, now):
            return None
        return _replace_session(account.id, now)

    try:
        password = request.form.get("password", "")
        token = check_password(name, password, start_session, unknown_browsers=current().unknown_browsers)
    except TooManyLogins:
        error = _("Many people are signing in just now. Please try again in a moment.")
        return _login_page(next_path, name, error, 429)
    if token is None:
        error = _("That name, password or code is not right. After many attempts, wait two minutes between them.")
        return _login_page(next_path, name, error, 400)
    return _signed_in_response(token, name, next_path)


@bp.post("/logout")
@sign_in_required
def sign_out() -> ResponseReturnValue:
    sessions.end(db(), signed_in().session_hash)
    return _signed_out()


@bp.post("/logout-everywhere")
@sign_in_required
def sign_out_everywhere() -> ResponseReturnValue:
    sessions.end_all_of(db(), signed_in().staff_id)
    return _signed_out("everywhere")


@bp.get("/link/<token>")
def link(token: str) -> ResponseReturnValue:
    target = accounts.open_link(db(), token, current().clock())
    return _link_page(token, target, target.name) if target else _link_is_gone()


@bp.post("/link/<token>")
def use_link(token: str) -> ResponseReturnValue:
    now = current().clock()
    target = accounts.open_link(db(), token, now)
    end_db()  # nothing slow happens inside a transaction
    if target is None:
        return _link_is_gone()
    name = target.name or request.form.get("name", "")
    try:
        password_hash = hash_new_password(name)  # before db(), which begins the transaction
        staff_id = accounts.use_link(db(), token, name, password_hash, now)
        session_token = _replace_session(staff_id, now)
    except AccountError as error:
        return _link_page(token, target, name, _(str(error)), 400)
    commit()
    return _signed_in_response(session_token, name, "/staff/")


def check_password(
    name: str,
    password: str,
    accept: Callable[[Staff, datetime], T | None],
    unknown_browsers: Limit | None = None,
) -> T | None:
    """Check a password, counted, slowed down and audited; return None if the attempt is refused.

    `accept` is called with the locked account if the password is right; what it returns is returned, and None counts
    as a wrong attempt. Raises TooManyLogins if `unknown_browsers` is exhausted. The password is verified between two
    transactions, each committed here: nothing slow happens inside one.
    """
    now, browser = current().clock(), known_browser(name)
    is_allowed = login_limit.take_attempt(db(), name, now, browser)
    limit = unknown_browsers if is_allowed and browser is None else None
    if limit is not None and not reserve(db(), "unknown-browsers", limit, seconds(now)):
        end_db()  # this attempt does not count
        raise TooManyLogins
    stored_hash = accounts.hash_to_verify(db(), name)
    commit()
    is_right = is_allowed and password_hashing.is_right(stored_hash, password)
    account = accounts.lock_unchanged(db(), name, stored_hash) if is_right else None
    result = accept(account, now) if account else None
    if result is not None:
        login_limit.refund_attempt(db(), name, browser)
    elif is_allowed:
        login_limit.record_failure(db(), accounts.by_name(db(), name), name, now, browser)
    commit()
    return result


def hash_new_password(name: str, *, has_second_factor: bool = False) -> str:
    """Return the hash of the password typed twice in this request's form. Raises AccountError if it is refused."""
    password, breached = request.form.get("password", ""), current().settings.breached_passwords
    if password != request.form.get("again"):
        raise AccountError(N_("The two new passwords differ. Type the same one twice."))
    return password_hashing.hash_password(password, name, breached, has_second_factor=has_second_factor)


def is_own_password(password: str, code: str | None = None) -> bool:
    """Ask the signed-in person again; with a code, both must be right, and the code is used up.

    Counted, slowed down and audited like a login. Call it before the view writes.
    """

    def accept(account: Staff, now: datetime) -> bool | None:
        return code is None or second_factor.use_code(db(), account, code, now) or None

    return check_password(signed_in().name, password, accept) is True


def safe_staff_path(path: str) -> str:
    """Return the path if it is a staff page, else the staff start page."""
    return path if path.startswith("/staff/") and safe_local_path(path) == path else "/staff/"


def _login_page(next_path: str, name: str = "", error: str | None = None, status: int = 200) -> ResponseReturnValue:
    return render_page("staff/login.html", status, next_path=next_path, name=name[:80], error=error)


def _link_page(
    token: str, target: Staff, name: str, error: str | None = None, status: int = 200
) -> ResponseReturnValue:
    asks_name = target.id is None
    return render_page("staff/set_password.html", status, token=token, asks_name=asks_name, name=name[:80], error=error)


def _link_is_gone() -> ResponseReturnValue:
    return _login_page("/staff/", error=_(accounts.LINK_IS_GONE), status=404)


def _replace_session(staff_id: int, now: datetime) -> str:
    """End the session of this browser, if any, and start one; return its token."""
    token = own_cookie(COOKIE)
    if token:
        sessions.end(db(), sessions.token_hash(token))
    kept_form.belongs_to(staff_id)
    return sessions.start(db(), staff_id, now)


def _signed_in_response(token: str, name: str, next_path: str) -> ResponseReturnValue:
    _reset_csrf_token()
    response = make_response(redirect(next_path, 303))
    set_own_cookie(response, COOKIE, token)
    remember_browser(response, name)
    return response


def _signed_out(detail: str = "") -> ResponseReturnValue:
    audit.note(db(), current().clock(), signed_in().name, "signed-out", detail=detail)
    commit()
    kept_form.sign_out()
    _reset_csrf_token()
    response = make_response(redirect(url_for("staff.sign_in"), 303))
    set_own_cookie(response, COOKIE, "", 0)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _reset_csrf_token() -> None:
    """Start over: forms of the session before do not work in the next one, nor does a second factor it prepared."""
    session.pop(second_factor.PREPARED_SECRET, None)
    new_csrf_token()
