"""The device cookie: a browser that logged in before has its own login attempts, so guessing keeps no nurse out.

See OWASP, "Slow down online guessing attacks with device cookies". It proves only that somebody logged in here under
a name: for each name a random number, signed together with the name. It holds no name, and opens nothing.
"""

import secrets
from datetime import UTC, datetime, timedelta

from flask import Response, current_app
from itsdangerous import BadSignature, TimestampSigner

from quizapp.models import Staff
from quizapp.web.cookies import own_cookie, set_own_cookie

COOKIE = "known-browser"
DAYS = 180
MAX_NAMES = 8  # colleagues at one computer; the one who has not logged in for longest is forgotten first
SEPARATOR = "~"


def known_browser(name: str) -> str | None:
    """Return this browser's random number for a name; None if nobody logged in here under it, or long ago."""
    for signed in _signed_numbers():
        number = _number(signed, name)
        if number is not None:
            return number
    return None


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
