"""Accounts of nurses and leads: signing in and out, links, passwords, the second factor."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from quizapp.domain import passwords
from quizapp.services import audit
from quizapp.storage import staff, throttling
from quizapp.storage.models import Staff, StaffSession

LINK_LIFE = timedelta(hours=24)
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=1)
SIGN_IN_LIMIT = throttling.Limit(tries=10, window=900, slow=120)  # then at most 30 an hour
TOTP_SECONDS = 30
RECOVERY_CODES = 8

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
    needs_code: bool


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


# --- signing in -------------------------------------------------------------------------------------------------


def may_try(session: Session, name: str, now: datetime) -> bool:
    """Count one try to sign in under a name; False when it comes too soon and must not be looked at."""
    key = "sign-in:" + hashlib.sha256(staff.name_key(name[:300]).encode()).hexdigest()[:40]
    return throttling.reserve(session, key, SIGN_IN_LIMIT, _seconds(now))


def candidate(session: Session, name: str) -> Candidate:
    """The account behind a name; for an unknown, disabled or unfinished one a candidate that nothing fits."""
    account = staff.by_name(session, name[:300])
    if account is None or account.disabled or account.password_hash is None:
        return Candidate(None, _DUMMY_HASH, False)
    return Candidate(account.id, account.password_hash, account.totp_secret is not None)


def password_fits(found: Candidate, password: str) -> bool:
    """Whether the password is the account's. Slow on purpose: never call it inside a transaction."""
    try:
        _hasher.verify(found.password_hash, passwords.normalised(password[: passwords.LONGEST * 4]))
    except (VerificationError, InvalidHashError):
        return False
    return found.staff_id is not None


def second_factor_fits(session: Session, staff_id: int, code: str, now: datetime) -> bool:
    """Whether the code is the app's for now (or one step before), or an unused recovery code. Each works once."""
    account = staff.by_id(session, staff_id)
    if account is None or account.totp_secret is None:
        return False
    plain = "".join(code.split()).replace("-", "").lower()[:40]
    step = int(_seconds(now)) // TOTP_SECONDS
    totp = pyotp.TOTP(account.totp_secret)
    for candidate_step in (step, step - 1, step + 1):
        if secrets.compare_digest(totp.generate_otp(candidate_step).encode(), plain.encode()):
            return staff.use_totp_step(session, staff_id, candidate_step)
    return staff.use_recovery_code(session, staff_id, token_hash(plain))


def sign_in(session: Session, staff_id: int, now: datetime) -> str:
    """Begin a session; its token goes into the cookie and is kept nowhere else."""
    account = staff.by_id(session, staff_id)
    if account is None or account.disabled:
        raise Refused("This account cannot sign in.")
    token = secrets.token_urlsafe(32)
    staff.end_sessions_before(session, now - IDLE, now - LONGEST)
    staff.add_session(session, token_hash(token), staff_id, now)
    key = "sign-in:" + hashlib.sha256(account.name_key.encode()).hexdigest()[:40]
    throttling.give_back(session, key)
    audit.note(session, now, account.name, "signed-in")
    return token


def note_refusal(session: Session, name: str, now: datetime) -> None:
    """Audit a wrong try, under the name of the account if there is one."""
    account = staff.by_name(session, name[:300])
    audit.note(session, now, account.name if account else "unknown name", "sign-in-refused")


def signed_in(session: Session, token: str, now: datetime) -> tuple[StaffSession, Staff] | None:
    """The session of a cookie's token, or None when it ended, idled too long, or its account is disabled."""
    found = staff.session_of(session, token_hash(token))
    if found is None:
        return None
    row, account = found
    if account.disabled or now - row.last_seen > IDLE or now - row.started > LONGEST:
        return None
    return row, account


def sign_out(session: Session, session_hash: bytes, name: str, now: datetime) -> None:
    staff.end_session(session, session_hash)
    audit.note(session, now, name, "signed-out")


def sign_out_everywhere(session: Session, staff_id: int, name: str, now: datetime) -> None:
    staff.end_sessions(session, staff_id)
    audit.note(session, now, name, "signed-out", detail="everywhere")


# --- accounts and links -----------------------------------------------------------------------------------------


def first_lead_link(session: Session, now: datetime) -> str | None:
    """A token with which the first lead makes an account, or None once there is an account."""
    if staff.any_account(session):
        return None
    return _new_link(session, None, now)


def add_staff(session: Session, name: str, role: str, now: datetime, by: str = "command line") -> str:
    """A new account, and the token of the link with which its owner sets a password."""
    _check_name(name)
    account = staff.add(session, name, role)
    if account is None:
        raise Refused("There is an account with this name. Choose another name.")
    audit.note(session, now, by, "account-added", detail=f"{account.name} ({role})")
    return _new_link(session, account.id, now)


def reset_link(session: Session, staff_id: int, now: datetime, by: str) -> str:
    """A link with which an account's owner sets a new password and second factor; the old ones end now."""
    account = _account(session, staff_id)
    account.password_hash = account.totp_secret = account.totp_last_step = None
    staff.replace_recovery_codes(session, staff_id, [])
    staff.end_sessions(session, staff_id)
    audit.note(session, now, by, "account-changed", detail=f"{account.name}: reset")
    return _new_link(session, staff_id, now)


def set_disabled(session: Session, staff_id: int, disabled: bool, now: datetime, by: str) -> None:
    """Close or open an account. The last lead cannot be closed, or nobody could open accounts any more."""
    account = _account(session, staff_id)
    if disabled and account.role == "lead" and not account.disabled and staff.active_leads(session) <= 1:
        raise Refused("This is the only lead. Add another lead first.")
    account.disabled = disabled
    if disabled:
        staff.end_sessions(session, staff_id)
    audit.note(
        session, now, by, "account-changed", detail=f"{account.name}: {'disabled' if disabled else 'enabled'}"
    )
    session.flush()


@dataclass(frozen=True)
class LinkFor:
    """Whom a link is for: `name` is "" for the first lead, who chooses one."""

    staff_id: int | None
    name: str


def open_link(session: Session, token: str, now: datetime) -> LinkFor | None:
    """Whom a link is for, or None when it was used, expired, or never was."""
    row = staff.link(session, token_hash(token), now)
    if row is None or (row.staff is None and staff.any_account(session)):
        return None
    account = staff.by_id(session, row.staff) if row.staff is not None else None
    return LinkFor(row.staff, account.name if account else "")


def hashed(password: str, name: str, *, has_second_factor: bool = False) -> str:
    """The hash to store. Raises Refused where the password is too easy. Slow on purpose: not in a transaction."""
    why = passwords.why_refused(password, name, has_second_factor=has_second_factor)
    if why:
        raise Refused(why)
    return _hasher.hash(passwords.normalised(password))


def use_link(session: Session, token: str, name: str, password_hash: str, now: datetime) -> int:
    """Set the password of a link's account (the first lead's is made here); the account's id. A link works once."""
    target = open_link(session, token, now)
    if target is None or not staff.use_link(session, token_hash(token)):
        raise Refused("This link was used or is too old. Ask a lead for a new one.")
    if target.staff_id is None:
        _check_name(name)
        account = staff.add(session, name, "lead")
        if account is None:
            raise Refused("There is an account with this name. Choose another name.")
        audit.note(session, now, account.name, "account-added", detail="first lead")
    else:
        account = _account(session, target.staff_id)
    account.password_hash = password_hash
    staff.end_sessions(session, account.id)
    audit.note(session, now, account.name, "password-set")
    session.flush()
    return account.id


def change_password(
    session: Session, staff_id: int, password_hash: str, keep_session: bytes, now: datetime
) -> None:
    """Set a new password; every other session of the account ends."""
    account = _account(session, staff_id)
    account.password_hash = password_hash
    staff.end_sessions(session, staff_id, but=keep_session)
    audit.note(session, now, account.name, "password-set")


# --- the second factor ------------------------------------------------------------------------------------------


def new_totp_secret() -> str:
    return pyotp.random_base32()


def totp_address(secret: str, name: str) -> str:
    """What the QR code holds for the authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="quizapp")


def turn_on_totp(session: Session, staff_id: int, secret: str, code: str, now: datetime) -> list[str]:
    """Turn the second factor on once its first code fits; the recovery codes, shown once."""
    step = int(_seconds(now)) // TOTP_SECONDS
    plain = "".join(code.split())[:40]
    fitting = [s for s in (step - 1, step, step + 1) if pyotp.TOTP(secret).generate_otp(s) == plain]
    if not fitting:
        raise Refused("That code does not fit. Wait for the next one and try again.")
    account = _account(session, staff_id)
    account.totp_secret, account.totp_last_step = secret, fitting[-1]
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    staff.replace_recovery_codes(session, staff_id, [token_hash(code) for code in codes])
    audit.note(session, now, account.name, "second-factor", detail="on")
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def turn_off_totp(session: Session, staff_id: int, now: datetime) -> None:
    account = _account(session, staff_id)
    account.totp_secret = account.totp_last_step = None
    staff.replace_recovery_codes(session, staff_id, [])
    audit.note(session, now, account.name, "second-factor", detail="off")


def _new_link(session: Session, staff_id: int | None, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    staff.add_link(session, token_hash(token), staff_id, now + LINK_LIFE)
    return token


def _account(session: Session, staff_id: int) -> Staff:
    account = staff.by_id(session, staff_id)
    if account is None:
        raise Refused("There is no such account.")
    return account


def _check_name(name: str) -> None:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= 80 or not plain.isprintable():
        raise Refused("Give a name of 1 to 80 characters.")


def _seconds(now: datetime) -> float:
    return now.replace(tzinfo=UTC).timestamp()
