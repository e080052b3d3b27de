"""Recheck: ask missed questions again in the room, on the nurse's device.

While the patient holds the device, the other staff pages are closed until the nurse's password is entered.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import update
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import SignedIn, signed_in, staff_required, who_is_signed_in
from quizapp.accounts.login import is_own_password
from quizapp.db import insert_or_ignore
from quizapp.domain.grading import Response, item_records
from quizapp.domain.journey import options_in_order
from quizapp.domain.procedure import Procedure
from quizapp.domain.talk_list import RecheckQuestion, recheck_questions, topics
from quizapp.models import Attempt, Recheck, StaffSession
from quizapp.nurses.reviews import NotAllowed, Refusal, must_be_unlocked, reopen, reviewed_flags
from quizapp.nurses.sheets import find, find_to_change, in_the_room, rechecked_items
from quizapp.patients import attempts
from quizapp.patients.attempts import UnknownOption, WrongStep
from quizapp.patients.walk import DONT_KNOW, ChoiceForm
from quizapp.web.context import commit, current, db, mark_of_view, today
from quizapp.web.errors import resendable
from quizapp.web.i18n import set_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

View = TypeVar("View", bound=Callable[..., Any])


def open_to_patient(view: View) -> View:
    """Let a patient who holds the nurse's device open this view; put it directly above the function."""
    view.is_open_to_patient = True  # type: ignore[attr-defined]  # read back below, through functools.wraps
    return view


@bp.before_request
def keep_patient_on_recheck() -> ResponseReturnValue | None:
    """Redirect every other staff address to the recheck until the nurse's password is entered."""
    account = who_is_signed_in()
    if account is None or account.handed_over is None or mark_of_view("is_open_to_patient"):
        return None
    return redirect(url_for("staff.recheck"), 303)


@bp.post("/sheet/<attempt_id>/recheck")
@staff_required
@resendable()
def start_recheck(attempt_id: str) -> ResponseReturnValue:
    attempt = find_to_change(db(), attempt_id) or abort(404)
    try:
        hand_over(db(), signed_in(), attempt, procedure_of(attempt), current().clock())
    except NotAllowed as error:
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice=error.refusal), 303)
    commit()
    return redirect(url_for("staff.recheck"), 303)


@bp.get("/recheck")
@staff_required
@open_to_patient
def recheck() -> ResponseReturnValue:
    """Show the next question. An answer that could not be stored is still marked."""
    asked = _asked_next()
    if asked is None:
        return redirect(url_for("staff.hand_back"), 303)
    attempt, question = asked
    if request.form.get("item") not in (None, question.item.id):  # another one is next now
        return redirect(url_for("staff.recheck"), 303)
    all_questions = questions(db(), attempt, procedure_of(attempt))
    _use_language_of(attempt)
    return render_page(
        "staff/recheck.html",
        question=question,
        options=options_in_order(question.form, question.item, attempt.id),
        number=all_questions.index(question) + 1,
        total=len(all_questions),
        dont_know=DONT_KNOW,
        error=request.args.get("missing") == question.item.id,
        chosen=request.form.get("option", ""),
    )


@bp.post("/recheck")
@staff_required
@open_to_patient
@resendable(recheck)
def answer_recheck() -> ResponseReturnValue:
    attempt = handed_over_attempt()
    if attempt is None:
        return redirect(url_for("staff.hand_back"), 303)
    sent, item_id = ChoiceForm.parsed_or_400(), request.form.get("item", "")
    if not sent.option.data:  # a redirect, so that going back in the browser does not send the form again
        return redirect(url_for("staff.recheck", missing=item_id), 303)
    chosen = in_the_room(item_id, sent.form.data, sent.option_id)
    try:
        answer(db(), signed_in(), attempt, procedure_of(attempt), chosen, today())
    except (WrongStep, UnknownOption):
        abort(400)
    commit()
    return redirect(url_for("staff.recheck"), 303)


@bp.get("/hand-back")
@staff_required
@open_to_patient
def hand_back() -> ResponseReturnValue:
    """Ask for the nurse's password; say so if what was entered is not it."""
    if signed_in().handed_over is None:
        return redirect(url_for("staff.queue"), 303)
    is_done = _asked_next() is None
    _use_language_of(handed_over_attempt())
    is_wrong = "wrong" in request.args
    return render_page("staff/hand_back.html", nurse_name=signed_in().name, is_done=is_done, error=is_wrong)


@bp.post("/hand-back")
@staff_required
@open_to_patient
def take_back() -> ResponseReturnValue:
    password = request.form.get("password", "")
    if not password or not is_own_password(password):
        return redirect(url_for("staff.hand_back", wrong=1), 303)
    attempt = handed_over_attempt()
    page = url_for("staff.queue")
    if attempt is not None:
        is_reopened = any(flag.is_reopened for flag in reviewed_flags(db(), [attempt.id])[attempt.id].values())
        is_answered = bool(rechecked_items(db(), attempt.id))
        notice = "not-answered" if not is_answered else "reopened" if is_reopened else "handed-back"
        page = url_for("staff.sheet", attempt_id=attempt.id, notice=notice)
    _set_handed_over(db(), signed_in(), None)
    commit()
    return redirect(page, 303)


def handed_over_attempt() -> Attempt | None:
    """Return the sheet of the patient who holds this device; None if the nurse has it, or if the sheet is gone."""
    attempt_id = signed_in().handed_over
    return find(db(), signed_in(), attempt_id) if attempt_id else None


def _asked_next() -> tuple[Attempt, RecheckQuestion] | None:
    """Return the sheet of the patient who holds this device, and the next question; None if there is none to ask."""
    attempt = handed_over_attempt()
    question = next_question(db(), attempt, procedure_of(attempt)) if attempt else None
    return (attempt, question) if attempt and question else None


def procedure_of(attempt: Attempt) -> Procedure:
    """Return what the patient reads, in the language of their walk."""
    return current().editions.procedure_of(db(), attempt)


def _use_language_of(attempt: Attempt | None) -> None:
    """Show the page in the patient's language, whatever the nurse's device is set to; in English if unknown."""
    procedure = procedure_of(attempt) if attempt else None
    set_content_language(procedure.id if procedure else None, procedure.language if procedure else "en", ())


def questions(session: Session, attempt: Attempt, procedure: Procedure) -> tuple[RecheckQuestion, ...]:
    """Return every question of this sheet's recheck, answered or not, in the procedure's language."""
    records = item_records(procedure, attempts.responses(session, attempt.id))
    return recheck_questions(topic.record for topic in topics(attempts.flags(session, attempt.id), records))


def next_question(session: Session, attempt: Attempt, procedure: Procedure) -> RecheckQuestion | None:
    """Return the first question without an answer; None if all have one."""
    answered = rechecked_items(session, attempt.id)
    return next((q for q in questions(session, attempt, procedure) if q.item.id not in answered), None)


def hand_over(session: Session, nurse: SignedIn, attempt: Attempt, procedure: Procedure, now: datetime) -> None:
    """Give the nurse's device to the patient. Raises NotAllowed: CODE_NEEDED, NOTHING_TO_ASK."""
    must_be_unlocked(session, nurse, attempt)
    if next_question(session, attempt, procedure) is None:
        raise NotAllowed(Refusal.NOTHING_TO_ASK)
    _set_handed_over(session, nurse, attempt.id)
    audit.note(session, now, nurse.name, "recheck", attempt.id)


def _set_handed_over(session: Session, nurse: SignedIn, attempt_id: str | None) -> None:
    """Give the device to an attempt's patient, or (None) back to the nurse."""
    own_session = StaffSession.token_hash == nurse.session_hash
    session.execute(update(StaffSession).where(own_session).values(handed_over=attempt_id))


def answer(
    session: Session, nurse: SignedIn, attempt: Attempt, procedure: Procedure, chosen: Response, day: date
) -> None:
    """Store what was chosen in the room. The first stored answer is final.

    If it is not the leaflet's answer, the flag is open again.
    Raises UnknownOption for what the question does not offer, WrongStep for an item that is not asked again.
    """
    item_id, option_id = chosen.item_id, chosen.option_id
    asked = next((q for q in questions(session, attempt, procedure) if q.item.id == item_id), None)
    if asked is None:
        raise WrongStep
    if chosen.form_id != asked.form.id or (option_id is not None and asked.form.option(option_id) is None):
        raise UnknownOption(f"{item_id} is not asked again as {chosen.form_id}/{option_id}")
    is_new = insert_or_ignore(session, Recheck, attempt=attempt.id, item=item_id, form=chosen.form_id, option=option_id)
    if is_new and option_id != asked.form.key.id:
        reopen(session, nurse, attempt, item_id, day)
