"""How finished attempts become counters, and how sheets end: releasing and severing (sweeping.py does both).

Attempts enter the tallies in batches: a table that moves by one patient gives that patient's sheet away.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from quizapp.aggregation import batches, drift_states, scrub, tally_writes, thresholds
from quizapp.aggregation.tally_writes import GroupKey
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.domain.flags import flags_for
from quizapp.domain.grading import Response, item_records
from quizapp.domain.procedure import Procedure
from quizapp.domain.response_cells import Tally, quarter_of, tally
from quizapp.models import Attempt
from quizapp.nurses import review_queries
from quizapp.patients import attempt_queries
from quizapp.stats.watching import watch_more
from quizapp.tally_models import WaitingAttempt, WaitingOutcome, WaitingResponse


def release_full_batch(
    session: Session, procedure: Procedure, edition_id: str, language: str, today: date, min_group: int
) -> int:
    """Move a group's waiting attempts into the tallies if there are enough; how many were moved."""
    key = GroupKey(procedure.id, edition_id, language)
    if batches.waiting_in(session, key) < min_group:
        return 0
    claimed = batches.claim_waiting(session, key)
    if len(claimed) < min_group:  # another transaction is releasing or severing some of them
        return 0
    answers = batches.waiting_responses(session, claimed)
    quarter = quarter_of(today.year, today.month)
    count_batch(session, procedure, quarter, key, min_group, answers)
    batches.mark_tallied(session, claimed)
    return len(answers)


def count_batch(
    session: Session,
    procedure: Procedure,
    quarter: str,
    key: GroupKey,
    min_group: int,
    answers: Iterable[Iterable[Response]],
) -> None:
    """Add a batch of finished attempts, each given as its answers, to the counters and the watches."""
    counted = tally(item_records(procedure, responses) for responses in answers)
    thresholds.count_under(session, quarter, min_group)
    tally_writes.add_tally(session, quarter, key, counted)
    _watch_critical_items(session, procedure, quarter, key, counted)


def keep_thresholds(session: Session, today: date, min_group: int) -> None:
    """At start: the quarter that is going on is counted under this threshold, or under a stricter one it had.

    Quarters that are over keep theirs; those counted before thresholds were kept get this one.
    """
    thresholds.count_under(session, quarter_of(today.year, today.month), min_group)
    thresholds.keep_missing(session, min_group)


def _watch_critical_items(
    session: Session, procedure: Procedure, quarter: str, key: GroupKey, counted: Tally
) -> None:
    critical = [item for item in procedure.items() if item.critical]
    watches = drift_states.claim(session, key, [item.id for item in critical])
    for item in critical:
        misses = [
            way.option_id != item.forms[0].key.id
            for way, sums in counted.options.items()
            if way.item_id == item.id
            for _ in range(sums.n)
        ]
        # The batch has no order, so that nobody is found in it; any drawn order keeps the false-alarm rate exact.
        secrets.SystemRandom().shuffle(misses)
        row = watches[item.id]
        drift_states.keep(row, watch_more(drift_states.watch(row), misses), quarter)


def waiting(session: Session, procedure_id: str) -> int:
    """How many finished attempts of a procedure are not in the tallies yet."""
    return sum(n for key, n in batches.waiting_groups(session).items() if key.procedure == procedure_id)


def sever(session: Session, attempt: Attempt) -> None:
    """Delete a sheet with its code, secret, day, flags, reviews and prompts.

    Answers that the tallies have not counted yet stay under a new id, so that nothing leads back to the sheet.
    """
    new_id = secrets.token_urlsafe(16)
    if attempt.state == "finished" and not attempt.tallied:
        session.add(
            WaitingAttempt(
                id=new_id, procedure=attempt.procedure, edition=attempt.edition, language=attempt.language
            )
        )
        session.flush()
        session.add_all(
            WaitingResponse(
                attempt=new_id,
                item=response.item_id,
                try_number=response.try_number,
                form=response.form_id,
                option=response.option_id,
                certainty=response.certainty.value,
            )
            for response in attempt_queries.responses(session, attempt.id)
        )
    sheet = secrets.token_urlsafe(16)
    session.add_all(
        WaitingOutcome(
            sheet=sheet,
            item=item_id,
            procedure=attempt.procedure,
            edition=attempt.edition,
            language=attempt.language,
            outcome=outcome,
        )
        for item_id, outcome in review_queries.last_outcomes(session, attempt.id).items()
    )
    session.delete(attempt)
    scrub.deleted(session)
    session.flush()


def release_outcomes(session: Session, min_group: int, today: date) -> None:
    """Move the outcomes of severed sheets into the tallies, where enough sheets wait together."""
    quarter = quarter_of(today.year, today.month)
    for key in batches.outcome_groups(session):
        if batches.waiting_sheets(session, key) >= min_group:
            thresholds.count_under(session, quarter, min_group)
            batches.release_outcomes(session, quarter, key)


def due_for_severing(session: Session, retention: Retention, today: date) -> list[str]:
    """Sheets past their days, closed ones past theirs (unless something waits for the physician), unused slips."""
    return list(session.scalars(select(Attempt.id).where(_is_due(retention, today), _IS_SHEET)))


def count_due(session: Session, retention: Retention, today: date) -> int:
    """How many are due, with those still open that a sweep would first make into sheets."""
    left = (Attempt.state == "open") & (Attempt.lessons_read > 0)
    return session.scalar(select(func.count()).where(_is_due(retention, today), or_(_IS_SHEET, left))) or 0


def sever_due(session: Session, retention: Retention, ids: Sequence[str], today: date) -> int:
    """Sever those of these sheets that are still due and that nobody is changing now; how many."""
    due = session.scalars(
        select(Attempt)
        .where(Attempt.id.in_(ids), _is_due(retention, today), _IS_SHEET)
        .with_for_update(skip_locked=True)
    ).all()
    for attempt in due:
        sever(session, attempt)
    return len(due)


_IS_SHEET = Attempt.state.in_(("stopped", "finished", "invited"))


def _is_due(retention: Retention, today: date) -> ColumnElement[bool]:
    old = Attempt.day <= today - timedelta(days=retention.sheet_days)
    closed = Attempt.closed_day <= today - timedelta(days=retention.closed_days)
    return or_(old, closed & Attempt.for_physician.is_(False))


def end_attempts_left(session: Session, editions: Editions, ids: Sequence[str], today: date) -> tuple[int, int]:
    """Sheets of attempts left for a day; how many were made, and how many dropped.

    One that never got past its first lesson has nothing to talk about.
    """
    made = dropped = 0
    for attempt in attempt_queries.locked_by_ids(session, ids):
        if attempt.state != "open" or attempt.day >= today:  # the patient has come back meanwhile
            continue
        if attempt.lessons_read == 0:
            session.delete(attempt)
            scrub.deleted(session)
            dropped += 1
            continue
        attempt.state = "stopped"
        procedure = editions.procedure_of(session, attempt)
        records = item_records(procedure, attempt_queries.responses(session, attempt.id))
        attempt_queries.replace_flags(session, attempt, flags_for(records))
        made += 1
    session.flush()
    return made, dropped
