"""The limit on login attempts for each name, and the browsers that have their own.

A browser that logged in before has its own login attempts, so guessing from other places keeps no nurse out. See OWASP,
"Slow down online guessing attacks with device cookies". The device cookie proves only that somebody logged in here
under a name: for each name a random number, signed together with the name. It holds no name, and opens nothing.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from flask import Response, current_app
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.models import Staff
from quizapp.web.context import seconds
from quizapp.web.cookies import own_cookie, set_own_cookie
from quizapp.web.rate_limit import Limit, is_used_up, refund, reserve

MAX_TYPED_NAME = 300  # characters; the rest is ignored
LOGIN_LIMIT = Limit(tries=10, interval=120)  # at most 10 + 30 in any hour
# The audit is never pruned: a flood of made-up names leaves sixty rows, then one a minute.
UNKNOWN_NAMES_NOTED = Limit(tries=60, interval=60)
COOKIE = "known-browser"
DAYS = 180
MAX_NAMES = 8  # colleagues at one computer; the one who has not logged in for longest is forgotten first
SEPARATOR = "~"

# `browser` below is this browser's number for the name, or None if it was not used to log in here.


def take_attempt(session: Session, name: str, now: datetime, browser: str | None = None) -> bool:
    """Count one login attempt under a name; return False if it comes too soon and must not be looked at."""
    return reserve(session, _key(name, browser), LOGIN_LIMIT, seconds(now))


def refund_attempt(session: Session, name: str, browser: str | None = None) -> None:
    """Do not count the login attempt just taken: its password was right."""
    refund(session, _key(name, browser), LOGIN_LIMIT)


def record_failure(
    session: Session, account: Staff | None, name: str, now: datetime, browser: str | None = None
) -> None:
    """Audit a wrong attempt under the account's name; never under the typed one, which may be a password."""
    # Counted for known names as well, so that both take as long.
    kind = "known-names" if account else "unknown-names"
    is_noted = reserve(session, kind, UNKNOWN_NAMES_NOTED, seconds(now))
    if account is None and not is_noted:
        return
    is_slowed = is_used_up(session, _key(name, browser), LOGIN_LIMIT, seconds(now))
    action = "sign-in-slowed" if is_slowed else "sign-in-refused"
    audit.note(session, now, account.name if account else audit.UNKNOWN_NAME, action)


def _key(name: str, browser: str | None) -> str:
    """Return the key of a name, whether it exists or not; hashed, since people type passwords there.

    Five digits, so that made-up names fill at most a million rows. The few names that collide share their attempts.
    """
    if browser is not None:
        return "known:" + hashlib.sha256(browser.encode()).hexdigest()
    return "sign-in:" + hashlib.sha256(Staff.key_of(name[:MAX_TYPED_NAME]).encode()).hexdigest()[:5]


def known_browser(name: str) -> str | None:
    """Return this browser's random number for a name; None if it was not used to log in here lately."""
    numbers = (_number(signed, name) for signed in _signed_numbers())
    return next((number for number in numbers if number is not None), None)


def remember_browser(response: Response, name: str) -> None:
    """Know this browser for a name from now on, under a new number."""
    others = [signed for signed in _signed_numbers() if _number(signed, name) is None]
    newest = _signer(name).sign(secrets.token_urlsafe(16)).decode()
    set_own_cookie(response, COOKIE, SEPARATOR.join([newest, *others][:MAX_NAMES]), DAYS * 86_400)


def _signed_numbers() -> list[str]:
    return (own_cookie(COOKIE) or "").split(SEPARATOR)[:MAX_NAMES]


def _number(signed: str, name: str) -> str | None:
    """Return the number, if it was signed for this name in the last 180 days; another server's clock may be ahead."""
    try:
        number, signed_at = _signer(name).unsign(signed, return_timestamp=True)
        return number.decode() if datetime.now(UTC) - signed_at <= timedelta(days=DAYS) else None
    except (BadSignature, ValueError):
        return None


def _signer(name: str) -> TimestampSigner:
    """Return the signer for one name, however it was typed. Former keys still verify."""
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return TimestampSigner(keys, salt=f"{COOKIE}:{Staff.key_of(name)}")
