"""Accounts of nurses and leads: signing in and out, links, passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from quizapp.accounts import account_queries, audit, login_throttle, throttle
from quizapp.accounts.breached_passwords import BreachedPasswords
from quizapp.accounts.common_passwords import is_common
from quizapp.domain import passwords
from quizapp.domain.gettext_marker import N_
from quizapp.models import Staff, StaffSession

LINK_LIFE = timedelta(hours=24)
IDLE_TIMEOUT = timedelta(minutes=15)
MAX_SESSION_AGE = timedelta(hours=10)
TOUCH_INTERVAL = timedelta(minutes=1)
THROTTLE_LIFE = timedelta(days=1)

BREACHED = N_(
    "This password is on a list of passwords that were stolen elsewhere. "
    "Use another one here, and wherever else you use it."
)

# OWASP's figures for Argon2id: t=2, 19 MiB, p=1.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What an unknown name is checked against, so that it takes as long as a known one.
_DUMMY_HASH = _hasher.hash(secrets.token_urlsafe(16))


class Refused(Exception):
    """What was asked for cannot be done; the message tells the person what to do instead."""


@dataclass(frozen=True)
class Candidate:
    """An account whose password is to be checked, outside any transaction. `staff_id` is None for unknown names."""

    staff_id: int | None
    password_hash: str


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


# --- signing in -------------------------------------------------------------------------------------------------


def candidate(session: Session, name: str) -> Candidate:
    """The account behind a name; for an unknown, disabled or unfinished one a candidate that nothing fits."""
    account = account_queries.by_name(session, name[: login_throttle.LONGEST_NAME_TYPED])
    if account is None or account.disabled or account.password_hash is None:
        return Candidate(None, _DUMMY_HASH)
    return Candidate(account.id, account.password_hash)


def password_fits(found: Candidate, password: str) -> bool:
    """Whether the password is the account's. Slow on purpose: never call it inside a transaction."""
    try:
        _hasher.verify(found.password_hash, passwords.normalised(password[: passwords.MAX_SESSION_AGE * 4]))
    except (VerificationError, InvalidHashError):
        return False
    return found.staff_id is not None


def still_fitting(session: Session, found: Candidate) -> Staff | None:
    """The account of a candidate whose password fitted, held; None where it was closed or reset in the meantime."""
    account = account_queries.held(session, found.staff_id) if found.staff_id is not None else None
    is_same = account is not None and not account.disabled and account.password_hash == found.password_hash
    return account if is_same else None


def sign_in(session: Session, staff_id: int, now: datetime) -> str:
    """Begin a session; its token goes into the cookie and is kept nowhere else."""
    account = account_queries.by_id(session, staff_id)
    if account is None or account.disabled:
        raise Refused(N_("This account cannot sign in."))
    token = secrets.token_urlsafe(32)
    _forget_old(session, now)
    account_queries.add_session(session, token_hash(token), staff_id, now)
    audit.note(session, now, account.name, "signed-in")
    return token


def signed_in(session: Session, token: str, now: datetime) -> tuple[StaffSession, Staff] | None:
    """The session of a cookie's token, or None when it ended, idled too long, or its account is disabled."""
    found = account_queries.session_of(session, token_hash(token))
    if found is None:
        return None
    row, account = found
    if account.disabled or now - row.last_seen > IDLE_TIMEOUT or now - row.started > MAX_SESSION_AGE:
        return None
    return row, account


def is_still_signed_in(session: Session, staff_id: int, session_hash: bytes) -> bool:
    """Whether a session was ended, or its account closed, since it was looked up; both stay so until we are done."""
    account = account_queries.held(session, staff_id)
    return account is not None and not account.disabled and account_queries.has_session(session, session_hash)


def sign_out(session: Session, session_hash: bytes, name: str, now: datetime) -> None:
    account_queries.end_session(session, session_hash)
    audit.note(session, now, name, "signed-out")


def sign_out_everywhere(session: Session, staff_id: int, name: str, now: datetime) -> None:
    account_queries.end_sessions(session, staff_id)
    audit.note(session, now, name, "signed-out", detail="everywhere")


# --- accounts and links -----------------------------------------------------------------------------------------


def first_lead_link(session: Session, now: datetime) -> str | None:
    """A token with which the first lead makes an account, or None once there is an account."""
    if account_queries.any_account(session):
        return None
    return _new_link(session, None, now)


def add_staff(session: Session, name: str, role: str, now: datetime, by: str = audit.COMMAND_LINE) -> str:
    """A new account, and the token of the link with which its owner sets a password."""
    _check_name(name)
    account = account_queries.add(session, name, role)
    if account is None:
        raise Refused(N_("There is an account with this name. Choose another name."))
    audit.note(session, now, by, "account-added", detail=f"{account.name} ({role})")
    return _new_link(session, account.id, now)


def reset_link(session: Session, staff_id: int, now: datetime, by: str) -> str:
    """A link with which an account's owner sets a new password and second factor; the old ones end now."""
    account = _account_of_another(session, staff_id, by)
    account.password_hash = account.totp_secret = account.totp_last_step = None
    account_queries.replace_recovery_codes(session, staff_id, [])
    account_queries.end_sessions(session, staff_id)
    audit.note(session, now, by, "account-changed", detail=f"{account.name}: reset")
    return _new_link(session, staff_id, now)


def set_disabled(session: Session, staff_id: int, disabled: bool, now: datetime, by: str) -> None:
    """Close or open an account. The last lead cannot be closed, or nobody could open accounts any more."""
    account = _account_of_another(session, staff_id, by)
    if disabled and account.role == "lead" and not account.disabled and account_queries.active_leads(session) <= 1:
        raise Refused(N_("This is the only lead. Add another lead first."))
    account.disabled = disabled
    if disabled:
        account_queries.end_sessions(session, staff_id)
        account_queries.delete_links(session, staff_id)
    audit.note(session, now, by, "account-changed", detail=f"{account.name}: {'disabled' if disabled else 'enabled'}")
    session.flush()


@dataclass(frozen=True)
class LinkFor:
    """Whom a link is for: `name` is "" for the first lead, who chooses one."""

    staff_id: int | None
    name: str


def open_link(session: Session, token: str, now: datetime) -> LinkFor | None:
    """Whom a link is for, or None when it was used, expired, or never was."""
    row = account_queries.link(session, token_hash(token), now)
    if row is None or (row.staff is None and account_queries.any_account(session)):
        return None
    if row.staff is None:
        return LinkFor(None, "")
    account = account_queries.by_id(session, row.staff)
    return LinkFor(account.id, account.name) if account and not account.disabled else None


def hashed(
    password: str, name: str, breached: BreachedPasswords | None = None, *, has_second_factor: bool = False
) -> str:
    """The hash to store. Raises Refused where the password is too easy or common, or breached (None: not asked).

    Slow on purpose: not in a transaction.
    """
    why = passwords.why_refused(password, name, has_second_factor=has_second_factor)
    if why:
        raise Refused(why)
    if is_common(passwords.normalised(password)):
        raise Refused(passwords.EASY_TO_GUESS)
    if breached and (breached.holds(password) or breached.holds(passwords.normalised(password))):
        raise Refused(BREACHED)
    return _hasher.hash(passwords.normalised(password))


def use_link(session: Session, token: str, name: str, password_hash: str, now: datetime) -> int:
    """Set the password of a link's account (the first lead's is made here); the account's id. A link works once."""
    target = open_link(session, token, now)
    if target is None or not account_queries.use_link(session, token_hash(token)):
        raise Refused(N_("This link was used or is too old. Ask a lead for a new one."))
    if target.staff_id is None:
        _check_name(name)
        account = account_queries.add(session, name, "lead")
        if account is None:
            raise Refused(N_("There is an account with this name. Choose another name."))
        audit.note(session, now, account.name, "account-added", detail="first lead")
    else:
        account = _account(session, target.staff_id)
    account.password_hash = password_hash
    account_queries.end_sessions(session, account.id)
    audit.note(session, now, account.name, "password-set")
    session.flush()
    return account.id


def change_password(session: Session, staff_id: int, password_hash: str, keep_session: bytes, now: datetime) -> None:
    """Set a new password; every other session of the account ends."""
    account = _account(session, staff_id)
    account.password_hash = password_hash
    account_queries.end_sessions(session, staff_id, but=keep_session)
    audit.note(session, now, account.name, "password-set")


def _new_link(session: Session, staff_id: int | None, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    account_queries.add_link(session, token_hash(token), staff_id, now + LINK_LIFE)
    return token


def end_all_sessions(session: Session) -> None:
    """Everyone signs in again, and links not used yet stop working."""
    account_queries.end_every_session(session)


def _forget_old(session: Session, now: datetime) -> None:
    """Drop sessions and links past their time, and counts of tries long ago."""
    account_queries.end_sessions_before(session, now - IDLE_TIMEOUT, now - MAX_SESSION_AGE)
    account_queries.delete_old_links(session, now)
    throttle.delete_unused(session, login_throttle.seconds(now - THROTTLE_LIFE))


def _account_of_another(session: Session, staff_id: int, by: str) -> Staff:
    account = _account(session, staff_id)
    if account.name == by:
        raise Refused(N_("This is your own account. Change it under My account."))
    return account


def _account(session: Session, staff_id: int) -> Staff:
    account = account_queries.by_id(session, staff_id)
    if account is None:
        raise Refused(N_("There is no such account."))
    return account


def _check_name(name: str) -> None:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= 80 or len(account_queries.name_key(name)) > 160 or not plain.isprintable():
        raise Refused(N_("Give a name of 1 to 80 characters."))
