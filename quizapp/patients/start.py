"""The start page, clearing the device at the end, and the pages outside any attempt."""

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from quizapp.domain.journey import minutes_to_read
from quizapp.domain.procedure import Edition
from quizapp.models import Attempt
from quizapp.patients import attempts, patient_session
from quizapp.patients.current_attempt import get_edition_or_404
from quizapp.patients.forms import PlainForm
from quizapp.stats.beliefs import CRITICAL_TOLERANCE, TOLERANCE
from quizapp.stats.claims import ERROR
from quizapp.stats.item_concerns import MANY_MISS
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, ENOUGH_FOR_SHARES
from quizapp.stats.rising_misses import ENOUGH_BEFORE, FALSE_ALARM_QUARTERS
from quizapp.web import i18n
from quizapp.web.context import commit, current, db, today
from quizapp.web.cookies import set_own_cookie
from quizapp.web.redirects import safe_local_path
from quizapp.web.render import render_page
from quizapp.web.retry_page import resendable

COOKIE_SECONDS = 365 * 86_400

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
    patient_session.ensure_seed(procedure_id)
    secret = patient_session.attempt_secret(procedure_id)
    attempt = attempts.find(db(), secret) if secret else None
    return _start_page(edition, attempt)


def _start_page(edition: Edition, attempt: Attempt | None, status: int = 200) -> ResponseReturnValue:
    """Render the start page. `attempt`: the one made on this device; it can be gone on with once it was opened."""
    procedure = i18n.use_content_language(edition)
    return render_page(
        "patient/start.html",
        status,
        procedure=procedure,
        can_resume=attempt is not None and attempt.state != "invited",
        minutes=minutes_to_read(procedure),
        sheet_days=current().settings.sheet_days,
    )


def _start_again(procedure_id: str) -> ResponseReturnValue:
    return _start_page(get_edition_or_404(procedure_id), None, 503)


@bp.post("/<procedure_id>/")
@resendable(_start_again)
def begin(procedure_id: str) -> ResponseReturnValue:
    edition = get_edition_or_404(procedure_id)
    if not PlainForm().validate_on_submit():
        abort(400)
    seed = patient_session.seed(procedure_id)
    if seed is None:
        if patient_session.attempt_secret(procedure_id):  # pressed twice: the first request began it
            return redirect(url_for("patient.code", procedure_id=procedure_id), 303)
        abort(400)
    if not current().start_limit.take():
        raise TooManyRequests
    language = i18n.use_content_language(edition).language
    _, secret = attempts.begin(db(), edition, language, current().code_keys, today(), seed)
    commit()
    patient_session.remember(procedure_id, secret)
    return redirect(url_for("patient.code", procedure_id=procedure_id), 303)


@site.post("/clear")
def clear() -> ResponseReturnValue:
    """Forget the patient on this device. The server keeps the attempt for as long as sheets are kept."""
    if not PlainForm().validate_on_submit():
        abort(400)
    patient_session.forget_everything()
    response = make_response(redirect(url_for("site.done"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@site.get("/done")
def done() -> ResponseReturnValue:
    return render_page("patient/done.html")


@site.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_page(
        "patient/privacy.html",
        sheet_days=current().settings.sheet_days,
        min_group=current().settings.min_group,
    )


@site.get("/methods")
def methods() -> ResponseReturnValue:
    return render_page(
        "patient/methods.html",
        min_group=current().settings.min_group,
        enough_for_shares=ENOUGH_FOR_SHARES,
        enough_for_correlations=ENOUGH_FOR_CORRELATIONS,
        critical_tolerance=CRITICAL_TOLERANCE,
        tolerance=TOLERANCE,
        many_miss=MANY_MISS,
        baseline=ENOUGH_BEFORE,
        error=ERROR,
        false_alarm_quarters=FALSE_ALARM_QUARTERS,
    )


@site.post("/language")
def choose_language() -> ResponseReturnValue:
    """Change the language of this device and of its attempts, and go back to the same page."""
    language = request.form.get("language", "")
    if not PlainForm().validate_on_submit() or language not in {o.code for o in i18n.offered_languages()}:
        abort(400)
    for procedure_id in current().editions.catalogue.editions:
        secret = patient_session.attempt_secret(procedure_id)
        attempt = attempts.find_to_change(db(), secret) if secret else None
        if attempt and language in current().editions.by_id(db(), attempt.edition).languages:
            attempts.switch_language(db(), attempt, language)
    commit()
    return with_cookie(_back(), i18n.LANGUAGE, language)


@site.post("/text-size")
def choose_text_size() -> ResponseReturnValue:
    size = request.form.get("size", "")
    if not PlainForm().validate_on_submit() or size not in i18n.TEXT_SIZES:
        abort(400)
    return with_cookie(_back(), i18n.TEXT_SIZE, size)


def _back() -> Response:
    return make_response(redirect(safe_local_path(request.form.get("return_path", "/")), 303))


def with_cookie(response: Response, name: str, value: str) -> Response:
    """Add a cookie that remembers a choice on this device."""
    set_own_cookie(response, name, value, COOKIE_SECONDS)
    return response
