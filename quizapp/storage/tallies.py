"""The tallies, and the attempts that wait to enter them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, union_all, update
from sqlalchemy.orm import Session

from quizapp.domain.grading import Certainty, Response
from quizapp.domain.tallying import Tally
from quizapp.storage.models import (
    Attempt,
    Base,
    ResponseRow,
    TallyGroup,
    TallyOption,
    TallyOutcome,
    TallyScore,
    WaitingAttempt,
    WaitingOutcome,
    WaitingResponse,
)
from quizapp.storage.upserting import insert_for


@dataclass(frozen=True)
class GroupKey:
    """Attempts that may be counted together."""

    procedure: str
    edition: str
    language: str


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


def waiting_responses(session: Session, key: GroupKey) -> list[list[Response]]:
    """The answers of every waiting attempt of a group, live or severed."""
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
    return _answers(session, ResponseRow, session.scalars(live).all()) + _answers(
        session, WaitingResponse, session.scalars(bare).all()
    )


def _answers(
    session: Session, table: type[ResponseRow] | type[WaitingResponse], ids: Sequence[str]
) -> list[list[Response]]:
    answers: dict[str, list[Response]] = {attempt_id: [] for attempt_id in ids}
    for start in range(0, len(ids), 500):  # a statement takes a bounded number of values
        rows = session.execute(
            select(table.attempt, table.item, table.try_number, table.form, table.option, table.certainty).where(
                table.attempt.in_(ids[start : start + 500])
            )
        )
        for row in rows:
            answers[row.attempt].append(
                Response(row.item, row.try_number, row.form, row.option, Certainty(row.certainty))
            )
    return list(answers.values())


def mark_tallied(session: Session, key: GroupKey) -> None:
    """The group's waiting attempts are counted now: severed ones are no longer needed."""
    session.execute(
        update(Attempt)
        .where(
            Attempt.procedure == key.procedure,
            Attempt.edition == key.edition,
            Attempt.language == key.language,
            Attempt.state == "finished",
            Attempt.tallied.is_(False),
        )
        .values(tallied=True)
    )
    session.execute(
        delete(WaitingAttempt).where(
            WaitingAttempt.procedure == key.procedure,
            WaitingAttempt.edition == key.edition,
            WaitingAttempt.language == key.language,
        )
    )


def add_tally(session: Session, quarter: str, key: GroupKey, tally: Tally) -> None:
    """Add a batch's counters to the stored ones."""
    place = {
        "quarter": quarter,
        "procedure": key.procedure,
        "edition": key.edition,
        "language": key.language,
    }
    group = tally.group
    _add(
        session,
        TallyGroup,
        [place | {"n": group.n, "sum_score": group.sum_score, "sum_score_sq": group.sum_score_sq}],
        ("n", "sum_score", "sum_score_sq"),
    )
    _add(
        session,
        TallyScore,
        [place | {"score": score, "n": n} for score, n in sorted(tally.scores.items())],
        ("n",),
    )
    _add(
        session,
        TallyOption,
        [
            place
            | {
                "item": option.item_id,
                "form": option.form_id,
                "option": option.option_id,
                "certainty": option.certainty,
                "retry": option.retry,
                "n": sums.n,
                "sum_score": sums.sum_score,
                "sum_score_sq": sums.sum_score_sq,
            }
            for option, sums in tally.options.items()
        ],
        ("n", "sum_score", "sum_score_sq"),
    )


def waiting_sheets(session: Session, key: GroupKey) -> int:
    """How many severed sheets' outcomes wait."""
    return session.scalar(
        select(func.count(func.distinct(WaitingOutcome.sheet))).where(
            WaitingOutcome.procedure == key.procedure,
            WaitingOutcome.edition == key.edition,
            WaitingOutcome.language == key.language,
        )
    ) or 0


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
    _add(
        session,
        TallyOutcome,
        [
            {
                "quarter": quarter,
                "procedure": key.procedure,
                "edition": key.edition,
                "language": key.language,
                "item": item,
                "outcome": outcome,
                "n": n,
            }
            for item, outcome, n in rows
        ],
        ("n",),
    )
    session.execute(delete(WaitingOutcome).where(*here))


def outcome_groups(session: Session) -> list[GroupKey]:
    rows = session.execute(
        select(WaitingOutcome.procedure, WaitingOutcome.edition, WaitingOutcome.language).distinct()
    )
    return [GroupKey(*row) for row in rows]


def groups(session: Session, procedure: str) -> list[TallyGroup]:
    return list(session.scalars(select(TallyGroup).where(TallyGroup.procedure == procedure)))


def scores(session: Session, procedure: str) -> list[TallyScore]:
    return list(session.scalars(select(TallyScore).where(TallyScore.procedure == procedure)))


def options(session: Session, procedure: str) -> list[TallyOption]:
    return list(session.scalars(select(TallyOption).where(TallyOption.procedure == procedure)))


def outcomes(session: Session, procedure: str) -> list[TallyOutcome]:
    return list(session.scalars(select(TallyOutcome).where(TallyOutcome.procedure == procedure)))


def _add(
    session: Session, table: type[Base], rows: Iterable[dict[str, object]], counters: tuple[str, ...]
) -> None:
    for row in rows:
        insert = insert_for(session, table).values(**row)
        session.execute(
            insert.on_conflict_do_update(
                index_elements=[column.name for column in table.__table__.primary_key],
                set_={
                    name: getattr(table, name) + getattr(insert.excluded, name)
                    for name in counters
                },
            )
        )
