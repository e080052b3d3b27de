"""Finding a sheet by its visit code, slowly enough that codes cannot be guessed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from quizapp.accounts import audit, throttle
from quizapp.accounts.throttle import Limit
from quizapp.domain.visit_codes import CodeKeys
from quizapp.models import Attempt
from quizapp.nurses import review_queries
from quizapp.nurses.reviews import Nurse
from quizapp.nurses.sheet_contents import SHEET_STATES
from quizapp.patients import attempt_queries

WRONG_CODES = Limit(tries=10, window=3600, slow=60)  # ten wrong ones in an hour, then one a minute


class Found(StrEnum):
    """What a look-up came to."""

    SHEET = "sheet"
    UNDER_WAY = "under-way"  # the code is right, but the patient is still answering
    NOTHING = "no-such-code"  # wrong, or its sheet was deleted: nobody can tell which
    TOO_SOON = "wait"  # not looked at


@dataclass(frozen=True)
class LookUp:
    """`attempt` goes with SHEET and UNDER_WAY, and is None otherwise."""

    found: Found
    attempt: Attempt | None = None


def look_up(session: Session, nurse: Nurse, keys: CodeKeys, typed: str, now: datetime) -> LookUp:
    """The sheet of a visit code as typed, now unlocked for this staff session. Audited if looked at."""
    key = f"visit-code:{nurse.staff_id}"
    seconds = now.replace(tzinfo=UTC).timestamp()
    if not throttle.reserve(session, key, WRONG_CODES, seconds):
        return LookUp(Found.TOO_SOON)
    attempt = attempt_queries.by_code(session, keys.candidates(typed))
    audit.note(session, now, nurse.name, "searched", attempt.id if attempt else None)
    if attempt is None:
        if throttle.count(session, key) >= WRONG_CODES.tries:
            audit.note(session, now, nurse.name, "search-slowed")
        return LookUp(Found.NOTHING)
    throttle.refund(session, key, WRONG_CODES, seconds)
    if attempt.state not in SHEET_STATES:
        return LookUp(Found.UNDER_WAY, attempt)
    if not review_queries.is_unlocked(session, nurse.session_hash, attempt.id):
        review_queries.unlock(session, nurse.session_hash, attempt.id)
        audit.note(session, now, nurse.name, "sheet-opened", attempt.id, "by its visit code")
    return LookUp(Found.SHEET, attempt)
