"""The tallies: read them, add to them, and keep the threshold that each quarter is published under."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from quizapp.db import insert_for, insert_or_ignore
from quizapp.models import Base
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.stats.item_figures import ResponseCell, Tally
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


Cells = Mapping[ResponseCell, ScoreSums]  # the scores of everyone who responded to an item in one way


def quarter_of(day: date) -> str:
    """Return the quarter of a day, such as "2026-Q4"."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def places(session: Session, procedure: str) -> list[Place]:
    """Return every place with counts of a procedure."""
    selects = [
        select(table.quarter, table.edition, table.language).where(table.procedure == procedure)
        for table in (TallyGroup, TallyOutcome)
    ]
    return [Place(*row) for row in session.execute(union(*selects))]


def groups(session: Session, procedure: str) -> list[TallyGroup]:
    """Return how many attempts of a procedure are counted, one row a place."""
    return list(session.scalars(select(TallyGroup).where(TallyGroup.procedure == procedure)))


def cells(
    session: Session, procedure: str, editions: Collection[str] = (), quarter: str = "", *, by_quarter: bool = False
) -> dict[Place, dict[ResponseCell, ScoreSums]]:
    """Return the response cells of every item at each place; `editions` () and `quarter` "" mean all.

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
    found: dict[Place, dict[ResponseCell, ScoreSums]] = {}
    for *place, item, form, option, certainty, retry, n, score, score_sq in session.execute(wanted):
        cell = ResponseCell(item, form, option, certainty, retry)
        sums = ScoreSums(int(n), int(score), int(score_sq))
        found.setdefault(Place(*place) if by_quarter else Place("", *place), {})[cell] = sums
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
    wanted = select(t.quarter, t.edition, t.language, t.score, t.n).where(t.procedure == procedure)
    found: dict[Place, dict[int, int]] = {}
    for *place, score, n in session.execute(wanted):
        found.setdefault(Place(*place), {})[score] = n
    return found


def talks(session: Session, procedure: str) -> dict[Place, dict[tuple[str, str], int]]:
    """Return how the talks at each place ended: (item, outcome) -> how many."""
    t = TallyOutcome
    wanted = select(t.quarter, t.edition, t.language, t.item, t.outcome, t.n).where(t.procedure == procedure)
    found: dict[Place, dict[tuple[str, str], int]] = {}
    for *place, item, outcome, n in session.execute(wanted):
        found.setdefault(Place(*place), {})[item, outcome] = n
    return found


def add_tally(session: Session, quarter: str, key: GroupKey, tally: Tally) -> None:
    """Add a batch's counters to the stored ones."""
    _add(session, TallyGroup, quarter, key, [_columns(tally.group)])
    _add(session, TallyScore, quarter, key, [{"score": score, "n": n} for score, n in sorted(tally.scores.items())])
    _add(session, TallyOption, quarter, key, [vars(cell) | _columns(sums) for cell, sums in tally.cells.items()])


def add_outcomes(session: Session, quarter: str, key: GroupKey, counts: Mapping[tuple[str, str], int]) -> None:
    """Add talks, counted by item and outcome, to the stored ones."""
    rows = [{"item": item, "outcome": outcome, "n": n} for (item, outcome), n in sorted(counts.items())]
    _add(session, TallyOutcome, quarter, key, rows)


def _columns(sums: ScoreSums) -> dict[str, int]:
    return {"n": sums.n, "sum_score": sums.score, "sum_score_sq": sums.score_sq}


def _add(session: Session, table: type[Base], quarter: str, key: GroupKey, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows to the stored ones with the same primary key. All other columns are counters.

    By one statement for all rows: built again for each, it cost a patient's last page more than all else.
    """
    if rows:
        insert = insert_for(session, table)
        columns = table.__table__.columns
        added = {column.name: column + insert.excluded[column.name] for column in columns if not column.primary_key}
        primary_key = [column.name for column in columns if column.primary_key]
        place = {"quarter": quarter, **asdict(key)}
        adding = insert.on_conflict_do_update(index_elements=primary_key, set_=added)
        session.execute(adding, [place | row for row in rows])


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


def keep_thresholds(session: Session, today: date, min_group: int) -> None:
    """Store the threshold of the current quarter at start, unless it already had a stricter one.

    Quarters that are over keep theirs; those counted before thresholds were stored get this one.
    """
    count_under(session, quarter_of(today), min_group)
    counted = union(select(TallyGroup.quarter), select(TallyOutcome.quarter))
    for quarter in session.scalars(counted).all():
        insert_or_ignore(session, TallyQuarter, quarter=quarter, min_group=min_group)


def thresholds(session: Session) -> dict[str, int]:
    """Return the threshold that each quarter is published under."""
    return dict(session.execute(select(TallyQuarter.quarter, TallyQuarter.min_group)).all())
