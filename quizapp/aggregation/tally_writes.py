"""Adding to the tallies."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from quizapp.db import insert_for
from quizapp.domain.response_cells import Tally
from quizapp.models import Base
from quizapp.tally_models import TallyGroup, TallyOption, TallyOutcome, TallyScore


@dataclass(frozen=True)
class GroupKey:
    """Attempts that may be counted together."""

    procedure: str
    edition: str
    language: str


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
    """All rows by one statement: built anew for each, it cost a patient's last page more than all else."""
    if rows:
        insert = insert_for(session, table)
        added = {name: getattr(table, name) + insert.excluded[name] for name in counters}
        key = [column.name for column in table.__table__.primary_key]
        session.execute(insert.on_conflict_do_update(index_elements=key, set_=added), rows)
