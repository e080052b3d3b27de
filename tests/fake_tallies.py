"""Counted attempts and talks of quarters long past, made up and put straight into the tallies."""

import random
from collections.abc import Mapping

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import GroupKey
from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.domain.procedure import Edition, Procedure
from quizapp.stats.item_figures import tally
from quizapp.tally_models import TallyOutcome


def count_attempts(
    session: Session,
    edition: Edition,
    quarter: str,
    n: int,
    *,
    right: Mapping[str, float] | float = 0.7,
    language: str = "",
    seed: int = 0,
    min_group: int = 11,
) -> None:
    """n finished attempts; `right`: how likely each item is right at first, or one likelihood for all."""
    rng = random.Random(f"{quarter} {language} {seed}")
    procedure = edition.in_language(language or edition.source)
    chances = right if isinstance(right, Mapping) else {item.id: right for item in procedure.items()}
    tallies.count_under(session, quarter, min_group)
    tallies.add_tally(
        session,
        quarter,
        GroupKey(edition.procedure_id, edition.id, language or edition.source),
        tally(item_records(procedure, answers(procedure, chances, rng)) for _ in range(n)),
    )


def answers(procedure: Procedure, right: Mapping[str, float], rng: random.Random) -> list[Response]:
    given = []
    for item in procedure.items():
        for try_number in range(1, item.tries + 1):
            form = item.form_for(try_number)
            chosen: str | None = form.key.id
            if rng.random() >= right[item.id]:
                distractors = [option.id for option in form.options if not option.key]
                chosen = None if rng.random() < 0.25 else rng.choice(distractors)
            sure = Certainty.SURE if rng.random() < 0.4 else Certainty.THINK
            given.append(Response(item.id, try_number, form.id, chosen, Certainty.NONE if chosen is None else sure))
            if chosen == form.key.id:
                break
    return given


def count_talks(
    session: Session,
    edition: Edition,
    quarter: str,
    outcomes: Mapping[str, Mapping[str, int]],
    *,
    language: str = "",
    min_group: int = 11,
) -> None:
    """Talks by item and outcome."""
    tallies.count_under(session, quarter, min_group)
    session.add_all(
        TallyOutcome(
            quarter=quarter,
            procedure=edition.procedure_id,
            edition=edition.id,
            language=language or edition.source,
            item=item,
            outcome=outcome,
            n=n,
        )
        for item, counts in outcomes.items()
        for outcome, n in counts.items()
    )
    session.flush()
