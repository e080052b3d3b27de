"""Rate limits, counted in the database: exact over any number of processes; they slow down, and never lock for good."""

from dataclasses import dataclass

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import Session

from quizapp.db import insert_for
from quizapp.models import Throttle

CLOCK_DIFFERENCE = 60  # seconds between the clocks of servers that share a database


@dataclass(frozen=True)
class Limit:
    """`tries` at once, then one every `interval` seconds.

    One attempt is forgotten every `interval` seconds, so at most `tries + T / interval` are looked at in any T seconds.
    Source: the generic cell rate algorithm of ITU-T I.371, with the theoretical arrival time as the only state.
    """

    tries: int
    interval: float


def reserve(session: Session, key: str, limit: Limit, now: float) -> bool:
    """Count one attempt (`now` in seconds since 1970); return False if it must not be looked at yet."""
    forgotten_at, most = Throttle.forgotten_at, now + limit.tries * limit.interval
    # The clock was set back by more than servers' clocks differ: do not wait until it catches up.
    is_too_late = forgotten_at > most + max(limit.interval, CLOCK_DIFFERENCE)
    counted = case((is_too_late, most), (forgotten_at < now, now + limit.interval), else_=forgotten_at + limit.interval)
    insert = insert_for(session, Throttle).values(key=key, forgotten_at=now + limit.interval)
    statement = insert.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={"forgotten_at": counted},
        where=or_(forgotten_at <= most - limit.interval, is_too_late),
    )
    return session.scalar(statement.returning(Throttle.key)) is not None


def refund(session: Session, key: str, limit: Limit) -> None:
    """Do not count the attempt just reserved: it was right."""
    earlier = Throttle.forgotten_at - limit.interval
    session.execute(update(Throttle).where(Throttle.key == key).values(forgotten_at=earlier))


def is_used_up(session: Session, key: str, limit: Limit, now: float) -> bool:
    """Return whether the next attempt would come too soon."""
    forgotten_at = session.scalar(select(Throttle.forgotten_at).where(Throttle.key == key)) or 0
    return forgotten_at > now + (limit.tries - 1) * limit.interval


def delete_unused(session: Session, before: float) -> None:
    """Delete the counts of keys whose attempts were all forgotten before a moment."""
    session.execute(delete(Throttle).where(Throttle.forgotten_at < before))
