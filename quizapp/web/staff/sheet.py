"""One sheet: preparing, talking, recording outcomes, closing, printing."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import reviews, sheets
from quizapp.services.sheets import Sheet
from quizapp.storage.models.attempts import Attempt
from quizapp.web.i18n import speak_content
from quizapp.web.rendering import show
from quizapp.web.runtime import commit, db, end_db, runtime, today
from quizapp.web.staff.access import nurses
from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.notices import notice, notice_name
from quizapp.web.staff.nursing import get_sheet_or_404, get_sheet_to_change_or_404, nurse
from quizapp.web.staff.record_text import record_page
from quizapp.web.staff.sheet_assembling import marking_what_is_missing, print_page, sheet_page
from quizapp.web.staff.sheet_forms import OutcomesForm
from quizapp.web.staff.sheet_pages import SheetPage

# What stood in the way, and the sentence that says so (notices.py).
REFUSALS: dict[type[reviews.NotAllowed], str] = {
    reviews.CodeNeeded: "code-first",
    reviews.FlagsChanged: "changed",
    reviews.OutcomesMissing: "outcomes-missing",
    reviews.KeptForPhysician: "for-physician",
}


@bp.get("/sheet/<attempt_id>")
@nurses
def sheet(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_or_404(attempt_id)
    is_unlocked = reviews.is_unlocked(db(), nurse(), attempt)
    page = sheet_page(_sheet(attempt), is_unlocked, notice(), _other_sheet_url())
    if notice_name() == REFUSALS[reviews.OutcomesMissing] and is_unlocked:
        page = marking_what_is_missing(page)
    _note_if_preparing(attempt, is_unlocked)
    return show("staff/sheet.html", page)


def page_to_record(attempt_id: str) -> SheetPage:
    """The sheet as it stands, on which outcomes were just sent."""
    attempt = get_sheet_or_404(attempt_id)
    return sheet_page(_sheet(attempt), reviews.is_unlocked(db(), nurse(), attempt), None, None)


@bp.post("/sheet/<attempt_id>")
@nurses
def record_outcomes(attempt_id: str) -> ResponseReturnValue:
    """Save what was chosen; then, if asked for, close the sheet. What was saved stays if it cannot close."""
    attempt = get_sheet_to_change_or_404(attempt_id)
    form = OutcomesForm()
    if not form.validate_on_submit():
        abort(400)
    now = runtime().clock()
    try:
        reviews.record(db(), nurse(), attempt, form.outcomes, now)
        if form.then.data == "close":
            reviews.close(db(), nurse(), attempt, now)
        elif form.then.data == "unlink":
            reviews.close_and_unlink(db(), nurse(), attempt, now)
    except reviews.NotAllowed as refusal:
        commit()
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice=REFUSALS[type(refusal)]), 303)
    commit()
    if form.then.data == "save":
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="saved"), 303)
    done = "closed" if form.then.data == "close" else "unlinked"
    return redirect(url_for("staff.queue", notice=done), 303)


@bp.get("/sheet/<attempt_id>/print")
@nurses
def print_sheet(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_or_404(attempt_id)
    is_unlocked = reviews.is_unlocked(db(), nurse(), attempt)
    page = print_page(_sheet(attempt), is_unlocked, today())
    _note_if_preparing(attempt, is_unlocked)
    return show("staff/sheet_print.html", page)


@bp.get("/sheet/<attempt_id>/record")
@nurses
def record_text(attempt_id: str) -> ResponseReturnValue:
    """Words for the patient's chart, so only behind the code: they must not come from another's sheet."""
    attempt = get_sheet_or_404(attempt_id)
    if not reviews.is_unlocked(db(), nurse(), attempt):
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="code-first"), 303)
    return show("staff/record.html", record_page(_sheet(attempt)))


def _sheet(attempt: Attempt) -> Sheet:
    edition = runtime().editions.by_id(db(), attempt.edition)
    language = speak_content(edition).language
    return sheets.sheet(db(), runtime().editions, attempt, language, runtime().retention, today())


def _other_sheet_url() -> str | None:
    """Where the code that was just typed leads, if this staff session has entered it."""
    other = sheets.find(db(), request.args.get("other", ""))
    if other is None or not reviews.is_unlocked(db(), nurse(), other):
        return None
    return url_for("staff.sheet", attempt_id=other.id)


def _note_if_preparing(attempt: Attempt, is_unlocked: bool) -> None:
    """Audit the look at a sheet from the queue. With its code entered, that was noted then."""
    if is_unlocked:
        return
    end_db()
    with runtime().database.writing() as session:
        reviews.note_preparing(session, nurse(), attempt, runtime().clock())
        session.commit()
