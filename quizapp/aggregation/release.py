"""Release finished attempts into the tallies, in batches.

A table that moves by one patient gives that patient's sheet away, so attempts are counted only when at least
QUIZAPP_MIN_GROUP of the same procedure, edition and language can be counted together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import bindparam, delete, func, select, union_all, update
from sqlalchemy.orm import Session

from quizapp.aggregation import scrub, tallies
from quizapp.aggregation.tallies import GroupKey
from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.domain.procedure import Procedure
from quizapp.domain.response_cells import quarter_of, tally
from quizapp.models import Attempt, ResponseRow
from quizapp.tally_models import WaitingAttempt, WaitingOutcome, WaitingResponse

MAX_VALUES = 500  # in one statement

_LIVE_WAITING = select(func.count()).where(
    Attempt.procedure == bindparam("procedure"),
    Attempt.edition == bindparam("edition"),
    Attempt.language == bindparam("language"),
    Attempt.state == "finished",
    Attempt.tallied.is_(False),
)
_UNLINKED_WAITING = select(func.count()).where(
    WaitingAttempt.procedure == bindparam("procedure"),
    WaitingAttempt.edition == bindparam("edition"),
    WaitingAttempt.language == bindparam("language"),
)
# Built once, because every patient's last page asks it.
_WAITING = select(_LIVE_WAITING.scalar_subquery() + _UNLINKED_WAITING.scalar_subquery())


def release_full_batch(
    session: Session, procedure: Procedure, edition_id: str, language: str, today: date, min_group: int
) -> int:
    """Move a group's waiting attempts into the tallies if there are enough. Return how many were moved."""
    key = GroupKey(procedure.id, edition_id, language)
    if (session.scalar(_WAITING, asdict(key)) or 0) < min_group:
        return 0
    claimed = _claim_waiting(session, key)
    if len(claimed) < min_group:  # another transaction is releasing or unlinking some of them
        return 0
    answers = _answers(session, ResponseRow, claimed.live) + _answers(session, WaitingResponse, claimed.unlinked)
    count_batch(session, procedure, quarter_of(today.year, today.month), key, min_group, answers)
    _mark_tallied(session, claimed)
    return len(answers)


def count_batch(
    session: Session,
    procedure: Procedure,
    quarter: str,
    key: GroupKey,
    min_group: int,
    answers: Iterable[Iterable[Response]],
) -> None:
    """Add a batch of finished attempts, each given as its answers, to the counters."""
    tallies.count_under(session, quarter, min_group)
    batch = tally(item_records(procedure, responses) for responses in answers)
    tallies.add_tally(session, quarter, key, batch)


def keep_thresholds(session: Session, today: date, min_group: int) -> None:
    """Store the threshold of the current quarter at start, unless it already had a stricter one.

    Quarters that are over keep theirs; those counted before thresholds were stored get this one.
    """
    tallies.count_under(session, quarter_of(today.year, today.month), min_group)
    tallies.keep_missing_thresholds(session, min_group)


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


@dataclass(frozen=True)
class _Claimed:
    """Ids of waiting attempts that only this transaction may count: those with a sheet, and unlinked ones."""

    live: Sequence[str]
    unlinked: Sequence[str]

    def __len__(self) -> int:
        return len(self.live) + len(self.unlinked)


def _claim_waiting(session: Session, key: GroupKey) -> _Claimed:
    """Lock a group's waiting attempts, except those that another transaction has locked.

    Without the lock, two patients who finish at the same time would both count the same batch on PostgreSQL.
    """
    live = select(Attempt.id).where(
        Attempt.procedure == key.procedure,
        Attempt.edition == key.edition,
        Attempt.language == key.language,
        Attempt.state == "finished",
        Attempt.tallied.is_(False),
    )
    unlinked = select(WaitingAttempt.id).where(
        WaitingAttempt.procedure == key.procedure,
        WaitingAttempt.edition == key.edition,
        WaitingAttempt.language == key.language,
    )
    return _Claimed(
        session.scalars(live.with_for_update(skip_locked=True)).all(),
        session.scalars(unlinked.with_for_update(skip_locked=True)).all(),
    )


def _answers(
    session: Session, table: type[ResponseRow] | type[WaitingResponse], ids: Sequence[str]
) -> list[list[Response]]:
    """The responses of each of these attempts."""
    answers: dict[str, list[Response]] = {attempt_id: [] for attempt_id in ids}
    columns = (table.attempt, table.item, table.try_number, table.form, table.option, table.certainty)
    for some in _chunks(ids):
        for attempt_id, item, try_number, form, option, certainty in session.execute(
            select(*columns).where(table.attempt.in_(some))
        ):
            answers[attempt_id].append(Response(item, try_number, form, option, Certainty(certainty)))
    return list(answers.values())


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + MAX_VALUES] for start in range(0, len(ids), MAX_VALUES))


def _mark_tallied(session: Session, claimed: _Claimed) -> None:
    """Mark sheets as counted, and delete the unlinked answers, which are no longer needed."""
    for ids in _chunks(claimed.live):
        session.execute(update(Attempt).where(Attempt.id.in_(ids)).values(tallied=True))
    for ids in _chunks(claimed.unlinked):
        scrub.deleted(session)
        session.execute(delete(WaitingAttempt).where(WaitingAttempt.id.in_(ids)))


def release_outcomes(session: Session, min_group: int, today: date) -> None:
    """Move the outcomes of unlinked sheets into the tallies, for each group in which enough sheets wait."""
    quarter = quarter_of(today.year, today.month)
    group = (WaitingOutcome.procedure, WaitingOutcome.edition, WaitingOutcome.language)
    enough = func.count(func.distinct(WaitingOutcome.sheet)) >= min_group
    for row in session.execute(select(*group).group_by(*group).having(enough)).all():
        tallies.count_under(session, quarter, min_group)
        _release_outcomes_of(session, quarter, GroupKey(*row))


def _release_outcomes_of(session: Session, quarter: str, key: GroupKey) -> None:
    in_group = (
        WaitingOutcome.procedure == key.procedure,
        WaitingOutcome.edition == key.edition,
        WaitingOutcome.language == key.language,
    )
    cell = (WaitingOutcome.item, WaitingOutcome.outcome)
    rows = session.execute(select(*cell, func.count()).where(*in_group).group_by(*cell)).all()
    tallies.add_outcomes(session, quarter, key, {(item, outcome): n for item, outcome, n in rows})
    session.execute(delete(WaitingOutcome).where(*in_group))
    scrub.deleted(session)
