"""Invitation slips: the link or the visit code printed on one opens its attempt.

The link (/i/<token>) works on any device until the attempt is finished. The code can be typed on the start page only
before the first lesson is read: a guess shows nothing of anyone.
"""

from flask import abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import InputRequired

from quizapp.accounts import throttle
from quizapp.accounts.throttle import Limit
from quizapp.domain.procedure import Edition
from quizapp.domain.visit_codes import normalise
from quizapp.models import Attempt
from quizapp.nurses import invitations
from quizapp.patients import attempt_queries, attempts, current_attempt
from quizapp.patients.current_attempt import get_edition_or_404
from quizapp.patients.start import PlainForm, site, with_cookie
from quizapp.web import i18n
from quizapp.web.context import commit, current, db
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page

# Sixty wrong codes at once, then one a minute, of 65 million: with a hundred unused slips, a guesser who never stops
# needs more than a year to find one.
WRONG_SLIP_CODES = Limit(tries=60, window=3600, slow=60)


class SlipForm(FlaskForm):
    """The visit code of a slip as typed, and the procedure whose start page it was typed on."""

    code = StringField()
    procedure = StringField(validators=[InputRequired()])


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
    current_attempt.remember(attempt.procedure, secret)
    page = "patient.code" if attempt.lessons_read == 0 else "patient.next_step"
    response = make_response(redirect(url_for(page, procedure_id=attempt.procedure), 303))
    return with_cookie(response, i18n.LANGUAGE, language)


@site.post("/slip")
def use_code() -> ResponseReturnValue:
    """Open the attempt of a typed code. Every refusal looks the same: unknown, used before, or too many tries."""
    form = SlipForm()
    if not form.validate_on_submit():
        abort(400)
    attempt = _find_slip(db(), str(form.code.data or ""))
    procedure_id = str(form.procedure.data)
    if attempt is None:
        commit()
        get_edition_or_404(procedure_id)
        return redirect(url_for("patient.start", procedure_id=procedure_id, notice="no-such-slip"), 303)
    procedure_id, code = attempt.procedure, normalise(str(form.code.data)) or ""
    commit()
    current_attempt.remember(procedure_id, code)
    return redirect(url_for("patient.code", procedure_id=procedure_id), 303)


def _find_slip(session: Session, typed: str) -> Attempt | None:
    """Return the attempt of an unused slip. Wrong codes count; all devices share the tries."""
    now = throttle.seconds(current().clock())
    if not throttle.reserve(session, "slip-code", WRONG_SLIP_CODES, now):
        return None
    attempt = attempt_queries.by_code(session, current().code_keys.candidates(typed))
    if attempt is None or attempt.state != "invited":
        return None
    throttle.refund(session, "slip-code", WRONG_SLIP_CODES, now)
    return attempt


def _language(attempt: Attempt, edition: Edition) -> str:
    """Return the language picked on this device, else the one that the nurse picked for the invitation."""
    picked = i18n.picked_language()
    return picked if picked in edition.languages else attempt.language
