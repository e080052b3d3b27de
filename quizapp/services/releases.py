"""How finished attempts become counters, and how sheets end: releasing, severing, sweeping.

Attempts enter the tallies in batches: a table that moves by one patient gives that patient's sheet away.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.domain.flagging import flags_for
from quizapp.domain.grading import Response, item_records
from quizapp.domain.items import Procedure
from quizapp.domain.tallying import Tally, quarter_of, tally
from quizapp.domain.watching import watch_more
from quizapp.services.editions import Editions
from quizapp.storage import attempts, drift, reviews, tallies, thresholds
from quizapp.storage.models import Attempt, WaitingAttempt, WaitingOutcome, WaitingResponse
from quizapp.storage.tallies import GroupKey


@dataclass(frozen=True)
class Retention:
    """How long things live, in days, and how many attempts make a batch."""

    sheet_days: int
    closed_days: int
    min_group: int


@dataclass(frozen=True)
class Swept:
    """What a sweep did, or would do."""

    released: int = 0
    left_made_sheets: int = 0
    severed: int = 0
    never_begun: int = 0


def release_full_batch(
    session: Session, procedure: Procedure, edition_id: str, language: str, today: date, min_group: int
) -> int:
    """Move a group's waiting attempts into the tallies if there are enough; how many were moved."""
    key = GroupKey(procedure.id, edition_id, language)
    waiting = tallies.waiting_groups(session).get(key, 0)
    if waiting < min_group:
        return 0
    answers = tallies.waiting_responses(session, key)
    quarter = quarter_of(today.year, today.month)
    count_batch(session, procedure, quarter, key, min_group, answers)
    tallies.mark_tallied(session, key)
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
    tallies.add_tally(session, quarter, key, counted)
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
    for item in procedure.items():
        if not item.critical:
            continue
        misses = [
            way.option_id != item.forms[0].key.id
            for way, sums in counted.options.items()
            if way.item_id == item.id
            for _ in range(sums.n)
        ]
        # The batch has no order, so that nobody is found in it; any drawn order keeps the false-alarm rate exact.
        secrets.SystemRandom().shuffle(misses)
        row = drift.state(session, key, item.id)
        drift.keep(row, watch_more(drift.watch(row), misses), quarter)


def waiting(session: Session, procedure_id: str) -> int:
    """How many finished attempts of a procedure are not in the tallies yet."""
    return sum(n for key, n in tallies.waiting_groups(session).items() if key.procedure == procedure_id)


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
            for response in attempts.responses(session, attempt.id)
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
        for item_id, outcome in reviews.last_outcomes(session, attempt.id).items()
    )
    session.delete(attempt)
    session.flush()


def sweep(session: Session, editions: Editions, retention: Retention, today: date) -> Swept:
    """Make sheets of attempts left for a day, sever what is past its time, release every full batch."""
    left, never_begun = _end_attempts_left(session, editions, today)
    severed = 0
    for attempt in due_for_severing(session, retention, today):
        sever(session, attempt)
        severed += 1
    released = 0
    for key in tallies.waiting_groups(session):
        procedure = editions.by_id(session, key.edition).in_language(key.language)
        released += release_full_batch(
            session, procedure, key.edition, key.language, today, retention.min_group
        )
    quarter = quarter_of(today.year, today.month)
    for key in tallies.outcome_groups(session):
        if tallies.waiting_sheets(session, key) >= retention.min_group:
            thresholds.count_under(session, quarter, retention.min_group)
            tallies.release_outcomes(session, quarter, key)
    return Swept(released, left, severed, never_begun)


def due_for_severing(session: Session, retention: Retention, today: date) -> list[Attempt]:
    """Sheets past their days, closed ones past theirs (unless something waits for the physician), unused slips."""
    old = Attempt.day <= today - timedelta(days=retention.sheet_days)
    closed = Attempt.closed_day <= today - timedelta(days=retention.closed_days)
    candidates = session.scalars(
        select(Attempt)
        .where(or_(old, closed), Attempt.state.in_(("stopped", "finished", "invited")))
        .with_for_update()
    )
    oldest = today - timedelta(days=retention.sheet_days)
    return [
        attempt
        for attempt in candidates
        if attempt.day <= oldest or "physician" not in reviews.last_outcomes(session, attempt.id).values()
    ]


def _end_attempts_left(session: Session, editions: Editions, today: date) -> tuple[int, int]:
    """Sheets of attempts left for a day. One that never got past its first lesson has nothing to talk about."""
    made = dropped = 0
    for attempt in attempts.left_before(session, today):
        if attempt.lessons_read == 0:
            session.delete(attempt)
            dropped += 1
            continue
        attempt.state = "stopped"
        procedure = editions.procedure_of(session, attempt)
        records = item_records(procedure, attempts.responses(session, attempt.id))
        attempts.replace_flags(session, attempt.id, flags_for(records))
        made += 1
    session.flush()
    return made, dropped
