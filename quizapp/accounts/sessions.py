"""Staff sessions: one row for each signed-in browser. The cookie holds the token, the table its hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import AccountError, audit
from quizapp.domain.gettext_marker import N_
from quizapp.models import OneTimeLink, Staff, StaffSession
from quizapp.web import rate_limit
from quizapp.web.context import seconds

IDLE_TIMEOUT = timedelta(minutes=15)
MAX_SESSION_AGE = timedelta(hours=10)
TOUCH_INTERVAL = timedelta(minutes=1)


def token_hash(token: str) -> bytes:
    """Return what the database keeps of a token. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def start(session: Session, staff_id: int, now: datetime) -> str:
    """Start a session and return its token, which only the cookie keeps. Raises AccountError if it is closed."""
    account = session.get(Staff, staff_id)
    if account is None or account.disabled:
        raise AccountError(N_("This account cannot sign in."))
    token = secrets.token_urlsafe(32)
    _delete_expired(session, now)
    session.add(StaffSession(token_hash=token_hash(token), staff=staff_id, started=now, last_seen=now))
    session.flush()
    audit.note(session, now, account.name, "signed-in")
    return token


def find(session: Session, token: str, now: datetime) -> tuple[StaffSession, Staff] | None:
    """Return the session of a cookie's token; None if it ended, idled too long, or its account is disabled."""
    query = select(StaffSession, Staff).join(Staff, Staff.id == StaffSession.staff)
    found = session.execute(query.where(StaffSession.token_hash == token_hash(token))).first()
    if found is None:
        return None
    row, account = found
    if account.disabled or now - row.last_seen > IDLE_TIMEOUT or now - row.started > MAX_SESSION_AGE:
        return None
    return row, account


def touch(session: Session, session_hash: bytes, now: datetime) -> None:
    """Store that the person is still there."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == session_hash).values(last_seen=now))


def is_open(session: Session, staff_id: int, session_hash: bytes) -> bool:
    """Return whether the session and its account still are; the account stays open until the transaction ends."""
    account = lock_account(session, staff_id)
    if account is None or account.disabled:
        return False
    return session.get(StaffSession, session_hash, populate_existing=True) is not None


def lock_account(session: Session, staff_id: int) -> Staff | None:
    """Return the account as stored now, locked: nothing closes, resets or changes it until the transaction ends."""
    query = select(Staff).where(Staff.id == staff_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def of_account(session: Session, staff_id: int) -> list[StaffSession]:
    """Return the sessions of an account, the newest first."""
    query = select(StaffSession).where(StaffSession.staff == staff_id).order_by(StaffSession.started.desc())
    return list(session.scalars(query))


def end(session: Session, session_hash: bytes) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == session_hash))


def end_all_of(session: Session, staff_id: int, keep: bytes | None = None) -> None:
    """End every session of an account, except the one with the hash `keep`."""
    query = delete(StaffSession).where(StaffSession.staff == staff_id)
    session.execute(query.where(StaffSession.token_hash != keep) if keep else query)


def end_everyones(session: Session) -> None:
    """End all sessions and unused links: everyone signs in again."""
    session.execute(delete(StaffSession))
    session.execute(delete(OneTimeLink))


def _delete_expired(session: Session, now: datetime) -> None:
    """Delete expired sessions and links, and counts of attempts so old that no login at this moment needs the row."""
    is_idle, is_old = StaffSession.last_seen < now - IDLE_TIMEOUT, StaffSession.started < now - MAX_SESSION_AGE
    session.execute(delete(StaffSession).where(is_idle | is_old))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires <= now))
    rate_limit.delete_unused(session, seconds(now - timedelta(days=1)))
