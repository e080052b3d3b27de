"""/i/<token>: an invitation's link opens its own attempt, on any device, until it is finished."""

from flask import abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.items import Edition
from quizapp.services import attempts, invitations
from quizapp.storage.models.attempts import Attempt
from quizapp.web import i18n
from quizapp.web.patient import cookie
from quizapp.web.patient.forms import PlainForm
from quizapp.web.patient.pages import InvitationPage
from quizapp.web.patient.starting import site, with_cookie
from quizapp.web.rendering import show
from quizapp.web.runtime import commit, db, runtime


@site.get("/i/<token>")
def invitation(token: str) -> ResponseReturnValue:
    found = invitations.find(db(), token)
    if found is None:
        abort(404)
    attempt, _ = found
    edition = runtime().editions.by_id(db(), attempt.edition)
    procedure = edition.in_language(_language(attempt, edition))
    i18n.speak(edition.procedure_id, procedure.language, edition.languages)
    page = InvitationPage(procedure.title, request.path, attempts.can_go_on(db(), attempt))
    return show("patient/invitation.html", page, 200 if page.is_open else 410)


@site.post("/i/<token>")
def open_invitation(token: str) -> ResponseReturnValue:
    found = invitations.find(db(), token)
    if found is None or not PlainForm().validate_on_submit():
        abort(404)
    attempt, secret = found
    if not attempts.can_go_on(db(), attempt):
        return redirect(request.path, 303)
    language = _language(attempt, runtime().editions.by_id(db(), attempt.edition))
    attempts.switch_language(db(), attempt, language)
    commit()
    cookie.remember(attempt.procedure, secret)
    page = "patient.code" if attempt.lessons_read == 0 else "patient.next_step"
    response = make_response(redirect(url_for(page, procedure_id=attempt.procedure), 303))
    return with_cookie(response, i18n.LANGUAGE, language)


def _language(attempt: Attempt, edition: Edition) -> str:
    """What the patient picked on this device, else what the nurse picked for the invitation."""
    picked = i18n.picked_language()
    return picked if picked in edition.languages else attempt.language
