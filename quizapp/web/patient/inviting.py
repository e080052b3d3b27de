"""/i/<token>: an invitation's link opens its own attempt, on any device, until it is finished."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import attempts, invitations
from quizapp.web.patient import cookie
from quizapp.web.patient.forms import PlainForm
from quizapp.web.patient.pages import InvitationPage
from quizapp.web.patient.starting import site
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime


@site.get("/i/<token>")
def invitation(token: str) -> ResponseReturnValue:
    found = invitations.find(db(), token)
    if found is None:
        abort(404)
    attempt, _ = found
    procedure = runtime().editions.procedure_of(db(), attempt)
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
    cookie.remember(attempt.procedure, secret)
    page = "patient.code" if attempt.lessons_read == 0 else "patient.next_step"
    return redirect(url_for(page, procedure_id=attempt.procedure), 303)
