"""One's own account, and for leads everybody's."""

import io
import secrets as random_secrets

import segno
from flask import Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _

from quizapp.accounts import account_queries, account_service, second_factor
from quizapp.accounts.account_pages import (
    TOTP_SECRET,
    AccountLine,
    AccountPage,
    AccountsPage,
    RecoveryCodesPage,
    SessionLine,
    TotpPage,
)
from quizapp.accounts.account_service import Refused
from quizapp.accounts.auth import lead_required, signed_in, staff_required
from quizapp.accounts.reauthentication import are_own_password_and_code, is_own_password
from quizapp.domain.gettext_marker import N_
from quizapp.models import Staff
from quizapp.web.context import commit, current, db
from quizapp.web.render import show
from quizapp.web.staff import bp, menu_entry


@menu_entry(N_("My account"), 8, sections=("account",))
@bp.get("/account")
@staff_required
def account() -> ResponseReturnValue:
    return show("staff/account.html", _account_page())


@bp.post("/account/password")
@staff_required
def change_password() -> ResponseReturnValue:
    who, now = signed_in(), current().clock()
    try:
        _check_own_password()
        if request.form.get("password") != request.form.get("again"):
            raise Refused(_("The two new passwords differ. Type the same one twice."))
        new = account_service.hashed(
            request.form.get("password", ""),
            who.name,
            current().breached_passwords,
            has_second_factor=who.has_second_factor,
        )
        account_service.change_password(db(), who.staff_id, new, who.session_hash, now)
        commit()
    except Refused as refused:
        return show("staff/account.html", _account_page(_(str(refused))), 400)
    return redirect(url_for("staff.account"), 303)


@bp.get("/account/second-factor")
@staff_required
def totp() -> ResponseReturnValue:
    if signed_in().has_second_factor:
        return redirect(url_for("staff.account"), 303)
    session.setdefault(TOTP_SECRET, second_factor.new_secret())
    return show("staff/second_factor.html", TotpPage(session[TOTP_SECRET], url_for("staff.totp_qr")))


@bp.get("/account/second-factor.svg")
@staff_required
def totp_qr() -> ResponseReturnValue:
    if TOTP_SECRET not in session:
        abort(404)
    drawing = io.BytesIO()
    code = segno.make(second_factor.address(session[TOTP_SECRET], signed_in().name), micro=False)
    code.save(drawing, kind="svg", scale=5, border=4, omitsize=True, light="#ffffff")
    return Response(drawing.getvalue(), content_type="image/svg+xml")


@bp.post("/account/second-factor")
@staff_required
def turn_on_totp() -> ResponseReturnValue:
    secret = session.get(TOTP_SECRET)
    if secret is None:
        return redirect(url_for("staff.totp"), 303)
    try:
        _check_own_password()
        codes = second_factor.turn_on(db(), _own_account(), secret, request.form.get("code", ""), current().clock())
    except Refused as refused:
        page = TotpPage(secret, url_for("staff.totp_qr"), _(str(refused)))
        return show("staff/second_factor.html", page, 400)
    commit()
    session.pop(TOTP_SECRET)
    return show("staff/recovery_codes.html", RecoveryCodesPage(tuple(codes)))


@bp.post("/account/second-factor/off")
@staff_required
def turn_off_totp() -> ResponseReturnValue:
    try:
        if not are_own_password_and_code(request.form.get("current", ""), request.form.get("code", "")):
            raise Refused(_("The password or the code does not fit. After many tries, wait two minutes between them."))
        second_factor.turn_off(db(), _own_account(), request.form["current"], current().clock())
    except Refused as refused:
        return show("staff/account.html", _account_page(_(str(refused))), 400)
    commit()
    return redirect(url_for("staff.account"), 303)


@menu_entry(N_("Accounts"), 6, sections=("accounts",), leads_only=True)
@bp.get("/accounts")
@lead_required
def accounts() -> ResponseReturnValue:
    return show("staff/accounts.html", _accounts_page())


@bp.post("/accounts")
@lead_required
def add_account() -> ResponseReturnValue:
    name, role = request.form.get("name", ""), request.form.get("role", "")
    if role not in ("nurse", "lead"):
        abort(400)
    try:
        token = account_service.add_staff(db(), name, role, current().clock(), signed_in().name)
    except Refused as refused:
        return show("staff/accounts.html", _accounts_page(error=_(str(refused))), 400)
    commit()
    return show("staff/accounts.html", _accounts_page(token, name))


@bp.post("/accounts/<int(max=2147483647):staff_id>/<any(reset, disable, enable):change>")
@lead_required
def change_account(staff_id: int, change: str) -> ResponseReturnValue:
    who, now = signed_in(), current().clock()
    target = account_queries.by_id(db(), staff_id)
    if target is None:
        abort(404)
    try:
        if change == "reset":
            token = account_service.reset_link(db(), staff_id, now, who.name)
            commit()
            return show("staff/accounts.html", _accounts_page(token, target.name))
        account_service.set_disabled(db(), staff_id, change == "disable", now, who.name)
        commit()
    except Refused as refused:
        return show("staff/accounts.html", _accounts_page(error=_(str(refused))), 400)
    return redirect(url_for("staff.accounts"), 303)


def _check_own_password() -> None:
    if not is_own_password(request.form.get("current", "")):
        raise Refused(_("The current password does not fit. After many tries, wait two minutes between them."))


def _own_account() -> Staff:
    return account_queries.by_id(db(), signed_in().staff_id) or abort(404)


def _account_page(error: str | None = None) -> AccountPage:
    who = signed_in()
    return AccountPage(
        name=who.name,
        role=who.role,
        has_second_factor=who.has_second_factor,
        must_add_second_factor=current().settings.require_totp and who.is_lead and not who.has_second_factor,
        sessions=tuple(
            SessionLine(
                format_datetime(row.started, _("d MMMM yyyy, HH:mm")),
                format_datetime(row.last_seen, _("d MMMM yyyy, HH:mm")),
                random_secrets.compare_digest(row.token_hash, who.session_hash),
            )
            for row in account_queries.sessions_of(db(), who.staff_id)
        ),
        error=error,
    )


def _accounts_page(token: str | None = None, name: str = "", error: str | None = None) -> AccountsPage:
    base = current().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    return AccountsPage(
        accounts=tuple(
            AccountLine(
                row.id,
                row.name,
                row.role,
                _("closed") if row.disabled else _("open") if row.password_hash else _("link not used yet"),
                row.id == signed_in().staff_id,
                row.disabled,
            )
            for row in account_queries.all_accounts(db())
        ),
        new_link=base + url_for("staff.link", token=token) if token else None,
        new_link_for=name,
        error=error,
    )
