"""Where the watches on critical items stand."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.domain.watching import Watch
from quizapp.storage.counting import GroupKey
from quizapp.storage.models.tallies import DriftState
from quizapp.storage.upserting import insert_or_ignore


def claim(session: Session, key: GroupKey, item: str) -> DriftState:
    """The stored watch on an item, one that has seen nothing where there was none, held until the transaction ends.

    Releases of one quarter wait for each other at its counters, but those of two quarters (servers whose clocks
    stand on either side of midnight) meet here only: without the claim one would overwrite what the other saw.
    """
    place = {**asdict(key), "item": item}
    insert_or_ignore(session, DriftState, **place, n=0, missed=0, height=0, alarms=0, last_alarm=None)
    return session.get_one(DriftState, place, with_for_update=True, populate_existing=True)


def watch(row: DriftState) -> Watch:
    return Watch(row.n, row.missed, row.height, row.alarms)


def keep(row: DriftState, now: Watch, quarter: str) -> None:
    """Store where the watch stands after a release in this quarter."""
    if now.alarms > row.alarms:
        row.last_alarm = quarter
    row.n, row.missed, row.height, row.alarms = now.n, now.missed, now.height, now.alarms


def all_of(session: Session, procedure: str, edition: str) -> list[DriftState]:
    """Every watch of an edition, in all its languages."""
    return list(
        session.scalars(select(DriftState).where(DriftState.procedure == procedure, DriftState.edition == edition))
    )
