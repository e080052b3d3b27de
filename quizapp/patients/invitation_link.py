"""/i/<token>: the link on an invitation slip opens its attempt, on any device, until it is finished."""

from flask import abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.procedure import Edition
from quizapp.models import Attempt
from quizapp.nurses import invitations
from quizapp.patients import attempts, patient_session
from quizapp.patients.forms import PlainForm
from quizapp.patients.start import site, with_cookie
from quizapp.web import i18n
from quizapp.web.context import commit, current, db
from quizapp.web.errors import resendable
from quizapp.web.render import render_page


@site.get("/i/<token>")
def invitation(token: str) -> ResponseReturnValue:
    slip = invitations.find_invitation(db(), token)
    if slip is None:
        abort(404)
    attempt, _secret = slip
    edition = current().editions.by_id(db(), attempt.edition)
    procedure = edition.in_language(_language(attempt, edition))
    i18n.set_content_language(edition.procedure_id, procedure.language, edition.languages)
    is_open = attempts.can_go_on(db(), attempt)
    return render_page("patient/invitation.html", 200 if is_open else 410, title=procedure.title, is_open=is_open)


@site.post("/i/<token>")
@resendable()
def open_invitation(token: str) -> ResponseReturnValue:
    slip = invitations.find_invitation(db(), token)
    if slip is None or not PlainForm().validate_on_submit():
        abort(404)
    attempt, secret = slip
    if not attempts.can_go_on(db(), attempt):
        return redirect(request.path, 303)
    language = _language(attempt, current().editions.by_id(db(), attempt.edition))
    attempts.switch_language(db(), attempt, language)
    commit()
    patient_session.remember(attempt.procedure, secret)
    page = "patient.code" if attempt.lessons_read == 0 else "patient.next_step"
    response = make_response(redirect(url_for(page, procedure_id=attempt.procedure), 303))
    return with_cookie(response, i18n.LANGUAGE, language)


def _language(attempt: Attempt, edition: Edition) -> str:
    """Return the language picked on this device, else the one that the nurse picked for the invitation."""
    picked = i18n.picked_language()
    return picked if picked in edition.languages else attempt.language
