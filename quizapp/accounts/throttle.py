"""Count attempts in the database, exactly, over any number of processes; slow down, never lock for good."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, current_app
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.db import insert_for
from quizapp.models import Staff, Throttle
from quizapp.web.cookies import own_cookie, set_own_cookie

MAX_TYPED_NAME = 300  # characters; the rest is ignored


@dataclass(frozen=True)
class Limit:
    """`tries` at once, then one every `slow` seconds: never a lock for good.

    One attempt is forgotten every `window / tries` seconds, so at most `tries + T * tries / window` are looked at in
    any T seconds if `slow` is `window / tries`.
    """

    tries: int
    window: float
    slow: float


LOGIN_LIMIT = Limit(tries=10, window=1200, slow=120)  # at most 10 + 30 in any hour
# The audit is never pruned: a flood of made-up names leaves sixty rows, then one a minute.
UNKNOWN_NAMES_NOTED = Limit(tries=60, window=3600, slow=60)


COOKIE = "known-browser"
DAYS = 180
MAX_NAMES = 8  # colleagues at one computer; the one who has not logged in for longest is forgotten first
SEPARATOR = "~"


def seconds(now: datetime) -> float:
    """Convert a UTC moment without a time zone to seconds since 1970."""
    return now.replace(tzinfo=UTC).timestamp()


def reserve(session: Session, key: str, limit: Limit, now: float) -> bool:
    """Count one attempt (`now` in seconds since 1970); return False if it must not be looked at yet."""
    row = _lock_row(session, key, now)
    _forget(row, limit, now)
    if row.count >= limit.tries and now < row.next_try:
        session.flush()
        return False
    row.count = min(row.count, limit.tries) + 1
    row.next_try = now + limit.slow
    session.flush()
    return True


def refund(session: Session, key: str, limit: Limit, now: float) -> None:
    """Do not count the attempt just reserved: it was right. Once slowed down, a right one does not speed up again."""
    session.execute(
        update(Throttle)
        .where(Throttle.key == key, Throttle.count.between(1, limit.tries))
        .values(count=Throttle.count - 1, next_try=now)
    )


def count(session: Session, key: str) -> int:
    """Return how many attempts are not forgotten yet; more than `Limit.tries` once a key is slowed down."""
    return session.scalar(select(Throttle.count).where(Throttle.key == key)) or 0


def delete_unused(session: Session, before: float) -> None:
    """Delete the counts of keys last tried before a moment, long after all of them are forgotten."""
    session.execute(delete(Throttle).where(Throttle.next_try < before))


# --- login attempts ---------------------------------------------------------------------------------------------
# `browser` is this browser's device cookie for the name, or None if it was not used to log in here. Known browsers
# have their own count, so that guessing from other places locks out no nurse.


def take_attempt(session: Session, name: str, now: datetime, browser: str | None = None) -> bool:
    """Count one login attempt under a name; return False if it comes too soon and must not be looked at."""
    return reserve(session, _login_key(name, browser), LOGIN_LIMIT, seconds(now))


def refund_attempt(session: Session, name: str, now: datetime, browser: str | None = None) -> None:
    """Do not count the login attempt just taken: its password was right."""
    refund(session, _login_key(name, browser), LOGIN_LIMIT, seconds(now))


def record_failure(
    session: Session, account: Staff | None, name: str, now: datetime, browser: str | None = None
) -> None:
    """Audit a wrong attempt under the account's name; never under the typed one, which may be a password."""
    # Counted for known names as well, so that both take as long.
    kind = "known-names" if account else "unknown-names"
    is_noted = reserve(session, kind, UNKNOWN_NAMES_NOTED, seconds(now))
    if account is None and not is_noted:
        return
    is_slowed = count(session, _login_key(name, browser)) >= LOGIN_LIMIT.tries
    action = "sign-in-slowed" if is_slowed else "sign-in-refused"
    audit.note(session, now, account.name if account else audit.UNKNOWN_NAME, action)


def _login_key(name: str, browser: str | None) -> str:
    """Return the key of a name, whether it exists or not; hashed, since people type passwords there.

    Five digits, so that made-up names fill at most a million rows. The few names that collide share their attempts.
    """
    if browser is not None:
        return "known:" + hashlib.sha256(browser.encode()).hexdigest()
    return "sign-in:" + hashlib.sha256(Staff.key_of(name[:MAX_TYPED_NAME]).encode()).hexdigest()[:5]


def _lock_row(session: Session, key: str, now: float) -> Throttle:
    """Return the row of a key, created if missing, locked until the transaction ends."""
    statement = insert_for(session, Throttle).values(key=key, window_start=now, count=0, next_try=now)
    # An update that changes nothing, not DO NOTHING: it locks the row, so it cannot be deleted before we read it.
    session.execute(statement.on_conflict_do_update(index_elements=[Throttle.key], set_={"count": Throttle.count}))
    query = select(Throttle).where(Throttle.key == key).execution_options(populate_existing=True)
    return session.scalars(query).one()


def _forget(row: Throttle, limit: Limit, now: float) -> None:
    """Forget one attempt for each share of the window that has passed; `window_start` is where the next one begins."""
    if row.next_try > now + limit.slow + limit.window:  # the clock was set back: do not wait until it catches up
        row.next_try, row.window_start = now + limit.slow, now
    share = limit.window / limit.tries
    shares = max(0, int((now - row.window_start) // share))
    row.count = max(0, row.count - shares)
    row.window_start = max(now, row.window_start) if row.count == 0 else row.window_start + shares * share


# --- the device cookie ------------------------------------------------------------------------------------------
# A browser that logged in before has its own login attempts, so guessing keeps no nurse out. See OWASP, "Slow down
# online guessing attacks with device cookies". The cookie proves only that somebody logged in here under a name: for
# each name a random number, signed together with the name. It holds no name, and opens nothing.


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
