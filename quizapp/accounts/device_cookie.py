"""A browser that signed in before has tries of its own: whoever guesses at a nurse's name cannot keep her out.

The cookie proves nothing but "somebody signed in here under that name": a random number for each name, signed together
with it. It holds no name, and opens nothing.
"""

import secrets

from flask import Response, current_app
from itsdangerous import BadSignature, TimestampSigner

from quizapp.accounts.account_queries import name_key
from quizapp.web.cookies import own_cookie, set_own_cookie

COOKIE = "known-browser"
DAYS = 180
MOST_NAMES = 8  # colleagues at one computer; the one longest away is forgotten first
BETWEEN = "~"


def known_browser(name: str) -> str | None:
    """The random number of this browser for a name; None where nobody signed in here under it, or long ago."""
    for signed in _kept():
        number = _number(signed, name)
        if number is not None:
            return number
    return None


def remember_browser(response: Response, name: str) -> None:
    """This browser is known for a name from now on, with a number not used before."""
    others = [signed for signed in _kept() if _number(signed, name) is None]
    newest = _signer(name).sign(secrets.token_urlsafe(16)).decode()
    set_own_cookie(response, COOKIE, BETWEEN.join([newest, *others][:MOST_NAMES]), DAYS * 86_400)


def _kept() -> list[str]:
    return (own_cookie(COOKIE) or "").split(BETWEEN)[:MOST_NAMES]


def _number(signed: str, name: str) -> str | None:
    try:
        return _signer(name).unsign(signed, max_age=DAYS * 86_400).decode()
    except (BadSignature, ValueError):
        return None


def _signer(name: str) -> TimestampSigner:
    """Signs for one name, however it was typed. Former keys still verify."""
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return TimestampSigner(keys, salt=f"{COOKIE}:{name_key(name)}")
