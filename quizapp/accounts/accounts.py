"""Staff accounts, the one-time links that set their passwords, and the page on which leads manage them."""

import secrets
from datetime import datetime, timedelta

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.accounts import AccountError, audit, sessions
from quizapp.accounts.auth import lead_required, signed_in
from quizapp.accounts.login_limit import MAX_TYPED_NAME
from quizapp.accounts.password_hashing import DUMMY_HASH
from quizapp.accounts.sessions import token_hash
from quizapp.db import insert_or_ignore
from quizapp.domain.gettext_marker import N_
from quizapp.models import OneTimeLink, RecoveryCode, Staff
from quizapp.web.context import commit, current, db
from quizapp.web.layout import render_page
from quizapp.web.site_address import site_address
from quizapp.web.staff import bp, menu_entry

LINK_LIFE = timedelta(hours=24)
LINK_IS_GONE = N_("This link was used or has expired. Ask a lead for a new one.")


def by_name(session: Session, name: str) -> Staff | None:
    """Find an account by its name, in any case and however it was typed; of a very long one only the beginning."""
    return session.scalar(select(Staff).where(Staff.name_key == Staff.key_of(name[:MAX_TYPED_NAME])))


def hash_to_verify(session: Session, name: str) -> str:
    """Return the hash of an account; for an unknown, closed or unfinished one a hash that no password matches."""
    account = by_name(session, name)
    return DUMMY_HASH if account is None or account.disabled else account.password_hash or DUMMY_HASH


def lock_unchanged(session: Session, name: str, verified_hash: str) -> Staff | None:
    """Lock the account whose password was just verified; None if it was closed or reset in the meantime."""
    account = by_name(session, name)
    locked = sessions.lock_account(session, account.id) if account else None
    return locked if locked and not locked.disabled and locked.password_hash == verified_hash else None


def all_accounts(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).order_by(Staff.name_key)))


def add(session: Session, name: str, role: str) -> Staff:
    """Store a new account without a password. Raises AccountError if the name is taken or cannot be used."""
    plain, key = " ".join(name.split()), Staff.key_of(name)
    if not 1 <= len(plain) <= 80 or len(key) > 160 or not plain.isprintable():
        raise AccountError(N_("Give a name of 1 to 80 characters."))
    if not insert_or_ignore(session, Staff, name=plain, name_key=key, role=role, disabled=False):
        raise AccountError(N_("There is an account with this name. Choose another name."))
    return session.scalars(select(Staff).where(Staff.name_key == key)).one()


def add_with_link(session: Session, name: str, role: str, now: datetime, by: str = audit.COMMAND_LINE) -> str:
    """Add an account and return the token of the link that sets its password."""
    account = add(session, name, role)
    audit.note(session, now, by, "account-added", detail=f"{account.name} ({role})")
    return _add_link(session, account.id, now)


def reset(session: Session, staff_id: int, now: datetime, by: str) -> str:
    """Remove the password, second factor and sessions; return the token of a link that sets a new password."""
    account = _account_of_another(session, staff_id, by)
    account.password_hash = None
    set_second_factor(session, account, None, None, [])
    sessions.end_all_of(session, staff_id)
    audit.note(session, now, by, "account-changed", detail=f"{account.name}: reset")
    return _add_link(session, staff_id, now)


def set_disabled(session: Session, staff_id: int, disabled: bool, now: datetime, by: str) -> None:
    """Close or open an account. Raises AccountError for the last lead, who alone can open accounts again."""
    account = _account_of_another(session, staff_id, by)
    if disabled and account.role == "lead" and not account.disabled and _lock_active_leads(session) <= 1:
        raise AccountError(N_("This is the only lead. Add another lead first."))
    account.disabled = disabled
    if disabled:
        sessions.end_all_of(session, staff_id)
        session.execute(delete(OneTimeLink).where(OneTimeLink.staff == staff_id))
    audit.note(session, now, by, "account-changed", detail=f"{account.name}: {'disabled' if disabled else 'enabled'}")


def set_password(session: Session, staff_id: int, password_hash: str, now: datetime, keep: bytes | None = None) -> None:
    """Store a new password and end the account's sessions, except the one with the hash `keep`."""
    account = session.get_one(Staff, staff_id)
    account.password_hash = password_hash
    sessions.end_all_of(session, staff_id, keep)
    audit.note(session, now, account.name, "password-set")


def set_second_factor(
    session: Session, account: Staff, secret: str | None, last_step: int | None, recovery_codes: list[str]
) -> None:
    """Replace the secret of the app, the last time step used, and the recovery codes."""
    account.totp_secret, account.totp_last_step = secret, last_step
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff == account.id))
    session.add_all(RecoveryCode(code_hash=token_hash(code), staff=account.id) for code in recovery_codes)
    session.flush()


# --- one-time links ---------------------------------------------------------------------------------------------


def first_lead_link(session: Session, now: datetime) -> str | None:
    """Return the token of a link that makes the first lead; None once there is an account."""
    return None if _has_accounts(session) else _add_link(session, None, now)


def open_link(session: Session, token: str, now: datetime) -> Staff | None:
    """Return the account a link is for; None if the link was used, expired, or never existed.

    For the first lead it is one that is not stored, without an id, called "".
    """
    is_this, is_valid = OneTimeLink.token_hash == token_hash(token), OneTimeLink.expires > now
    link = session.scalar(select(OneTimeLink).where(is_this, is_valid).with_for_update())
    if link is None:
        return None
    if link.staff is None:
        return None if _has_accounts(session) else Staff(name="")
    account = session.get(Staff, link.staff)
    return account if account and not account.disabled else None


def use_link(session: Session, token: str, name: str, password_hash: str, now: datetime) -> int:
    """Set the password of a link's account and return its id; `name` is the first lead's. Raises AccountError."""
    target = open_link(session, token, now)
    if target is None:
        raise AccountError(LINK_IS_GONE)
    # `open_link` has locked it: of two that use it at once, the second finds it gone.
    session.execute(delete(OneTimeLink).where(OneTimeLink.token_hash == token_hash(token)))
    if target.id is None:
        target = add(session, name, "lead")
        audit.note(session, now, target.name, "account-added", detail="first lead")
    set_password(session, target.id, password_hash, now)
    return target.id


def _add_link(session: Session, staff_id: int | None, now: datetime) -> str:
    """Add a link and return its token; earlier links for the same account stop working."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(OneTimeLink).where(OneTimeLink.staff.is_not_distinct_from(staff_id)))
    session.add(OneTimeLink(token_hash=token_hash(token), staff=staff_id, expires=now + LINK_LIFE))
    session.flush()
    return token


def _has_accounts(session: Session) -> bool:
    return session.scalar(select(Staff.id).limit(1)) is not None


def _lock_active_leads(session: Session) -> int:
    """Count the leads who can sign in. Their rows are locked, or two leads could close each other at once."""
    leads = (Staff.role == "lead", Staff.disabled.is_(False), Staff.password_hash.is_not(None))
    return len(session.scalars(select(Staff.id).where(*leads).order_by(Staff.id).with_for_update()).all())


def _account_of_another(session: Session, staff_id: int, by: str) -> Staff:
    account = session.get_one(Staff, staff_id)
    if account.name == by:
        raise AccountError(N_("This is your own account. Change it under My account."))
    return account


# --- the accounts page, for leads ---------------------------------------------------------------------------------


@menu_entry(N_("Accounts"), 6, sections=("accounts",), leads_only=True)
@bp.get("/accounts")
@lead_required
def accounts(
    token: str | None = None, name: str = "", error: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the page. The link of `token`, for the account called `name`, is shown this once."""
    return render_page(
        "staff/accounts.html",
        status,
        accounts=all_accounts(db()),
        own_id=signed_in().staff_id,
        new_link=site_address() + url_for("staff.link", token=token) if token else None,
        new_link_for=name,
        error=error,
    )


@bp.post("/accounts")
@lead_required
def add_account() -> ResponseReturnValue:
    name, role = request.form.get("name", ""), request.form.get("role", "")
    if role not in ("nurse", "lead"):
        abort(400)
    try:
        token = add_with_link(db(), name, role, current().clock(), signed_in().name)
    except AccountError as error:
        return accounts(error=_(str(error)), status=400)
    commit()
    return accounts(token, name)


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
        return accounts(error=_(str(error)), status=400)
    commit()
    return accounts(token, account.name) if token else redirect(url_for("staff.accounts"), 303)
