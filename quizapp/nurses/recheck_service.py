"""Asking again in the room: the nurse hands the device over, the patient answers, the nurse takes it back.

While the patient holds the device, this staff session can do nothing else (web/staff/recheck.py sees to it).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.domain.grading import item_records
from quizapp.domain.procedure import Procedure
from quizapp.domain.recheck_items import RecheckQuestion, recheck_questions
from quizapp.domain.talk_list import topics
from quizapp.models import Attempt
from quizapp.nurses import recheck_queries
from quizapp.nurses.reviews import Nurse, must_be_unlocked
from quizapp.patients import attempt_queries
from quizapp.patients.attempts import UnknownOption, WrongStep


def questions(session: Session, attempt: Attempt, procedure: Procedure) -> tuple[RecheckQuestion, ...]:
    """Every question of this sheet's recheck, answered or not, in the procedure's language."""
    records = item_records(procedure, attempt_queries.responses(session, attempt.id))
    return recheck_questions(topic.record for topic in topics(attempt_queries.flags(session, attempt.id), records))


def next_question(session: Session, attempt: Attempt, procedure: Procedure) -> RecheckQuestion | None:
    """The first question that has no answer yet; None when all have one."""
    answered = recheck_queries.of_sheet(session, attempt.id)
    open_ones = (q for q in questions(session, attempt, procedure) if q.item.id not in answered)
    return next(open_ones, None)


def was_answered(session: Session, attempt: Attempt) -> bool:
    """Whether anything was answered in the room."""
    return bool(recheck_queries.of_sheet(session, attempt.id))


def hand_over(session: Session, nurse: Nurse, attempt: Attempt, procedure: Procedure, now: datetime) -> None:
    """Give the nurse's device to the patient. Raises CodeNeeded, and WrongStep where there is nothing to ask."""
    must_be_unlocked(session, nurse, attempt)
    if next_question(session, attempt, procedure) is None:
        raise WrongStep
    recheck_queries.hand_over(session, nurse.session_hash, attempt.id)
    audit.note(session, now, nurse.name, "recheck", attempt.id)


def handed_over(session: Session, nurse: Nurse) -> str | None:
    """The attempt whose patient holds the nurse's device; None while the nurse has it."""
    return recheck_queries.handed_over(session, nurse.session_hash)


def hand_back(session: Session, nurse: Nurse) -> None:
    """Give the device back to the nurse, whose password was just checked."""
    recheck_queries.hand_over(session, nurse.session_hash, None)


def answer(
    session: Session,
    attempt: Attempt,
    procedure: Procedure,
    item_id: str,
    form_id: str,
    option_id: str | None,
) -> None:
    """Store what was chosen in the room; None is "I don't know yet". The first stored answer stands.

    Raises UnknownOption for what the question does not offer, WrongStep for an item that is not asked again.
    """
    asked = next((q for q in questions(session, attempt, procedure) if q.item.id == item_id), None)
    if asked is None:
        raise WrongStep
    if form_id != asked.form.id or (option_id is not None and asked.form.option(option_id) is None):
        raise UnknownOption(f"{item_id} is not asked again as {form_id}/{option_id}")
    recheck_queries.keep(session, attempt.id, item_id, form_id, option_id)
