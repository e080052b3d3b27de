"""The accounts page, for leads: add, reset, close and open accounts."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import AccountError
from quizapp.accounts.accounts import add_with_link, all_accounts, reset, set_disabled
from quizapp.accounts.auth import lead_required, signed_in
from quizapp.domain.gettext_marker import N_
from quizapp.models import Staff
from quizapp.web.context import commit, current, db
from quizapp.web.render import render_page
from quizapp.web.staff import bp, menu_entry


@menu_entry(N_("Accounts"), 6, sections=("accounts",), leads_only=True)
@bp.get("/accounts")
@lead_required
def accounts() -> ResponseReturnValue:
    return _accounts_page()


@bp.post("/accounts")
@lead_required
def add_account() -> ResponseReturnValue:
    name, role = request.form.get("name", ""), request.form.get("role", "")
    if role not in ("nurse", "lead"):
        abort(400)
    try:
        token = add_with_link(db(), name, role, current().clock(), signed_in().name)
    except AccountError as error:
        return _accounts_page(error=_(str(error)), status=400)
    commit()
    return _accounts_page(token, name)


@bp.post("/accounts/<int(max=2147483647):staff_id>/<any(reset, disable, enable):change>")
@lead_required
def change_account(staff_id: int, change: str) -> ResponseReturnValue:
    by, now, token = signed_in().name, current().clock(), None
    account = db().get(Staff, staff_id) or abort(404)
    try:
        if change == "reset":
            token = reset(db(), staff_id, now, by)
        else:
            set_disabled(db(), staff_id, change == "disable", now, by)
    except AccountError as error:
        return _accounts_page(error=_(str(error)), status=400)
    commit()
    return _accounts_page(token, account.name) if token else redirect(url_for("staff.accounts"), 303)


def _accounts_page(
    token: str | None = None, name: str = "", error: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the page. The link of `token`, for the account called `name`, is shown this once."""
    base = current().settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    return render_page(
        "staff/accounts.html",
        status,
        accounts=all_accounts(db()),
        own_id=signed_in().staff_id,
        new_link=base + url_for("staff.link", token=token) if token else None,
        new_link_for=name,
        error=error,
    )
