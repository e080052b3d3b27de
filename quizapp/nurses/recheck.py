"""Asking again in the room. While the patient holds the device, the staff pages are shut."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import signed_in, staff_required, who_is_signed_in
from quizapp.accounts.reauthentication import is_own_password
from quizapp.domain.procedure import Procedure
from quizapp.domain.recheck_items import RecheckQuestion
from quizapp.models import Attempt
from quizapp.nurses import recheck_service, sheet_contents
from quizapp.nurses.nursing import get_sheet_to_change_or_404, nurse
from quizapp.nurses.recheck_pages import hand_back_page, recheck_page, show_to_patient
from quizapp.nurses.reviews import CodeNeeded
from quizapp.nurses.sheet_forms import HandBackForm, RecheckForm
from quizapp.patients.attempts import UnknownOption, WrongStep
from quizapp.web.context import commit, current, db
from quizapp.web.retry_page import resendable
from quizapp.web.staff import bp

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
@staff_required
@resendable()
def start_recheck(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_to_change_or_404(attempt_id)
    try:
        recheck_service.hand_over(db(), nurse(), attempt, procedure_of(attempt), current().clock())
    except CodeNeeded:
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="code-first"), 303)
    except WrongStep:
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="nothing-to-ask"), 303)
    commit()
    return redirect(url_for("staff.recheck"), 303)


@bp.get("/recheck")
@staff_required
def recheck() -> ResponseReturnValue:
    attempt = handed_over()
    question = recheck_service.next_question(db(), attempt, procedure_of(attempt)) if attempt else None
    if attempt is None or question is None:
        return redirect(url_for("staff.hand_back"), 303)
    return show_question(attempt, question)


def _recheck_again() -> ResponseReturnValue | None:
    attempt = handed_over()
    procedure = procedure_of(attempt) if attempt else None
    question = recheck_service.next_question(db(), attempt, procedure) if attempt and procedure else None
    if attempt is None or question is None or question.item.id != request.form.get("item"):
        return None
    return show_question(attempt, question, chosen=request.form.get("option", ""), status=503)


@bp.post("/recheck")
@staff_required
@resendable(_recheck_again)
def answer_recheck() -> ResponseReturnValue:
    attempt = handed_over()
    if attempt is None:
        return redirect(url_for("staff.hand_back"), 303)
    procedure = procedure_of(attempt)
    asked = {question.item.id: question for question in recheck_service.questions(db(), attempt, procedure)}
    question = asked.get(request.form.get("item", "")) or abort(400)
    form = RecheckForm.for_form(question.form)
    if not form.validate_on_submit():
        if request.form.get("option"):
            abort(400)
        return show_question(attempt, question, is_missing=True)
    try:
        recheck_service.answer(db(), attempt, procedure, question.item.id, form.form.data, form.option_id)
    except (WrongStep, UnknownOption):
        abort(400)
    commit()
    return redirect(url_for("staff.recheck"), 303)


@bp.get("/hand-back")
@staff_required
def hand_back() -> ResponseReturnValue:
    if signed_in().handed_over is None:
        return redirect(url_for("staff.queue"), 303)
    return _show_hand_back(is_refused=False)


@bp.post("/hand-back")
@staff_required
def take_back() -> ResponseReturnValue:
    form, who = HandBackForm(), signed_in()
    if not form.validate_on_submit() or not is_own_password(str(form.password.data)):
        return _show_hand_back(is_refused=True)
    recheck_service.hand_back(db(), nurse())
    commit()
    attempt = sheet_contents.find(db(), who.handed_over) if who.handed_over else None
    if attempt is None:
        return redirect(url_for("staff.queue"), 303)
    done = "handed-back" if recheck_service.was_answered(db(), attempt) else "not-answered"
    return redirect(url_for("staff.sheet", attempt_id=attempt.id, notice=done), 303)


def handed_over() -> Attempt | None:
    """The sheet of the patient who holds this device; None if nobody does, or if the sheet has ended."""
    attempt_id = signed_in().handed_over
    return sheet_contents.find(db(), attempt_id) if attempt_id else None


def procedure_of(attempt: Attempt) -> Procedure:
    """What the patient reads, in the language of their walk."""
    return current().editions.procedure_of(db(), attempt)


def show_question(
    attempt: Attempt, question: RecheckQuestion, *, is_missing: bool = False, chosen: str = "", status: int = 200
) -> ResponseReturnValue:
    """The question; `chosen` is what was chosen before an error, or ""."""
    procedure = procedure_of(attempt)
    questions = recheck_service.questions(db(), attempt, procedure)
    page = recheck_page(attempt, questions, question, is_missing=is_missing, chosen=chosen)
    return show_to_patient("staff/recheck.html", page, procedure, 400 if is_missing else status)


def _show_hand_back(*, is_refused: bool) -> ResponseReturnValue:
    attempt = handed_over()
    procedure = procedure_of(attempt) if attempt else None
    is_done = attempt is None or procedure is None or recheck_service.next_question(db(), attempt, procedure) is None
    page = hand_back_page(signed_in().name, is_done=is_done, is_refused=is_refused)
    return show_to_patient("staff/hand_back.html", page, procedure, 400 if is_refused else 200)
