"""The start: the start page, beginning an attempt, and the invitation slips that open one.

The link on a slip (/i/<token>) works on any device until the attempt is finished. Its visit code can be typed on the
start page only before the first lesson is read: a guess shows nothing of anyone.
"""

from flask import Blueprint, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from quizapp.domain.journey import minutes_to_read
from quizapp.domain.procedure import Edition
from quizapp.domain.visit_codes import normalise
from quizapp.models import Attempt
from quizapp.patients import attempts, current_attempt
from quizapp.patients.current_attempt import get_edition_or_404
from quizapp.web import i18n
from quizapp.web.context import commit, current, db, seconds, today
from quizapp.web.cookies import set_own_cookie
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page
from quizapp.web.rate_limit import Limit, refund, reserve

COOKIE_SECONDS = 365 * 86_400
# Sixty wrong codes at once, then one a minute, of 65 million: with a hundred unused slips, a guesser who never stops
# needs more than a year to find one.
WRONG_SLIP_CODES = Limit(tries=60, interval=60)

site = Blueprint("site", __name__)
bp = Blueprint("patient", __name__, url_prefix="/p")  # everything below /p/


@site.get("/")
def index() -> ResponseReturnValue:
    """The start page; if there are several procedures, the choice between them."""
    editions = current().editions.catalogue.editions
    if len(editions) == 1:
        return start(next(iter(editions)))
    procedures = [edition.in_language(i18n.page_language()) for edition in editions.values()]
    return render_page("patient/choose.html", procedures=procedures)


@bp.get("/<procedure_id>/")
def start(procedure_id: str) -> ResponseReturnValue:
    edition = get_edition_or_404(procedure_id)
    current_attempt.ensure_seed(procedure_id)
    procedure = i18n.use_content_language(edition)
    fewest, most = minutes_to_read(procedure)
    return render_page(
        "patient/start.html",
        procedure=procedure,
        can_resume=request.method == "GET" and _can_resume(procedure_id),
        is_shared_device=current().settings.kiosk_minutes > 0,
        error=request.args.get("notice") == "no-such-slip",
        fewest_minutes=fewest,
        most_minutes=most,
        sheet_days=current().settings.sheet_days,
    )


def _can_resume(procedure_id: str) -> bool:
    """Return whether to offer "Go on where you were". A shared tablet never does: the next person may read it."""
    if current().settings.kiosk_minutes:
        return False
    attempt = current_attempt.attempt_on_device(procedure_id)
    return attempt is not None and attempt.state != "invited"


@bp.get("/<procedure_id>/again")
def start_again(procedure_id: str) -> ResponseReturnValue:
    """Ask before a new attempt takes the place of the one on this device."""
    edition = get_edition_or_404(procedure_id)
    if not current_attempt.holds_attempt(procedure_id):
        return redirect(url_for("patient.start", procedure_id=procedure_id), 303)
    current_attempt.ensure_seed(procedure_id)
    return render_page(
        "patient/again.html",
        procedure=i18n.use_content_language(edition),
        can_resume=_can_resume(procedure_id),
        sheet_days=current().settings.sheet_days,
    )


@bp.post("/<procedure_id>/")
@resendable(start)
def begin(procedure_id: str) -> ResponseReturnValue:
    edition = get_edition_or_404(procedure_id)
    seed = current_attempt.seed(procedure_id)
    if seed is None:
        if current_attempt.holds_attempt(procedure_id):  # pressed twice: the first request began it
            return redirect(url_for("patient.code", procedure_id=procedure_id), 303)
        abort(400)
    per_minute, now = current().settings.starts_per_minute, seconds(current().clock())
    if not per_minute or not reserve(db(), "starts", Limit(per_minute, 60 / per_minute), now):
        raise TooManyRequests
    language = i18n.use_content_language(edition).language
    _, secret = attempts.begin(db(), edition, language, current().code_keys, today(), seed)
    commit()
    current_attempt.remember(procedure_id, secret)
    return redirect(url_for("patient.code", procedure_id=procedure_id), 303)


@site.get("/i/<token>")
def invitation(token: str) -> ResponseReturnValue:
    attempt, _secret = _invited_or_404(token)
    edition = current().editions.by_id(db(), attempt.edition)
    procedure = edition.in_language(_language(attempt, edition))
    i18n.set_content_language(edition.procedure_id, procedure.language, edition.languages)
    is_open = attempts.can_go_on(db(), attempt)
    return render_page("patient/invitation.html", 200 if is_open else 410, title=procedure.title, is_open=is_open)


@site.post("/i/<token>")
@resendable()
def open_invitation(token: str) -> ResponseReturnValue:
    attempt, secret = _invited_or_404(token, to_change=True)
    if not attempts.can_go_on(db(), attempt):
        return redirect(request.path, 303)
    language = _language(attempt, current().editions.by_id(db(), attempt.edition))
    attempts.switch_language(db(), attempt, language)
    commit()
    current_attempt.remember(attempt.procedure, secret)
    page = "patient.code" if attempt.lessons_read == 0 else "patient.next_step"
    response = make_response(redirect(url_for(page, procedure_id=attempt.procedure), 303))
    set_own_cookie(response, i18n.LANGUAGE, language, COOKIE_SECONDS)
    return response


def _invited_or_404(token: str, *, to_change: bool = False) -> tuple[Attempt, bytes]:
    """Return the attempt of a slip's link, and its secret."""
    secret = attempts.to_secret(token) or abort(404)
    return attempts.find(db(), secret, to_change=to_change) or abort(404), secret


def _language(attempt: Attempt, edition: Edition) -> str:
    """Return the language picked on this device, else the one that the nurse picked for the invitation."""
    picked = i18n.picked(i18n.LANGUAGE, i18n.offered_languages())
    return picked if picked in edition.languages else attempt.language


@site.post("/slip")
def use_code() -> ResponseReturnValue:
    """Open the attempt of a typed code. Every refusal looks the same: unknown, used before, or too many tries."""
    code = normalise(request.form.get("code", "")) or ""
    attempt = _find_slip(db(), code)
    commit()
    if attempt is None:
        procedure_id = get_edition_or_404(request.form.get("procedure", "")).procedure_id
        return redirect(url_for("patient.start", procedure_id=procedure_id, notice="no-such-slip"), 303)
    current_attempt.remember(attempt.procedure, code)
    return redirect(url_for("patient.code", procedure_id=attempt.procedure), 303)


def _find_slip(session: Session, code: str) -> Attempt | None:
    """Return the attempt of an unused slip. Wrong codes count; all devices share the tries."""
    if not reserve(session, "slip-code", WRONG_SLIP_CODES, seconds(current().clock())):
        return None
    attempt = attempts.by_code(session, current().code_keys.candidates(code))
    if attempt is None or attempt.state != "invited":
        return None
    refund(session, "slip-code", WRONG_SLIP_CODES)
    return attempt
