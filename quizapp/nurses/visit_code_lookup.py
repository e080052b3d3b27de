"""Find a sheet by its visit code, slowly enough that codes cannot be guessed."""

from datetime import datetime
from enum import StrEnum
from itertools import chain

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import SignedIn, signed_in, staff_required
from quizapp.domain.visit_codes import WORDS, CodeKeys, unknown_word
from quizapp.models import Attempt
from quizapp.nurses import reviews
from quizapp.nurses.sheets import SHEET_STATES, find_to_change, is_under_way, message
from quizapp.patients import attempts
from quizapp.web.context import commit, current, db, seconds
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page
from quizapp.web.rate_limit import Limit, is_used_up, refund, reserve
from quizapp.web.staff import bp

WRONG_CODES = Limit(tries=10, interval=60)  # ten wrong ones at once, then one a minute


class NotFound(StrEnum):
    """Why a look-up found no sheet; the value is the name of a message."""

    NOT_BEGUN = "not-begun"  # the code is right, but no lesson was read
    NOTHING = "no-such-code"  # wrong, or its sheet was deleted: no way to tell which
    FIRST_WORD = "first-word"  # the first of the two words typed is in no code
    SECOND_WORD = "second-word"
    TOO_SOON = "wait"  # not looked at


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
    found = _look_up_typed_code()
    if isinstance(found, NotFound):
        return redirect(url_for("staff.find", notice=found.value), 303)
    return redirect(url_for("staff.sheet", attempt_id=found.id), 303)


@bp.post("/sheet/<attempt_id>/code")
@staff_required
@resendable()
def enter_code(attempt_id: str) -> ResponseReturnValue:
    """Unlock this sheet. The code of another sheet does not open that one: the page offers to."""
    attempt = find_to_change(db(), attempt_id) or abort(404)
    found = _look_up_typed_code()
    if isinstance(found, NotFound):
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice=found.value), 303)
    if found.id != attempt.id:
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="other-sheet", other=found.id), 303)
    return redirect(url_for("staff.sheet", attempt_id=attempt_id), 303)


def _look_up_typed_code() -> Attempt | NotFound:
    """Look up the code in this request's form. A wrong or empty one counts and is audited as well."""
    result = look_up(db(), signed_in(), current().code_keys, request.form.get("code", ""), current().clock())
    commit()
    return result


def look_up(session: Session, nurse: SignedIn, keys: CodeKeys, typed: str, now: datetime) -> Attempt | NotFound:
    """Return the sheet of a typed visit code, also one under way, and unlock it here. Audited unless TOO_SOON."""
    key = f"visit-code:{nurse.staff_id}"
    if not reserve(session, key, WRONG_CODES, seconds(now)):
        return NotFound.TOO_SOON
    attempt = attempts.by_code(session, keys.candidates(typed))
    audit.note(session, now, nurse.name, "searched", attempt.id if attempt else None)
    if attempt is None:
        if is_used_up(session, key, WRONG_CODES, seconds(now)):
            audit.note(session, now, nurse.name, "search-slowed")
        return {1: NotFound.FIRST_WORD, 2: NotFound.SECOND_WORD}.get(unknown_word(typed) or 0, NotFound.NOTHING)
    refund(session, key, WRONG_CODES)
    if attempt.state not in SHEET_STATES and not is_under_way(attempt):
        return NotFound.NOT_BEGUN
    if not reviews.is_unlocked(session, nurse, attempt):
        reviews.unlock(session, nurse, attempt)
        audit.note(session, now, nurse.name, "sheet-opened", attempt.id, "by its visit code")
    return attempt
