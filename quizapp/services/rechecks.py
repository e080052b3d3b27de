"""Asking again in the room: the nurse hands the device over, the patient answers, the nurse takes it back."""

from sqlalchemy.orm import Session

from quizapp.domain.grading import item_records
from quizapp.domain.items import Procedure
from quizapp.domain.rechecking import RecheckQuestion, recheck_questions
from quizapp.domain.talking import topics
from quizapp.services.attempts import NotNow, UnknownOption
from quizapp.storage import attempts, reviews
from quizapp.storage.models import Attempt


def questions(session: Session, attempt: Attempt, procedure: Procedure) -> tuple[RecheckQuestion, ...]:
    """Every question of this sheet's recheck, answered or not, in the procedure's language."""
    records = item_records(procedure, attempts.responses(session, attempt.id))
    return recheck_questions(topic.record for topic in topics(attempts.flags(session, attempt.id), records))


def next_question(session: Session, attempt: Attempt, procedure: Procedure) -> RecheckQuestion | None:
    """The first question that has no answer yet; None when all have one."""
    answered = reviews.rechecks(session, attempt.id)
    open_ones = (q for q in questions(session, attempt, procedure) if q.item.id not in answered)
    return next(open_ones, None)


def answer(
    session: Session,
    attempt: Attempt,
    procedure: Procedure,
    item_id: str,
    form_id: str,
    option_id: str | None,
) -> None:
    """Store what was chosen in the room; None is "I don't know yet". The first stored answer stands.

    Raises UnknownOption for what the question does not offer, NotNow for an item that is not asked again.
    """
    asked = next((q for q in questions(session, attempt, procedure) if q.item.id == item_id), None)
    if asked is None:
        raise NotNow
    if form_id != asked.form.id or (option_id is not None and asked.form.option(option_id) is None):
        raise UnknownOption(f"{item_id} is not asked again as {form_id}/{option_id}")
    reviews.keep_recheck(session, attempt.id, item_id, form_id, option_id)
