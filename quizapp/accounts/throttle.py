"""Counts tries, exactly, over any number of processes: each try is counted before it is looked at."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quizapp.models import Throttle
from quizapp.upsert import insert_for


@dataclass(frozen=True)
class Limit:
    """`tries` at will, then one every `slow` seconds: never a lock for good.

    One try is forgotten every `window / tries` seconds, so no more than `tries + T * tries / window` are looked at
    in any T seconds where `slow` is `window / tries`.
    """

    tries: int
    window: float
    slow: float


def reserve(session: Session, key: str, limit: Limit, now: float) -> bool:
    """Count one try (`now` in seconds since 1970); False when it must not be looked at yet."""
    row = _held(session, key, now)
    _forget(row, limit, now)
    if row.count >= limit.tries and now < row.next_try:
        session.flush()
        return False
    row.count = min(row.count, limit.tries) + 1
    row.next_try = now + limit.slow
    session.flush()
    return True


def uncount(session: Session, key: str, limit: Limit, now: float) -> None:
    """The try just reserved was right: it does not count. Once slowed down, a right try does not speed up again."""
    session.execute(
        update(Throttle)
        .where(Throttle.key == key, Throttle.count.between(1, limit.tries))
        .values(count=Throttle.count - 1, next_try=now)
    )


def count(session: Session, key: str) -> int:
    """How many tries are not forgotten yet; more than a limit's `tries` once it slows down."""
    return session.scalar(select(Throttle.count).where(Throttle.key == key)) or 0


def delete_unused(session: Session, before: float) -> None:
    """Drop what was last tried before a moment, long after all of it is forgotten."""
    session.execute(delete(Throttle).where(Throttle.next_try < before))


def _held(session: Session, key: str, now: float) -> Throttle:
    """The row of a key, made if need be, and held until the transaction ends."""
    statement = insert_for(session, Throttle).values(key=key, window_start=now, count=0, next_try=now)
    # An update that changes nothing, not DO NOTHING: it holds the row, so nobody can delete it before we read it.
    session.execute(statement.on_conflict_do_update(index_elements=[Throttle.key], set_={"count": Throttle.count}))
    query = select(Throttle).where(Throttle.key == key).execution_options(populate_existing=True)
    return session.scalars(query).one()


def _forget(row: Throttle, limit: Limit, now: float) -> None:
    """Forget one try for each share of the window that has gone by; `window_start` is where the next share begins."""
    if row.next_try > now + limit.slow + limit.window:  # the clock was set back: nobody waits until it catches up
        row.next_try, row.window_start = now + limit.slow, now
    share = limit.window / limit.tries
    shares = max(0, int((now - row.window_start) // share))
    row.count = max(0, row.count - shares)
    row.window_start = max(now, row.window_start) if row.count == 0 else row.window_start + shares * share
