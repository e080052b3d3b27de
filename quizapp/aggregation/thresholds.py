"""Under which threshold each quarter is published."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from quizapp.db import insert_for, insert_or_ignore
from quizapp.tally_models import TallyGroup, TallyOutcome, TallyQuarter


def count_under(session: Session, quarter: str, min_group: int) -> None:
    """Note that a quarter is being counted under this threshold; the strictest one stays."""
    insert = insert_for(session, TallyQuarter).values(quarter=quarter, min_group=min_group)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["quarter"],
            set_={"min_group": insert.excluded.min_group},
            where=TallyQuarter.min_group < insert.excluded.min_group,
        )
    )


def keep_missing(session: Session, min_group: int) -> None:
    """Give this threshold to every counted quarter that has none."""
    counted = union(select(TallyGroup.quarter), select(TallyOutcome.quarter))
    for quarter in session.scalars(counted).all():
        insert_or_ignore(session, TallyQuarter, quarter=quarter, min_group=min_group)


def by_quarter(session: Session) -> dict[str, int]:
    """Quarter -> the threshold that it is published under."""
    rows = session.execute(select(TallyQuarter.quarter, TallyQuarter.min_group))
    return {row.quarter: row.min_group for row in rows}
