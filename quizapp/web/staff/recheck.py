"""Asking again in the room. While the patient holds the device, the staff pages are shut."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.items import Procedure
from quizapp.domain.rechecking import RecheckQuestion
from quizapp.services import rechecks, sheets
from quizapp.services.attempts import NotNow, UnknownOption
from quizapp.services.reviews import CodeNeeded
from quizapp.storage.models.attempts import Attempt
from quizapp.web.runtime import commit, db, runtime
from quizapp.web.staff.access import nurses, signed_in, who_is_signed_in
from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.nursing import get_sheet_to_change_or_404, nurse
from quizapp.web.staff.own_password import is_own_password
from quizapp.web.staff.recheck_pages import hand_back_page, recheck_page, show_to_patient
from quizapp.web.staff.sheet_forms import HandBackForm, RecheckForm

# All that a patient can reach with the nurse's device in hand.
PATIENTS_PAGES = ("staff.recheck", "staff.answer_recheck", "staff.hand_back", "staff.take_back")


@bp.before_request
def keep_the_patient_here() -> ResponseReturnValue | None:
    """Send every other staff address back to the recheck until the nurse's password was given."""
    who = who_is_signed_in()
    if who is None or who.handed_over is None or request.endpoint in PATIENTS_PAGES:
        return None
    return redirect(url_for("staff.recheck"), 303)


@bp.post("/sheet/<attempt_id>/recheck")
@nurses
def start_recheck(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_to_change_or_404(attempt_id)
    try:
        rechecks.hand_over(db(), nurse(), attempt, procedure_of(attempt), runtime().clock())
    except CodeNeeded:
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="code-first"), 303)
    except NotNow:
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="nothing-to-ask"), 303)
    commit()
    return redirect(url_for("staff.recheck"), 303)


@bp.get("/recheck")
@nurses
def recheck() -> ResponseReturnValue:
    attempt = handed_over()
    question = rechecks.next_question(db(), attempt, procedure_of(attempt)) if attempt else None
    if attempt is None or question is None:
        return redirect(url_for("staff.hand_back"), 303)
    return show_question(attempt, question)


@bp.post("/recheck")
@nurses
def answer_recheck() -> ResponseReturnValue:
    attempt = handed_over()
    if attempt is None:
        return redirect(url_for("staff.hand_back"), 303)
    procedure = procedure_of(attempt)
    asked = {question.item.id: question for question in rechecks.questions(db(), attempt, procedure)}
    question = asked.get(request.form.get("item", "")) or abort(400)
    form = RecheckForm.for_form(question.form)
    if not form.validate_on_submit():
        if request.form.get("option"):
            abort(400)
        return show_question(attempt, question, is_missing=True)
    try:
        rechecks.answer(db(), attempt, procedure, question.item.id, form.form.data, form.option_id)
    except (NotNow, UnknownOption):
        abort(400)
    commit()
    return redirect(url_for("staff.recheck"), 303)


@bp.get("/hand-back")
@nurses
def hand_back() -> ResponseReturnValue:
    if signed_in().handed_over is None:
        return redirect(url_for("staff.queue"), 303)
    return _show_hand_back(is_refused=False)


@bp.post("/hand-back")
@nurses
def take_back() -> ResponseReturnValue:
    form, who = HandBackForm(), signed_in()
    if not form.validate_on_submit() or not is_own_password(str(form.password.data)):
        return _show_hand_back(is_refused=True)
    rechecks.hand_back(db(), nurse())
    commit()
    attempt = sheets.find(db(), who.handed_over) if who.handed_over else None
    if attempt is None:
        return redirect(url_for("staff.queue"), 303)
    done = "handed-back" if rechecks.was_answered(db(), attempt) else "not-answered"
    return redirect(url_for("staff.sheet", attempt_id=attempt.id, notice=done), 303)


def handed_over() -> Attempt | None:
    """The sheet of the patient who holds this device; None if nobody does, or if the sheet has ended."""
    attempt_id = signed_in().handed_over
    return sheets.find(db(), attempt_id) if attempt_id else None


def procedure_of(attempt: Attempt) -> Procedure:
    """What the patient reads, in the language of their walk."""
    return runtime().editions.procedure_of(db(), attempt)


def show_question(
    attempt: Attempt, question: RecheckQuestion, *, is_missing: bool = False, chosen: str = "", status: int = 200
) -> ResponseReturnValue:
    """The question; `chosen` is what was chosen before an error, or ""."""
    procedure = procedure_of(attempt)
    questions = rechecks.questions(db(), attempt, procedure)
    page = recheck_page(attempt, questions, question, is_missing=is_missing, chosen=chosen)
    return show_to_patient("staff/recheck.html", page, procedure, 400 if is_missing else status)


def _show_hand_back(*, is_refused: bool) -> ResponseReturnValue:
    attempt = handed_over()
    procedure = procedure_of(attempt) if attempt else None
    is_done = attempt is None or procedure is None or rechecks.next_question(db(), attempt, procedure) is None
    page = hand_back_page(signed_in().name, is_done=is_done, is_refused=is_refused)
    return show_to_patient("staff/hand_back.html", page, procedure, 400 if is_refused else 200)
