"""What the tallies say."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from quizapp.domain.response_cells import OptionKey
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.tally_models import TallyGroup, TallyOption, TallyOutcome, TallyScore


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
