"""The attempts and the outcomes of talks that wait to be counted together."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, delete, func, select, union_all, update
from sqlalchemy.orm import Session

from quizapp.aggregation import scrub
from quizapp.aggregation.tally_writes import GroupKey, add_outcomes
from quizapp.domain.grading import Certainty, Response
from quizapp.models import Attempt, ResponseRow
from quizapp.tally_models import WaitingAttempt, WaitingOutcome, WaitingResponse

_LIVE_WAITING = select(func.count()).where(
    Attempt.procedure == bindparam("procedure"),
    Attempt.edition == bindparam("edition"),
    Attempt.language == bindparam("language"),
    Attempt.state == "finished",
    Attempt.tallied.is_(False),
)
_BARE_WAITING = select(func.count()).where(
    WaitingAttempt.procedure == bindparam("procedure"),
    WaitingAttempt.edition == bindparam("edition"),
    WaitingAttempt.language == bindparam("language"),
)
# Asked by every patient's last page: built once.
_WAITING = select(_LIVE_WAITING.scalar_subquery() + _BARE_WAITING.scalar_subquery())


def waiting_in(session: Session, key: GroupKey) -> int:
    """How many finished attempts wait in this group."""
    return session.scalar(_WAITING, asdict(key)) or 0


def waiting_groups(session: Session) -> dict[GroupKey, int]:
    """How many finished attempts wait in each group."""
    live = select(Attempt.procedure, Attempt.edition, Attempt.language).where(
        Attempt.state == "finished", Attempt.tallied.is_(False)
    )
    bare = select(WaitingAttempt.procedure, WaitingAttempt.edition, WaitingAttempt.language)
    both = union_all(live, bare).subquery()
    rows = session.execute(
        select(both.c.procedure, both.c.edition, both.c.language, func.count()).group_by(
            both.c.procedure, both.c.edition, both.c.language
        )
    )
    return {GroupKey(procedure, edition, language): n for procedure, edition, language, n in rows}


@dataclass(frozen=True)
class Claimed:
    """Waiting attempts that this transaction alone may count: live ones and severed ones, by id."""

    live: tuple[str, ...]
    bare: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.live) + len(self.bare)


def claim_waiting(session: Session, key: GroupKey) -> Claimed:
    """A group's waiting attempts that no other transaction is counting, changing or severing, held until the end.

    Without the claim two patients who finish at once would both count the same batch on PostgreSQL.
    """
    live = select(Attempt.id).where(
        Attempt.procedure == key.procedure,
        Attempt.edition == key.edition,
        Attempt.language == key.language,
        Attempt.state == "finished",
        Attempt.tallied.is_(False),
    )
    bare = select(WaitingAttempt.id).where(
        WaitingAttempt.procedure == key.procedure,
        WaitingAttempt.edition == key.edition,
        WaitingAttempt.language == key.language,
    )
    return Claimed(
        tuple(session.scalars(live.with_for_update(skip_locked=True))),
        tuple(session.scalars(bare.with_for_update(skip_locked=True))),
    )


def waiting_responses(session: Session, claimed: Claimed) -> list[list[Response]]:
    """The answers of every claimed attempt."""
    return _answers(session, ResponseRow, claimed.live) + _answers(session, WaitingResponse, claimed.bare)


def _answers(
    session: Session, table: type[ResponseRow] | type[WaitingResponse], ids: Sequence[str]
) -> list[list[Response]]:
    answers: dict[str, list[Response]] = {attempt_id: [] for attempt_id in ids}
    for some in _few(ids):
        rows = session.execute(
            select(table.attempt, table.item, table.try_number, table.form, table.option, table.certainty).where(
                table.attempt.in_(some)
            )
        )
        for row in rows:
            answers[row.attempt].append(
                Response(row.item, row.try_number, row.form, row.option, Certainty(row.certainty))
            )
    return list(answers.values())


def _few(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """A statement takes a bounded number of values."""
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def mark_tallied(session: Session, claimed: Claimed) -> None:
    """The claimed attempts are counted now: severed ones are no longer needed."""
    for ids in _few(claimed.live):
        session.execute(update(Attempt).where(Attempt.id.in_(ids)).values(tallied=True))
    for ids in _few(claimed.bare):
        scrub.deleted(session)
        session.execute(delete(WaitingAttempt).where(WaitingAttempt.id.in_(ids)))


def waiting_sheets(session: Session, key: GroupKey) -> int:
    """How many severed sheets' outcomes wait."""
    return session.scalar(
        select(func.count(func.distinct(WaitingOutcome.sheet))).where(
            WaitingOutcome.procedure == key.procedure,
            WaitingOutcome.edition == key.edition,
            WaitingOutcome.language == key.language,
        )
    ) or 0


def outcome_groups(session: Session) -> list[GroupKey]:
    rows = session.execute(
        select(WaitingOutcome.procedure, WaitingOutcome.edition, WaitingOutcome.language).distinct()
    )
    return [GroupKey(*row) for row in rows]


def release_outcomes(session: Session, quarter: str, key: GroupKey) -> None:
    """Move a group's waiting outcomes into the tallies."""
    here = (
        WaitingOutcome.procedure == key.procedure,
        WaitingOutcome.edition == key.edition,
        WaitingOutcome.language == key.language,
    )
    rows = session.execute(
        select(WaitingOutcome.item, WaitingOutcome.outcome, func.count())
        .where(*here)
        .group_by(WaitingOutcome.item, WaitingOutcome.outcome)
    ).all()
    add_outcomes(session, quarter, key, {(item, outcome): n for item, outcome, n in rows})
    session.execute(delete(WaitingOutcome).where(*here))
    scrub.deleted(session)
