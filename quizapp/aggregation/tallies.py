"""The tallies: read them, add to them, and keep the threshold that each quarter is published under."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from quizapp.db import insert_for, insert_or_ignore
from quizapp.domain.response_cells import ResponseCell, Tally
from quizapp.models import Base
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.tally_models import TallyGroup, TallyOption, TallyOutcome, TallyQuarter, TallyScore


@dataclass(frozen=True)
class GroupKey:
    """Attempts that may be counted together."""

    procedure: str
    edition: str
    language: str


@dataclass(frozen=True, order=True)
class Place:
    """The quarter, edition and language under which attempts and talks are counted together."""

    quarter: str
    edition: str
    language: str


@dataclass(frozen=True)
class CountedCell:
    """The scores of everyone at a place who responded to an item in one way."""

    place: Place
    cell: ResponseCell
    scores: ScoreSums


@dataclass(frozen=True)
class CountedTalks:
    """How many talks about an item ended with an outcome at a place."""

    place: Place
    item: str
    outcome: str
    n: int


def places(session: Session, procedure: str) -> list[Place]:
    """Return every place with counts of a procedure."""
    found = union(
        *(
            select(table.quarter, table.edition, table.language).where(table.procedure == procedure)
            for table in (TallyGroup, TallyOutcome)
        )
    )
    return [Place(*row) for row in session.execute(found)]


def groups(session: Session, procedure: str) -> list[TallyGroup]:
    """Return how many attempts of a procedure are counted, one row a place."""
    return list(session.scalars(select(TallyGroup).where(TallyGroup.procedure == procedure)))


def cells(
    session: Session, procedure: str, editions: Collection[str] = (), quarter: str = "", *, by_quarter: bool = False
) -> list[CountedCell]:
    """Return the response cells of every item; `editions` () and `quarter` "" mean all.

    The database adds up the quarters unless `by_quarter`; their places then have no quarter.
    """
    t = TallyOption
    key = (t.edition, t.language, t.item, t.form, t.option, t.certainty, t.retry)
    grouped = (t.quarter, *key) if by_quarter else key
    wanted = select(*grouped, func.sum(t.n), func.sum(t.sum_score), func.sum(t.sum_score_sq))
    wanted = wanted.where(t.procedure == procedure).group_by(*grouped)
    if editions:
        wanted = wanted.where(t.edition.in_(editions))
    if quarter:
        wanted = wanted.where(t.quarter == quarter)
    found = []
    for *place, item, form, option, certainty, retry, n, score, score_sq in session.execute(wanted):
        cell = ResponseCell(item, form, option, certainty, retry)
        sums = ScoreSums(int(n), int(score), int(score_sq))
        found.append(CountedCell(Place(*place) if by_quarter else Place("", *place), cell, sums))
    return found


def first_choices(
    session: Session, procedure: str, items: Collection[str]
) -> dict[tuple[str, str, str], list[tuple[str, str, int]]]:
    """Return how many chose each option of these items first: (edition, language, item) -> (quarter, option, n)."""
    t = TallyOption
    key = (t.edition, t.language, t.item, t.quarter, t.option)
    wanted = select(*key, func.sum(t.n)).where(t.procedure == procedure, t.item.in_(items)).group_by(*key)
    found: dict[tuple[str, str, str], list[tuple[str, str, int]]] = {}
    for edition, language, item, quarter, option, n in session.execute(wanted):
        found.setdefault((edition, language, item), []).append((quarter, option, int(n)))
    return found


def scores(session: Session, procedure: str) -> dict[Place, dict[int, int]]:
    """Return how many attempts at each place had each score."""
    t = TallyScore
    found: dict[Place, dict[int, int]] = {}
    for *place, score, n in session.execute(
        select(t.quarter, t.edition, t.language, t.score, t.n).where(t.procedure == procedure)
    ):
        found.setdefault(Place(*place), {})[score] = n
    return found


def talks(session: Session, procedure: str) -> list[CountedTalks]:
    """Return how the talks about each item ended."""
    t = TallyOutcome
    rows = session.execute(
        select(t.quarter, t.edition, t.language, t.item, t.outcome, t.n).where(t.procedure == procedure)
    )
    return [CountedTalks(Place(*row[:3]), *row[3:]) for row in rows]


def add_tally(session: Session, quarter: str, key: GroupKey, tally: Tally) -> None:
    """Add a batch's counters to the stored ones."""
    place = {"quarter": quarter, **asdict(key)}
    group = tally.group
    _add(
        session,
        TallyGroup,
        [place | {"n": group.n, "sum_score": group.score, "sum_score_sq": group.score_sq}],
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
                "sum_score": sums.score,
                "sum_score_sq": sums.score_sq,
            }
            for option, sums in tally.options.items()
        ],
        ("n", "sum_score", "sum_score_sq"),
    )


def add_outcomes(session: Session, quarter: str, key: GroupKey, counts: Mapping[tuple[str, str], int]) -> None:
    """Add talks, counted by item and outcome, to the stored ones."""
    place = {"quarter": quarter, **asdict(key)}
    _add(
        session,
        TallyOutcome,
        [place | {"item": item, "outcome": outcome, "n": n} for (item, outcome), n in sorted(counts.items())],
        ("n",),
    )


def _add(session: Session, table: type[Base], rows: list[dict[str, object]], counters: tuple[str, ...]) -> None:
    """Add all rows by one statement: built again for each, it cost a patient's last page more than all else."""
    if rows:
        insert = insert_for(session, table)
        added = {name: getattr(table, name) + insert.excluded[name] for name in counters}
        key = [column.name for column in table.__table__.primary_key]
        session.execute(insert.on_conflict_do_update(index_elements=key, set_=added), rows)


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


def keep_missing_thresholds(session: Session, min_group: int) -> None:
    """Give this threshold to every counted quarter that has none."""
    counted = union(select(TallyGroup.quarter), select(TallyOutcome.quarter))
    for quarter in session.scalars(counted).all():
        insert_or_ignore(session, TallyQuarter, quarter=quarter, min_group=min_group)


def thresholds(session: Session) -> dict[str, int]:
    """Return the threshold that each quarter is published under."""
    rows = session.execute(select(TallyQuarter.quarter, TallyQuarter.min_group))
    return {row.quarter: row.min_group for row in rows}
