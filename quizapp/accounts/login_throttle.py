"""Slows down whoever guesses passwords, for names that exist and for names that do not.

`browser` is the number of a browser in which somebody signed in under the name before, else None: it has tries of its
own, so that guessing from elsewhere keeps nobody out.
"""

import hashlib
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from quizapp.accounts import account_queries, audit, throttle

LONGEST_NAME_TYPED = 300
SIGN_IN_LIMIT = throttle.Limit(tries=10, window=1200, slow=120)  # at most 10 + 30 in any hour
# Noted in the audit, which grows for ever: a flood of made-up names leaves sixty lines, then one a minute.
UNKNOWN_NAMES_NOTED = throttle.Limit(tries=60, window=3600, slow=60)


def take_attempt(session: Session, name: str, now: datetime, browser: str | None = None) -> bool:
    """Count one try to sign in under a name; False when it comes too soon and must not be looked at."""
    return throttle.reserve(session, _throttle_key(name, browser), SIGN_IN_LIMIT, seconds(now))


def refund_attempt(session: Session, name: str, now: datetime, browser: str | None = None) -> None:
    """The password just tried was right: that try does not count."""
    throttle.uncount(session, _throttle_key(name, browser), SIGN_IN_LIMIT, seconds(now))


def record_failure(session: Session, name: str, now: datetime, browser: str | None = None) -> None:
    """Audit a wrong try, under the name of the account if there is one: what was typed may be a password."""
    account = account_queries.by_name(session, name[:LONGEST_NAME_TYPED])
    # Counted for known names as well, so that both take as long.
    kind = "known-names" if account else "unknown-names"
    is_noted = throttle.reserve(session, kind, UNKNOWN_NAMES_NOTED, seconds(now))
    if account is None and not is_noted:
        return
    slowed = throttle.count(session, _throttle_key(name, browser)) >= SIGN_IN_LIMIT.tries
    audit.note(
        session,
        now,
        account.name if account else audit.UNKNOWN_NAME,
        "sign-in-slowed" if slowed else "sign-in-refused",
    )


def seconds(now: datetime) -> float:
    """A UTC moment without a zone, in seconds since 1970."""
    return now.replace(tzinfo=UTC).timestamp()


def _throttle_key(name: str, browser: str | None) -> str:
    """Also for names that nobody has; hashed, since people type passwords there.

    Cut short, so that made-up names fill a million rows at most. The few names that meet share their tries.
    """
    if browser is not None:
        return "known:" + hashlib.sha256(browser.encode()).hexdigest()
    return "sign-in:" + hashlib.sha256(account_queries.name_key(name[:LONGEST_NAME_TYPED]).encode()).hexdigest()[:5]
