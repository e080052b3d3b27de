"""Find a sheet by its visit code, slowly enough that codes cannot be guessed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from quizapp.accounts import audit, throttle
from quizapp.accounts.auth import staff_required
from quizapp.accounts.throttle import Limit
from quizapp.domain.visit_codes import WORDS, CodeKeys, unknown_word
from quizapp.models import Attempt
from quizapp.nurses import reviews
from quizapp.nurses.reviews import Nurse
from quizapp.nurses.sheets import SHEET_STATES, get_sheet_to_change_or_404, is_under_way, message, nurse
from quizapp.patients import attempts
from quizapp.web.context import commit, current, db
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

WRONG_CODES = Limit(tries=10, window=3600, slow=60)  # ten wrong ones in an hour, then one a minute


class Found(StrEnum):
    """What a look-up came to; the value is the name of a message."""

    SHEET = "sheet"  # also while the patient is still answering
    NOT_BEGUN = "not-begun"  # the code is right, but no lesson was read
    NOTHING = "no-such-code"  # wrong, or its sheet was deleted: no way to tell which
    FIRST_WORD = "first-word"  # the first of the two words typed is in no code
    SECOND_WORD = "second-word"
    TOO_SOON = "wait"  # not looked at


@dataclass(frozen=True)
class LookUp:
    """`attempt` goes with SHEET and NOT_BEGUN, and is None otherwise."""

    found: Found
    attempt: Attempt | None = None


@bp.app_template_global("code_words")
def code_words() -> str:
    """Return the words that codes are made of, for the page's script to complete."""
    return " ".join(chain.from_iterable(WORDS.values()))


@bp.get("/find")
@staff_required
def find() -> ResponseReturnValue:
    return render_page("staff/find.html", error=message())


@bp.post("/find")
@staff_required
@resendable()
def find_sheet() -> ResponseReturnValue:
    result = _look_up_typed_code()
    if result.found is Found.SHEET and result.attempt:
        return redirect(url_for("staff.sheet", attempt_id=result.attempt.id), 303)
    return redirect(url_for("staff.find", notice=result.found.value), 303)


@bp.post("/sheet/<attempt_id>/code")
@staff_required
@resendable()
def enter_code(attempt_id: str) -> ResponseReturnValue:
    """Unlock this sheet. The code of another sheet does not open that one: the page offers to."""
    attempt = get_sheet_to_change_or_404(attempt_id)
    result = _look_up_typed_code()
    if result.found is not Found.SHEET or result.attempt is None:
        return redirect(url_for("staff.sheet", attempt_id=attempt.id, notice=result.found.value), 303)
    if result.attempt.id != attempt.id:
        other = result.attempt.id
        return redirect(url_for("staff.sheet", attempt_id=attempt.id, notice="other-sheet", other=other), 303)
    return redirect(url_for("staff.sheet", attempt_id=attempt.id), 303)


def _look_up_typed_code() -> LookUp:
    """Look up the code in this request's form. A wrong or empty one counts and is audited as well."""
    result = look_up(db(), nurse(), current().code_keys, request.form.get("code", ""), current().clock())
    commit()
    return result


def look_up(session: Session, nurse: Nurse, keys: CodeKeys, typed: str, now: datetime) -> LookUp:
    """Return the sheet of a typed visit code, and unlock it for this staff session. Audited unless TOO_SOON."""
    key = f"visit-code:{nurse.staff_id}"
    seconds = now.replace(tzinfo=UTC).timestamp()
    if not throttle.reserve(session, key, WRONG_CODES, seconds):
        return LookUp(Found.TOO_SOON)
    attempt = attempts.by_code(session, keys.candidates(typed))
    audit.note(session, now, nurse.name, "searched", attempt.id if attempt else None)
    if attempt is None:
        if throttle.count(session, key) >= WRONG_CODES.tries:
            audit.note(session, now, nurse.name, "search-slowed")
        return LookUp({1: Found.FIRST_WORD, 2: Found.SECOND_WORD}.get(unknown_word(typed) or 0, Found.NOTHING))
    throttle.refund(session, key, WRONG_CODES, seconds)
    if attempt.state not in SHEET_STATES and not is_under_way(attempt):
        return LookUp(Found.NOT_BEGUN, attempt)
    if not reviews.is_unlocked(session, nurse, attempt):
        reviews.unlock(session, nurse, attempt)
        audit.note(session, now, nurse.name, "sheet-opened", attempt.id, "by its visit code")
    return LookUp(Found.SHEET, attempt)
