"""How sheets end, and the clean-up: what `quizapp sweep` does, and `serve` at its start and every hour.

It works in many short transactions with a pause between them, so that no patient waits for it. Each transaction leaves
everything consistent, so the next clean-up simply continues one that was interrupted.
"""

import random
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, insert, literal, or_, select
from sqlalchemy.orm import Session

from quizapp.aggregation import release, scrub
from quizapp.aggregation.tallies import GroupKey
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database, insert_for
from quizapp.domain.outcomes import REOPENED
from quizapp.models import Attempt, DatabaseFlag, ResponseRow, ReviewRow
from quizapp.patients import attempts
from quizapp.tally_models import WaitingAttempt, WaitingOutcome, WaitingResponse

CHUNK = 100  # sheets in one transaction: about a tenth of a second
# Longer than SQLite's longest pause between two looks at a lock (0.1 s), so that waiting writers get a turn.
PAUSE_SECONDS = 0.15
LAST_SWEEP = "swept"  # the DatabaseFlag with the day of the last complete sweep, or of the first start
OLD_BACKUPS = "old backups"  # the DatabaseFlag with how many the last sweep found
LONGEST_PAUSE = timedelta(days=4)  # a server that was off for a long weekend sweeps again by itself

_IS_SHEET = Attempt.state.in_(("stopped", "finished", "invited"))
_HAS_BEGUN = Attempt.lessons_read > 0  # the others are deleted: there is nothing to talk about


@dataclass(frozen=True)
class CleanupResult:
    """What a clean-up did, or would do. `is_scrubbed`: nothing deleted is left in the bytes of the files."""

    released: int = 0
    left_made_sheets: int = 0
    unlinked: int = 0
    never_begun: int = 0
    is_scrubbed: bool = True


def sweep(database: Database, editions: Editions, keep: Retention, today: date) -> CleanupResult | None:
    """Make sheets of attempts left for a day, release full batches, unlink old sheets, scrub the files.

    Return None if another process is cleaning up this database.
    """
    with scrub.only_one(database) as is_ours:
        if not is_ours:
            return None

        def make_sheet(session: Session, attempt: Attempt) -> None:
            attempts.stop(session, attempt, editions.procedure_of(session, attempt), attempt.day)

        never_begun = _change_all(database, _is_left(today) & ~_HAS_BEGUN, _delete)
        made_sheets = _change_all(database, _is_left(today) & _HAS_BEGUN, make_sheet)
        released = _release(database, editions, keep, today)
        unlinked = _change_all(database, _is_due(keep, today) & _IS_SHEET, unlink_sheet)
        with database.transaction() as session:
            release.release_outcomes(session, keep.min_group, today)
            confirm_clock(session, today)
        return CleanupResult(released, made_sheets, unlinked, never_begun, scrub.scrub(database))


def dry_run(session: Session, keep: Retention, today: date) -> CleanupResult:
    """Return the counts of a clean-up, without changing anything."""
    lessons_read = session.scalars(select(Attempt.lessons_read).where(_is_left(today))).all()
    full = [n for n in release.waiting_groups(session).values() if n >= keep.min_group]
    never_begun = lessons_read.count(0)
    return CleanupResult(
        sum(full), len(lessons_read) - never_begun, count_due(session, keep, today), never_begun=never_begun
    )


def last_sweep(session: Session) -> date | None:
    """Return the day of the last sweep; None before the first start."""
    day = session.get(DatabaseFlag, LAST_SWEEP, populate_existing=True)
    return date.fromisoformat(day.value) if day else None


def is_clock_doubtful(session: Session, today: date) -> bool:
    """Return whether the date has jumped since the last sweep: by days forward, or back.

    A clock that is weeks ahead would have every sheet deleted, so callers sweep only after someone confirmed the date.
    One day back is another server's clock at midnight.
    """
    last = last_sweep(session)
    return last is not None and not -timedelta(days=1) <= today - last <= LONGEST_PAUSE


def confirm_clock(session: Session, today: date) -> None:
    """Take today for the day it is, and compare the next days with it."""
    store_flag(session, LAST_SWEEP, today.isoformat())


def store_flag(session: Session, name: str, value: str) -> None:
    insert_flag = insert_for(session, DatabaseFlag).values(name=name, value=value)
    session.execute(insert_flag.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def _release(database: Database, editions: Editions, keep: Retention, today: date) -> int:
    with database.reading() as session:
        groups = [key for key, n in release.waiting_groups(session).items() if n >= keep.min_group]
    released = 0
    for key in groups:
        with database.transaction() as session:
            procedure = editions.by_id(session, key.edition).in_language(key.language)
            released += release.release_full_batch(session, procedure, key.edition, key.language, today, keep.min_group)
    return released


def _change_all(database: Database, condition: ColumnElement[bool], change: Callable[[Session, Attempt], None]) -> int:
    """Change the attempts that meet a condition, some in each transaction. Return how many.

    In random order: the place of unlinked answers in the file must not tell whose sheet ended first.
    """
    with database.reading() as session:
        ids = session.scalars(select(Attempt.id).where(condition)).all()
    shuffled, changed = random.SystemRandom().sample(ids, len(ids)), 0
    for start in range(0, len(shuffled), CHUNK):
        if start:
            time.sleep(PAUSE_SECONDS)
        with database.transaction() as session:
            # Not if the patient has come back meanwhile, or another transaction has locked it.
            wanted = select(Attempt).where(Attempt.id.in_(shuffled[start : start + CHUNK]), condition)
            for attempt in session.scalars(wanted.with_for_update(skip_locked=True)).all():
                change(session, attempt)
                changed += 1
    return changed


def _is_left(today: date) -> ColumnElement[bool]:
    """Return the condition that an attempt was left for a day."""
    return (Attempt.state == "open") & (Attempt.day < today)


def _delete(session: Session, attempt: Attempt) -> None:
    session.delete(attempt)
    scrub.deleted(session)
    session.flush()


# --- sheets past their days -------------------------------------------------------------------------------------


def days_left(attempt: Attempt, keep: Retention, today: date) -> int:
    """Return the whole days until a sheet is deleted, at least 0."""
    left = keep.sheet_days - (today - attempt.day).days
    if attempt.closed_day is not None and not attempt.for_physician:
        left = min(left, keep.closed_days - (today - attempt.closed_day).days)
    return max(0, left)


def _is_due(keep: Retention, today: date) -> ColumnElement[bool]:
    """Return the condition that no days are left; a closed sheet has all its days if something is left to follow up."""
    old = Attempt.day <= today - timedelta(days=keep.sheet_days)
    closed = Attempt.closed_day <= today - timedelta(days=keep.closed_days)
    return or_(old, closed & Attempt.for_physician.is_(False))


def count_due(session: Session, keep: Retention, today: date) -> int:
    """Count the sheets that are due, and the open attempts that a clean-up would first make into sheets."""
    left = (Attempt.state == "open") & _HAS_BEGUN
    return session.scalar(select(func.count()).where(_is_due(keep, today), or_(_IS_SHEET, left))) or 0


def unlink_sheet(session: Session, attempt: Attempt) -> None:
    """Delete a sheet with its code, secret, day, flags, reviews and prompts: all that leads to the patient.

    Answers that the tallies have not counted yet are kept under a new id, so that nothing leads back to the sheet.
    """
    group = asdict(GroupKey(attempt.procedure, attempt.edition, attempt.language))
    if attempt.state == "finished" and not attempt.tallied:
        new_id, columns = secrets.token_urlsafe(16), ("item", "try_number", "form", "option", "certainty")
        session.add(WaitingAttempt(id=new_id, **group))
        session.flush()
        answers = select(literal(new_id), *(getattr(ResponseRow, column) for column in columns))
        answers = answers.where(ResponseRow.attempt == attempt.id)
        session.execute(insert(WaitingResponse).from_select(["attempt", *columns], answers))
    reviews = select(ReviewRow.item, ReviewRow.outcome).where(ReviewRow.attempt == attempt.id)
    latest: dict[str, str] = dict(session.execute(reviews.order_by(ReviewRow.number)).all())
    sheet = secrets.token_urlsafe(16)
    session.add_all(
        WaitingOutcome(sheet=sheet, item=item, outcome=outcome, **group)
        for item, outcome in latest.items()
        if outcome != REOPENED  # a recheck opened it again, and nothing was recorded since
    )
    _delete(session, attempt)
