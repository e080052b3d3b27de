"""Where the watches on critical items stand."""

from collections.abc import Collection, Iterable
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.aggregation.tally_writes import GroupKey
from quizapp.db import insert_or_ignore
from quizapp.stats.watching import Watch
from quizapp.tally_models import DriftState


def claim(session: Session, key: GroupKey, items: Collection[str]) -> dict[str, DriftState]:
    """The stored watches on these items, by item, held until the transaction ends; new ones have seen nothing.

    Releases of one quarter wait for each other at its counters, but those of two quarters (servers whose clocks
    stand on either side of midnight) meet here only: without the claim one would overwrite what the other saw.
    """
    rows = {row.item: row for row in _claim_stored(session, key, items)}
    if len(rows) < len(items):
        for item in sorted({*items} - {*rows}):
            insert_or_ignore(
                session, DriftState, **asdict(key), item=item, n=0, missed=0, height=0, alarms=0, last_alarm=None
            )
        rows = {row.item: row for row in _claim_stored(session, key, items)}
    return rows


def _claim_stored(session: Session, key: GroupKey, items: Collection[str]) -> Iterable[DriftState]:
    """In the order of the items, so that no two releases each hold what the other waits for."""
    return session.scalars(
        select(DriftState)
        .where(
            DriftState.procedure == key.procedure,
            DriftState.edition == key.edition,
            DriftState.language == key.language,
            DriftState.item.in_(items),
        )
        .order_by(DriftState.item)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


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
