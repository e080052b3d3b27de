"""Counts tries, exactly, over any number of processes: each try is counted before it is looked at."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quizapp.storage.models import Throttle
from quizapp.storage.upserting import insert_or_ignore


@dataclass(frozen=True)
class Limit:
    """`tries` at will within `window` seconds; after that one every `slow` seconds. Never a lock for good."""

    tries: int
    window: float
    slow: float


def reserve(session: Session, key: str, limit: Limit, now: float) -> bool:
    """Count one try (`now` in seconds since 1970); False when it must not be looked at yet."""
    insert_or_ignore(session, Throttle, key=key, window_start=now, count=0, next_try=now)
    row = session.scalars(select(Throttle).where(Throttle.key == key).with_for_update()).one()
    session.refresh(row)
    if row.count >= limit.tries:
        if now < row.next_try:
            return False
        if now >= row.window_start + limit.window and now >= row.next_try + limit.window:
            row.window_start, row.count = now, 0  # a quiet while: a new window
    elif now >= row.window_start + limit.window:
        row.window_start, row.count = now, 0
    row.count += 1
    row.next_try = now + limit.slow if row.count >= limit.tries else now
    session.flush()
    return True


def give_back(session: Session, key: str) -> None:
    """The try was right: it does not count against anybody."""
    session.execute(delete(Throttle).where(Throttle.key == key))


def count(session: Session, key: str) -> int:
    return session.scalar(select(Throttle.count).where(Throttle.key == key)) or 0


def uncount(session: Session, key: str, limit: Limit, now: float) -> None:
    """The try just reserved was right: it does not count. Once slowed down, a right try does not speed up again."""
    session.execute(
        update(Throttle)
        .where(Throttle.key == key, Throttle.count.between(1, limit.tries))
        .values(count=Throttle.count - 1, next_try=now)
    )
