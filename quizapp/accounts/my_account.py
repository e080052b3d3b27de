"""My account: password, second factor, and where I am signed in."""

import pyotp
from flask import Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import AccountError, accounts, second_factor, sessions
from quizapp.accounts.auth import sign_in_required, signed_in, staff_required
from quizapp.accounts.login import hash_new_password, is_own_password
from quizapp.accounts.second_factor import PREPARED_SECRET
from quizapp.domain.gettext_marker import N_
from quizapp.models import Staff
from quizapp.web.context import commit, current, db
from quizapp.web.filters import qr_svg
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry


@bp.app_template_filter("role")
def role_words(role: str) -> str:
    """Name a role: "lead" or "nurse"."""
    return str(_("lead") if role == "lead" else _("nurse"))


@menu_entry(N_("My account"), 8, sections=("account",))
@bp.get("/account")
@sign_in_required
def account(error: str | None = None, status: int = 200) -> ResponseReturnValue:
    own_sessions = sessions.of_account(db(), signed_in().staff_id)
    return render_page("staff/account.html", status, account=signed_in(), sessions=own_sessions, error=error)


@bp.post("/account/password")
@sign_in_required
def change_password() -> ResponseReturnValue:
    who, now = signed_in(), current().clock()
    try:
        _check_own_password()
        password_hash = hash_new_password(who.name, has_second_factor=who.has_second_factor)
    except AccountError as error:
        return account(_(str(error)), 400)
    accounts.set_password(db(), who.staff_id, password_hash, now, keep=who.session_hash)
    commit()
    return redirect(url_for("staff.account"), 303)


@bp.get("/account/second-factor")
@sign_in_required
def totp() -> ResponseReturnValue:
    if signed_in().has_second_factor:
        return redirect(url_for("staff.account"), 303)
    session.setdefault(PREPARED_SECRET, pyotp.random_base32())
    return render_page("staff/second_factor.html", secret=session[PREPARED_SECRET], error=None)


@bp.get("/account/second-factor.svg")
@sign_in_required
def totp_qr() -> ResponseReturnValue:
    if PREPARED_SECRET not in session:
        abort(404)
    address = pyotp.TOTP(session[PREPARED_SECRET]).provisioning_uri(name=signed_in().name, issuer_name="quizapp")
    return Response(qr_svg(address), content_type="image/svg+xml")


@bp.post("/account/second-factor")
@sign_in_required
def turn_on_totp() -> ResponseReturnValue:
    secret = session.get(PREPARED_SECRET)
    if secret is None:
        return redirect(url_for("staff.totp"), 303)
    try:
        _check_own_password()
        codes = second_factor.turn_on(db(), _own_account(), secret, request.form.get("code", ""), current().clock())
    except AccountError as error:
        return render_page("staff/second_factor.html", 400, secret=secret, error=_(str(error)))
    commit()
    session.pop(PREPARED_SECRET)
    return render_page("staff/recovery_codes.html", codes=codes)


@bp.post("/account/second-factor/off")
@staff_required
def turn_off_totp() -> ResponseReturnValue:
    try:
        password = _check_own_password(request.form.get("code", ""))
        second_factor.turn_off(db(), _own_account(), password, current().clock())
    except AccountError as error:
        return account(_(str(error)), 400)
    commit()
    return redirect(url_for("staff.account"), 303)


def _check_own_password(code: str | None = None) -> str:
    """Return the current password as typed. Raises AccountError if it or the code is not right."""
    password = request.form.get("current", "")
    if is_own_password(password, code):
        return password
    if code is None:
        raise AccountError(_("The current password is not right. After many attempts, wait two minutes between them."))
    raise AccountError(_("The password or the code is not right. After many attempts, wait two minutes between them."))


def _own_account() -> Staff:
    return db().get(Staff, signed_in().staff_id) or abort(404)
