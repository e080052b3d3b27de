"""One sheet: preparing, talking, recording outcomes, closing, printing."""

from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import staff_required
from quizapp.models import Attempt
from quizapp.nurses import reviews, sheet_contents
from quizapp.nurses.chart_note import record_page
from quizapp.nurses.nursing import get_sheet_or_404, get_sheet_to_change_or_404, nurse
from quizapp.nurses.sheet_assembling import marking_what_is_missing, print_page, sheet_page
from quizapp.nurses.sheet_contents import Sheet
from quizapp.nurses.sheet_forms import OutcomesForm
from quizapp.nurses.sheet_pages import CardView
from quizapp.web.context import commit, current, db, end_db, today
from quizapp.web.i18n import use_content_language
from quizapp.web.messages import notice, notice_name
from quizapp.web.render import show
from quizapp.web.retry_page import resendable
from quizapp.web.staff import bp

# What stood in the way, and the sentence that says so (notices.py).
REFUSALS: dict[type[reviews.NotAllowed], str] = {
    reviews.CodeNeeded: "code-first",
    reviews.FlagsChanged: "changed",
    reviews.OutcomesMissing: "outcomes-missing",
    reviews.KeptForPhysician: "for-physician",
}


@bp.get("/sheet/<attempt_id>")
@staff_required
def sheet(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_or_404(attempt_id)
    is_unlocked = reviews.is_unlocked(db(), nurse(), attempt)
    page = sheet_page(_sheet(attempt), is_unlocked, notice(), _other_sheet_url())
    if notice_name() == REFUSALS[reviews.OutcomesMissing] and is_unlocked:
        page = marking_what_is_missing(page)
    _note_if_preparing(attempt, is_unlocked)
    return show("staff/sheet.html", page)


def _sheet_again(attempt_id: str) -> ResponseReturnValue:
    """The sheet with the outcomes that could not be stored still marked."""
    attempt = get_sheet_or_404(attempt_id)
    page = sheet_page(_sheet(attempt), reviews.is_unlocked(db(), nurse(), attempt), None, None)

    def marked(cards: tuple[CardView, ...]) -> tuple[CardView, ...]:
        return tuple(replace(card, chosen=request.form.get(card.field, "")) for card in cards)

    return show("staff/sheet.html", replace(page, cards=marked(page.cards), also=marked(page.also)), 503)


@bp.post("/sheet/<attempt_id>")
@staff_required
@resendable(_sheet_again)
def record_outcomes(attempt_id: str) -> ResponseReturnValue:
    """Save what was chosen; then, if asked for, close the sheet. What was saved stays if it cannot close."""
    attempt = get_sheet_to_change_or_404(attempt_id)
    form = OutcomesForm()
    if not form.validate_on_submit():
        abort(400)
    now = current().clock()
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
@staff_required
def print_sheet(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_or_404(attempt_id)
    is_unlocked = reviews.is_unlocked(db(), nurse(), attempt)
    page = print_page(_sheet(attempt), is_unlocked, today())
    _note_if_preparing(attempt, is_unlocked)
    return show("staff/sheet_print.html", page)


@bp.get("/sheet/<attempt_id>/record")
@staff_required
def record_text(attempt_id: str) -> ResponseReturnValue:
    """Words for the patient's chart, so only behind the code: they must not come from another's sheet."""
    attempt = get_sheet_or_404(attempt_id)
    if not reviews.is_unlocked(db(), nurse(), attempt):
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="code-first"), 303)
    return show("staff/record.html", record_page(_sheet(attempt)))


def _sheet(attempt: Attempt) -> Sheet:
    edition = current().editions.by_id(db(), attempt.edition)
    language = use_content_language(edition).language
    return sheet_contents.sheet(db(), current().editions, attempt, language, current().retention, today())


def _other_sheet_url() -> str | None:
    """Where the code that was just typed leads, if this staff session has entered it."""
    other = sheet_contents.find(db(), request.args.get("other", ""))
    if other is None or not reviews.is_unlocked(db(), nurse(), other):
        return None
    return url_for("staff.sheet", attempt_id=other.id)


def _note_if_preparing(attempt: Attempt, is_unlocked: bool) -> None:
    """Audit the look at a sheet from the queue. With its code entered, that was noted then."""
    if is_unlocked:
        return
    end_db()
    with current().database.writing() as session:
        reviews.note_preparing(session, nurse(), attempt, current().clock())
        session.commit()
