"""The second factor: codes from an app (TOTP), and recovery codes for the day the phone is lost."""

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from quizapp.accounts import AccountError, audit
from quizapp.accounts.accounts import set_second_factor
from quizapp.accounts.sessions import token_hash
from quizapp.domain import passwords
from quizapp.domain.gettext_marker import N_
from quizapp.models import RecoveryCode, Staff
from quizapp.web.context import seconds

PREPARED_SECRET = "totp_secret"  # noqa: S105 - the cookie's key for the secret of a factor being set up
STEP_SECONDS = 30
RECOVERY_CODES = 8
RECOVERY_BYTES = 14  # 112 bits: enough that a plain hash is safe; codes of 40 bits made before still work


def use_code(session: Session, account: Staff, code: str, now: datetime) -> bool:
    """Return whether the code is the app's for now (or one step off), or a recovery code. Each works once."""
    if account.totp_secret is None:
        return False
    plain = _plain(code)
    step = _matching_step(account.totp_secret, plain, now)
    if step is not None:
        is_new = (Staff.totp_last_step.is_(None)) | (Staff.totp_last_step < step)
        use_step = update(Staff).where(Staff.id == account.id, is_new).values(totp_last_step=step)
        return session.execute(use_step.returning(Staff.id)).first() is not None
    is_this = (RecoveryCode.staff == account.id, RecoveryCode.code_hash == token_hash(plain))
    use_up = delete(RecoveryCode).where(*is_this).returning(RecoveryCode.code_hash)
    return session.execute(use_up).first() is not None


def turn_on(session: Session, account: Staff, secret: str, code: str, now: datetime) -> list[str]:
    """Turn the second factor on and return the recovery codes. Raises AccountError if it is on or the code is wrong."""
    if account.totp_secret is not None:  # a session and the password alone must not replace it
        raise AccountError(N_("The second factor is on already. Turn it off first, under My account."))
    step = _matching_step(secret, _plain(code), now)
    if step is None:
        raise AccountError(N_("That code is not right. Wait for the next one and try again."))
    codes = [secrets.token_hex(RECOVERY_BYTES) for _ in range(RECOVERY_CODES)]
    set_second_factor(session, account, secret, step, codes)
    audit.note(session, now, account.name, "second-factor", detail="on")
    return ["-".join(code[start : start + 7] for start in range(0, len(code), 7)) for code in codes]


def turn_off(session: Session, account: Staff, password: str, now: datetime) -> None:
    """Turn it off. Raises AccountError if the (right) password is too short without a second factor."""
    if passwords.why_refused(password, account.name):
        raise AccountError(
            N_("Your password is good enough only with a second factor. Change it to a longer one first.")
        )
    set_second_factor(session, account, None, None, [])
    audit.note(session, now, account.name, "second-factor", detail="off")


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()[:40]


def _matching_step(secret: str, plain: str, now: datetime) -> int | None:
    """Return the time step whose code this is: this one, or one to either side for clocks that differ."""
    step = int(seconds(now)) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for near in (step, step - 1, step + 1):
        if secrets.compare_digest(totp.generate_otp(near).encode(), plain.encode()):
            return near
    return None
