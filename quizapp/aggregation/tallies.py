"""Read the tallies."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from quizapp.domain.response_cells import ResponseCell
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.tally_models import TallyGroup, TallyOption, TallyOutcome, TallyScore


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
