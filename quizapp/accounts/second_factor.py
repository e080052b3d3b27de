"""The second factor: codes from an app (TOTP), and recovery codes for the day the phone is lost."""

import secrets
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from quizapp.accounts import account_queries, audit
from quizapp.accounts.account_service import Refused, token_hash
from quizapp.accounts.login_throttle import seconds
from quizapp.domain import passwords
from quizapp.domain.gettext_marker import N_
from quizapp.models import Staff

STEP_SECONDS = 30
RECOVERY_CODES = 8
RECOVERY_BYTES = 14  # 112 bits: enough that a plain hash is safe; codes of 40 bits made before still work


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, name: str) -> str:
    """What the QR code holds for the authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="quizapp")


def fits(session: Session, account: Staff, code: str, now: datetime) -> bool:
    """Whether the code is the app's for now (or a step beside it), or a recovery code. Each works once."""
    if account.totp_secret is None:
        return False
    plain = _plain(code)
    step = _fitting_step(account.totp_secret, plain, now)
    if step is not None:
        return account_queries.use_totp_step(session, account.id, step)
    return account_queries.use_recovery_code(session, account.id, token_hash(plain))


def turn_on(session: Session, account: Staff, secret: str, code: str, now: datetime) -> list[str]:
    """Turn the second factor on once its first code fits; the recovery codes, shown once."""
    if account.totp_secret is not None:  # whoever has only a session and the password does not replace it
        raise Refused(N_("The second factor is on already. Turn it off first, under My account."))
    step = _fitting_step(secret, _plain(code), now)
    if step is None:
        raise Refused(N_("That code does not fit. Wait for the next one and try again."))
    account.totp_secret, account.totp_last_step = secret, step
    codes = [secrets.token_hex(RECOVERY_BYTES) for _ in range(RECOVERY_CODES)]
    account_queries.replace_recovery_codes(session, account.id, [token_hash(code) for code in codes])
    audit.note(session, now, account.name, "second-factor", detail="on")
    return ["-".join(code[start : start + 7] for start in range(0, len(code), 7)) for code in codes]


def turn_off(session: Session, account: Staff, password: str, now: datetime) -> None:
    """Turn it off. Raises Refused where the account's (right) password is too short to stand alone."""
    if passwords.why_refused(password, account.name):
        raise Refused(N_("Your password is good enough only with a second factor. Change it to a longer one first."))
    account.totp_secret = account.totp_last_step = None
    account_queries.replace_recovery_codes(session, account.id, [])
    audit.note(session, now, account.name, "second-factor", detail="off")


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()[:40]


def _fitting_step(secret: str, plain: str, now: datetime) -> int | None:
    """The time step whose code this is: this one, or one to either side for clocks that differ."""
    step = int(seconds(now)) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for near in (step, step - 1, step + 1):
        if secrets.compare_digest(totp.generate_otp(near).encode(), plain.encode()):
            return near
    return None
