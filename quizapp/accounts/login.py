"""Signing in and out, and the one-time links that set a password."""

from flask import make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts import account_queries, account_service, login_throttle, second_factor
from quizapp.accounts.account_pages import TOTP_SECRET, SetPasswordPage, SignInPage
from quizapp.accounts.account_service import Refused
from quizapp.accounts.auth import COOKIE, signed_in, staff_required, who_is_signed_in
from quizapp.accounts.device_cookie import known_browser, remember_browser
from quizapp.web.context import current
from quizapp.web.cookies import delete_own_cookie, own_cookie, set_own_cookie
from quizapp.web.csrf import new_csrf_token
from quizapp.web.layout import safe_local_path
from quizapp.web.render import show
from quizapp.web.staff import bp


@bp.get("/login")
def sign_in() -> ResponseReturnValue:
    next_path = safe_staff_path(request.args.get("next", ""))
    if who_is_signed_in():
        return redirect(next_path, 303)
    return show("staff/login.html", SignInPage(next_path))


@bp.post("/login")
def check_sign_in() -> ResponseReturnValue:
    """The password is checked between two short transactions: nothing slow happens inside one."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    next_path = safe_staff_path(request.form.get("next", ""))
    now, browser = current().clock(), known_browser(name)
    with current().database.writing() as db:
        take_attempt = login_throttle.take_attempt(db, name, now, browser)
        if take_attempt and browser is None and not current().login_limit.take():
            return _too_many(name, next_path)  # nothing is committed: this try does not count
        candidate = account_service.candidate(db, name)
        db.commit()
    fits = take_attempt and account_service.password_fits(candidate, password)
    token = None
    with current().database.writing() as db:
        account = account_service.still_fitting(db, candidate) if fits else None
        code = request.form.get("code", "")
        if account and (account.totp_secret is None or second_factor.fits(db, account, code, now)):
            token = account_service.sign_in(db, account.id, now)
            login_throttle.refund_attempt(db, name, now, browser)
            _end_session_before(db)
        elif take_attempt:
            login_throttle.record_failure(db, name, now, browser)
        db.commit()
    if token is None:
        error = _("That name, password or code does not fit. After many tries, wait two minutes between them.")
        return show("staff/login.html", SignInPage(next_path, name[:80], error), 400)
    return _signed_in_response(token, name, next_path)


@bp.post("/logout")
@staff_required
def sign_out() -> ResponseReturnValue:
    who = signed_in()
    with current().database.writing() as db:
        account_service.sign_out(db, who.session_hash, who.name, current().clock())
        db.commit()
    return _signed_out_response()


@bp.post("/logout-everywhere")
@staff_required
def sign_out_everywhere() -> ResponseReturnValue:
    who = signed_in()
    with current().database.writing() as db:
        account_service.sign_out_everywhere(db, who.staff_id, who.name, current().clock())
        db.commit()
    return _signed_out_response()


@bp.get("/link/<token>")
def link(token: str) -> ResponseReturnValue:
    with current().database.reading() as db:
        target = account_service.open_link(db, token, current().clock())
    if target is None:
        return _link_is_gone()
    return show("staff/set_password.html", SetPasswordPage(token, target.staff_id is None, target.name))


@bp.post("/link/<token>")
def use_link(token: str) -> ResponseReturnValue:
    now = current().clock()
    with current().database.reading() as db:
        target = account_service.open_link(db, token, now)
    if target is None:
        return _link_is_gone()
    name = target.name or request.form.get("name", "")
    try:
        if request.form.get("password") != request.form.get("again"):
            raise Refused(_("The two passwords differ. Type the same one twice."))
        password_hash = account_service.hashed(request.form.get("password", ""), name, current().breached_passwords)
        with current().database.writing() as db:
            staff_id = account_service.use_link(db, token, name, password_hash, now)
            session_token = account_service.sign_in(db, staff_id, now)
            _end_session_before(db)
            db.commit()
    except Refused as refused:
        page = SetPasswordPage(token, target.staff_id is None, name[:80], _(str(refused)))
        return show("staff/set_password.html", page, 400)
    return _signed_in_response(session_token, name, "/staff/")


def safe_staff_path(path: str) -> str:
    """The path if it is one of the staff pages, else their start."""
    return path if path.startswith("/staff/") and safe_local_path(path) == path else "/staff/"


def _end_session_before(db: Session) -> None:
    """Whoever was signed in in this browser is not any more."""
    token = own_cookie(COOKIE)
    if token:
        account_queries.end_session(db, account_service.token_hash(token))


def _too_many(name: str, next_path: str) -> ResponseReturnValue:
    error = _("Many people are signing in just now. Please try again in a moment.")
    return show("staff/login.html", SignInPage(next_path, name[:80], error), 429)


def _link_is_gone() -> ResponseReturnValue:
    error = _("This link was used or is too old. Ask a lead for a new one.")
    return show("staff/login.html", SignInPage("/staff/", error=error), 404)


def _signed_in_response(token: str, name: str, next_path: str) -> ResponseReturnValue:
    _new_csrf_token()
    response = make_response(redirect(next_path, 303))
    set_own_cookie(response, COOKIE, token)
    remember_browser(response, name)
    return response


def _signed_out_response() -> ResponseReturnValue:
    _new_csrf_token()
    response = make_response(redirect(url_for("staff.sign_in"), 303))
    delete_own_cookie(response, COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _new_csrf_token() -> None:
    """Forms of the session before do not work in the one after, nor does the second factor that it set up."""
    session.pop(TOTP_SECRET, None)
    new_csrf_token()
