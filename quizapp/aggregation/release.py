"""Release finished attempts into the tallies, in batches.

A table that moves by one patient gives that patient's sheet away, so attempts are counted only when at least
QUIZAPP_MIN_GROUP of the same procedure, edition and language can be counted together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import BindParameter, bindparam, delete, func, select, union_all, update
from sqlalchemy.orm import Session

from quizapp.aggregation import scrub, tallies
from quizapp.aggregation.tallies import GroupKey, quarter_of
from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.domain.procedure import Procedure
from quizapp.models import Attempt, ResponseRow
from quizapp.stats.item_figures import tally
from quizapp.tally_models import WaitingAttempt, WaitingOutcome, WaitingResponse

Batch = Sequence[Sequence[Response]]  # the answers of each attempt
MAX_VALUES = 500  # in one statement

# The fields of GroupKey as parameters.
_GROUP: dict[str, BindParameter[str]] = {name: bindparam(name) for name in ("procedure", "edition", "language")}
_LIVE = select(Attempt.id).filter_by(**_GROUP, state="finished").where(Attempt.tallied.is_(False))
_UNLINKED = select(WaitingAttempt.id).filter_by(**_GROUP)
_LIVE_COUNT, _UNLINKED_COUNT = (each.with_only_columns(func.count()).scalar_subquery() for each in (_LIVE, _UNLINKED))
_WAITING = select(_LIVE_COUNT + _UNLINKED_COUNT)  # built once, because every patient's last page asks it


def release_full_batch(
    session: Session, procedure: Procedure, edition_id: str, language: str, today: date, min_group: int
) -> int:
    """Move a group's waiting attempts into the tallies if there are enough. Return how many were moved."""
    key = GroupKey(procedure.id, edition_id, language)
    if (session.scalar(_WAITING, asdict(key)) or 0) < min_group:
        return 0
    # Locked: two patients who finish at the same time would both count the same batch on PostgreSQL.
    live = session.scalars(_LIVE.with_for_update(skip_locked=True), asdict(key)).all()
    unlinked = session.scalars(_UNLINKED.with_for_update(skip_locked=True), asdict(key)).all()
    if len(live) + len(unlinked) < min_group:  # another transaction is releasing or unlinking some of them
        return 0
    answers = answers_of(session, ResponseRow, live) + answers_of(session, WaitingResponse, unlinked)
    count_batch(session, procedure, quarter_of(today), key, min_group, answers)
    for ids in _chunks(live):
        session.execute(update(Attempt).where(Attempt.id.in_(ids)).values(tallied=True))
    for ids in _chunks(unlinked):
        scrub.deleted(session)
        session.execute(delete(WaitingAttempt).where(WaitingAttempt.id.in_(ids)))
    return len(answers)


def count_batch(
    session: Session, procedure: Procedure, quarter: str, key: GroupKey, min_group: int, answers: Batch
) -> None:
    """Add a batch of finished attempts to the counters."""
    tallies.count_under(session, quarter, min_group)
    tallies.add_tally(session, quarter, key, tally(item_records(procedure, responses) for responses in answers))


def waiting(session: Session, procedure_id: str) -> int:
    """Count the finished attempts of a procedure that are not in the tallies yet."""
    return sum(n for key, n in waiting_groups(session).items() if key.procedure == procedure_id)


def waiting_groups(session: Session) -> dict[GroupKey, int]:
    """Count the finished attempts that wait in each group."""
    live = select(Attempt.procedure, Attempt.edition, Attempt.language).where(
        Attempt.state == "finished", Attempt.tallied.is_(False)
    )
    unlinked = select(WaitingAttempt.procedure, WaitingAttempt.edition, WaitingAttempt.language)
    both = union_all(live, unlinked).subquery()
    group = (both.c.procedure, both.c.edition, both.c.language)
    rows = session.execute(select(*group, func.count()).group_by(*group))
    return {GroupKey(procedure, edition, language): n for procedure, edition, language, n in rows}


def answers_of(
    session: Session, table: type[ResponseRow] | type[WaitingResponse], ids: Sequence[str]
) -> list[list[Response]]:
    """Return the responses of each of these attempts."""
    answers: dict[str, list[Response]] = {attempt_id: [] for attempt_id in ids}
    wanted = select(table.attempt, table.item, table.try_number, table.form, table.option, table.certainty)
    for some in _chunks(ids):
        rows = session.execute(wanted.where(table.attempt.in_(some)))
        for attempt_id, item, try_number, form, option, certainty in rows:
            answers[attempt_id].append(Response(item, try_number, form, option, Certainty(certainty)))
    return list(answers.values())


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + MAX_VALUES] for start in range(0, len(ids), MAX_VALUES))


def release_outcomes(session: Session, min_group: int, today: date) -> None:
    """Move the outcomes of unlinked sheets into the tallies, for each group in which enough sheets wait."""
    quarter = quarter_of(today)
    group = (WaitingOutcome.procedure, WaitingOutcome.edition, WaitingOutcome.language)
    cell = (WaitingOutcome.item, WaitingOutcome.outcome)
    enough = func.count(func.distinct(WaitingOutcome.sheet)) >= min_group
    for row in session.execute(select(*group).group_by(*group).having(enough)).all():
        key = GroupKey(*row)
        rows = session.execute(select(*cell, func.count()).filter_by(**asdict(key)).group_by(*cell)).all()
        tallies.count_under(session, quarter, min_group)
        tallies.add_outcomes(session, quarter, key, {(item, outcome): n for item, outcome, n in rows})
        session.execute(delete(WaitingOutcome).filter_by(**asdict(key)))
        scrub.deleted(session)
