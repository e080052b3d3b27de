"""The tallies, and the attempts that wait to enter them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, union, union_all, update
from sqlalchemy.orm import Session

from quizapp.domain.grading import Certainty, Response
from quizapp.domain.statistics import ScoreSums
from quizapp.domain.tallying import OptionKey, Tally
from quizapp.storage import purging
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
        purging.deleted(session)
        session.execute(delete(WaitingAttempt).where(WaitingAttempt.id.in_(ids)))


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
    add_outcomes(session, quarter, key, {(item, outcome): n for item, outcome, n in rows})
    session.execute(delete(WaitingOutcome).where(*here))
    purging.deleted(session)


def add_outcomes(session: Session, quarter: str, key: GroupKey, counts: Mapping[tuple[str, str], int]) -> None:
    """Add talks, counted by item and outcome, to the stored ones."""
    place = {"quarter": quarter, "procedure": key.procedure, "edition": key.edition, "language": key.language}
    _add(
        session,
        TallyOutcome,
        [place | {"item": item, "outcome": outcome, "n": n} for (item, outcome), n in sorted(counts.items())],
        ("n",),
    )


def outcome_groups(session: Session) -> list[GroupKey]:
    rows = session.execute(
        select(WaitingOutcome.procedure, WaitingOutcome.edition, WaitingOutcome.language).distinct()
    )
    return [GroupKey(*row) for row in rows]


@dataclass(frozen=True, order=True)
class CountedPlace:
    """Where attempts or talks were counted together."""

    quarter: str
    edition: str
    language: str


def places(session: Session, procedure: str) -> list[CountedPlace]:
    """Every quarter, edition and language of a procedure that has counts."""
    attempts = select(TallyGroup.quarter, TallyGroup.edition, TallyGroup.language).where(
        TallyGroup.procedure == procedure
    )
    talks = select(TallyOutcome.quarter, TallyOutcome.edition, TallyOutcome.language).where(
        TallyOutcome.procedure == procedure
    )
    return [CountedPlace(*row) for row in session.execute(union(attempts, talks))]


def groups(session: Session, procedure: str) -> list[TallyGroup]:
    return list(session.scalars(select(TallyGroup).where(TallyGroup.procedure == procedure)))


@dataclass(frozen=True)
class CountedScore:
    """How many attempts at a place had a score."""

    place: CountedPlace
    score: int
    n: int


@dataclass(frozen=True)
class CountedWay:
    """How often an item went one way at a place, whatever form was asked; the columns of TallyOption."""

    place: CountedPlace
    item: str
    option: str
    certainty: str
    retry: str
    n: int


@dataclass(frozen=True)
class CountedOutcome:
    """How many talks about an item ended with an outcome at a place."""

    place: CountedPlace
    item: str
    outcome: str
    n: int


def scores(session: Session, procedure: str) -> list[CountedScore]:
    t = TallyScore
    rows = session.execute(select(t.quarter, t.edition, t.language, t.score, t.n).where(t.procedure == procedure))
    return [CountedScore(CountedPlace(*place), score, n) for *place, score, n in rows]


def options(session: Session, procedure: str) -> list[CountedWay]:
    t = TallyOption
    way = (t.quarter, t.edition, t.language, t.item, t.option, t.certainty, t.retry)
    rows = session.execute(select(*way, func.sum(t.n)).where(t.procedure == procedure).group_by(*way))
    return [CountedWay(CountedPlace(*row[:3]), *row[3:-1], int(row[-1])) for row in rows]


def outcomes(session: Session, procedure: str) -> list[CountedOutcome]:
    t = TallyOutcome
    rows = session.execute(
        select(t.quarter, t.edition, t.language, t.item, t.outcome, t.n).where(t.procedure == procedure)
    )
    return [CountedOutcome(CountedPlace(*row[:3]), *row[3:]) for row in rows]


@dataclass(frozen=True)
class Went:
    """How often one item went one way in one edition and language, over the quarters asked for."""

    edition: str
    language: str
    way: OptionKey
    scores: ScoreSums


def ways(session: Session, procedure: str, editions: Collection[str], quarter: str) -> list[Went]:
    """Every way that an item of these editions went, added up by the database; `quarter` "" means all."""
    place = (TallyOption.edition, TallyOption.language)
    way = (TallyOption.item, TallyOption.form, TallyOption.option, TallyOption.certainty, TallyOption.retry)
    sums = (func.sum(TallyOption.n), func.sum(TallyOption.sum_score), func.sum(TallyOption.sum_score_sq))
    wanted = select(*place, *way, *sums).where(TallyOption.procedure == procedure, TallyOption.edition.in_(editions))
    if quarter:
        wanted = wanted.where(TallyOption.quarter == quarter)
    return [
        Went(edition, language, OptionKey(*key), ScoreSums(int(n), int(score), int(score_sq)))
        for edition, language, *key, n, score, score_sq in session.execute(wanted.group_by(*place, *way))
    ]


def talks(session: Session, procedure: str, edition: str, quarter: str, language: str) -> dict[str, dict[str, int]]:
    """Item -> outcome -> how many talks; `quarter` and `language` "" mean all."""
    wanted = select(TallyOutcome.item, TallyOutcome.outcome, func.sum(TallyOutcome.n)).where(
        TallyOutcome.procedure == procedure, TallyOutcome.edition == edition
    )
    if quarter:
        wanted = wanted.where(TallyOutcome.quarter == quarter)
    if language:
        wanted = wanted.where(TallyOutcome.language == language)
    found: dict[str, dict[str, int]] = {}
    for item, outcome, n in session.execute(wanted.group_by(TallyOutcome.item, TallyOutcome.outcome)):
        found.setdefault(item, {})[outcome] = int(n)
    return found


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
