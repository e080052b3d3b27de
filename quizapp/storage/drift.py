"""Where the watches on critical items stand."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.domain.watching import Watch
from quizapp.storage.counting import GroupKey
from quizapp.storage.models.tallies import DriftState


def state(session: Session, key: GroupKey, item: str) -> DriftState:
    """The stored watch on an item; a new one, not stored before, where there is none."""
    found = session.get(DriftState, (key.procedure, key.edition, key.language, item))
    if found is None:
        found = DriftState(
            procedure=key.procedure,
            edition=key.edition,
            language=key.language,
            item=item,
            n=0,
            missed=0,
            height=0,
            alarms=0,
            last_alarm=None,
        )
        session.add(found)
    return found


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
