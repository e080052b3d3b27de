"""What a nurse sees of one attempt."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.domain.grading import ItemRecord, item_records
from quizapp.domain.journey import current_step
from quizapp.domain.outcomes import Review, ReviewedFlag, days_left, may_close
from quizapp.domain.procedure import Procedure
from quizapp.domain.recheck_items import RecheckQuestion, recheck_questions
from quizapp.domain.talk_list import TalkList, talk_list, topics
from quizapp.models import Attempt, Recheck
from quizapp.nurses import recheck_queries, review_queries
from quizapp.patients import attempt_queries

SHEET_STATES = ("stopped", "finished")


@dataclass(frozen=True)
class Sheet:
    """One attempt as a nurse sees it.

    `procedure` is in the nurse's language, `read` in the patient's; both are of the attempt's edition.
    `stopped_at`: the lesson at which the patient stopped, None for a finished walk.
    """

    attempt: Attempt
    procedure: Procedure
    read: Procedure
    records: tuple[ItemRecord, ...]
    talk: TalkList
    reviews: dict[str, tuple[Review, ...]]
    recheck: tuple[RecheckQuestion, ...]
    rechecked: dict[str, Recheck]
    prompt_ids: frozenset[str]
    stopped_at: int | None
    age_days: int
    days_left: int
    may_close: bool


def find(session: Session, attempt_id: str) -> Attempt | None:
    """A sheet by its id, for reading. An attempt that is still under way is no sheet."""
    return _if_sheet(attempt_queries.by_id(session, attempt_id))


def find_to_change(session: Session, attempt_id: str) -> Attempt | None:
    """A sheet by its id, held until the transaction ends."""
    return _if_sheet(attempt_queries.locked_by_id(session, attempt_id))


def sheet(
    session: Session, editions: Editions, attempt: Attempt, language: str, retention: Retention, today: date
) -> Sheet:
    """Everything on a sheet, with the nurse's language beside the patient's."""
    edition = editions.by_id(session, attempt.edition)
    procedure, read = edition.in_language(language), edition.in_language(attempt.language)
    records = item_records(procedure, attempt_queries.responses(session, attempt.id))
    flags = attempt_queries.flags(session, attempt.id)
    talk = talk_list(flags, records)
    recorded = review_queries.of_sheet(session, attempt.id)
    latest = {item_id: found[-1].outcome for item_id, found in recorded.items()}
    return Sheet(
        attempt=attempt,
        procedure=procedure,
        read=read,
        records=records,
        talk=talk,
        reviews=recorded,
        recheck=recheck_questions(topic.record for topic in topics(flags, records)),
        rechecked=recheck_queries.of_sheet(session, attempt.id),
        prompt_ids=frozenset(attempt_queries.prompts(session, attempt.id)),
        stopped_at=_stopped_at(attempt, procedure, records),
        age_days=(today - attempt.day).days,
        days_left=days_left(
            attempt.day,
            attempt.closed_day,
            attempt.for_physician,
            today,
            retention.sheet_days,
            retention.closed_days,
        ),
        may_close=may_close(ReviewedFlag(flag.priority, latest.get(flag.item_id)) for flag in flags),
    )


def _stopped_at(attempt: Attempt, procedure: Procedure, records: tuple[ItemRecord, ...]) -> int | None:
    if attempt.state != "stopped":
        return None
    return current_step(procedure, attempt.lessons_read, records).lesson


def _if_sheet(attempt: Attempt | None) -> Attempt | None:
    return attempt if attempt is not None and attempt.state in SHEET_STATES else None
