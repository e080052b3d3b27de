"""The start page, clearing the device at the end, and the pages outside any attempt."""

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests

from quizapp.domain.journey import minutes_to_read
from quizapp.domain.procedure import Edition
from quizapp.patients import attempts, current_attempt
from quizapp.patients.current_attempt import get_edition_or_404
from quizapp.stats.claims import ERROR
from quizapp.stats.concerns import CRITICAL_TOLERANCE, MANY_MISS, TOLERANCE
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, ENOUGH_FOR_SHARES
from quizapp.stats.rising_misses import ENOUGH_BEFORE, FALSE_ALARM_QUARTERS
from quizapp.web import i18n
from quizapp.web.context import commit, current, db, today
from quizapp.web.cookies import set_own_cookie
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page, safe_local_path

COOKIE_SECONDS = 365 * 86_400

site = Blueprint("site", __name__)
bp = Blueprint("patient", __name__, url_prefix="/p")  # everything below /p/


class PlainForm(FlaskForm):
    """A button and its CSRF token."""


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
    return _start_page(edition, can_resume=_can_resume(procedure_id))


def _can_resume(procedure_id: str) -> bool:
    """Return whether to offer "Go on where you were". A shared tablet never does: the next person may read it."""
    if current().settings.kiosk_minutes:
        return False
    attempt = current_attempt.attempt_on_device(procedure_id)
    return attempt is not None and attempt.state != "invited"


def _start_page(edition: Edition, status: int = 200, *, can_resume: bool = False) -> ResponseReturnValue:
    procedure = i18n.use_content_language(edition)
    fewest, most = minutes_to_read(procedure)
    return render_page(
        "patient/start.html",
        status,
        procedure=procedure,
        can_resume=can_resume,
        is_shared_device=current().settings.kiosk_minutes > 0,
        error=request.args.get("notice") == "no-such-slip",
        fewest_minutes=fewest,
        most_minutes=most,
        sheet_days=current().settings.sheet_days,
    )


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


def _begin_again(procedure_id: str) -> ResponseReturnValue:
    return _start_page(get_edition_or_404(procedure_id), 503)


@bp.post("/<procedure_id>/")
@resendable(_begin_again)
def begin(procedure_id: str) -> ResponseReturnValue:
    edition = get_edition_or_404(procedure_id)
    if not PlainForm().validate_on_submit():
        abort(400)
    seed = current_attempt.seed(procedure_id)
    if seed is None:
        if current_attempt.holds_attempt(procedure_id):  # pressed twice: the first request began it
            return redirect(url_for("patient.code", procedure_id=procedure_id), 303)
        abort(400)
    if not current().start_limit.take():
        raise TooManyRequests
    language = i18n.use_content_language(edition).language
    _, secret = attempts.begin(db(), edition, language, current().code_keys, today(), seed)
    commit()
    current_attempt.remember(procedure_id, secret)
    return redirect(url_for("patient.code", procedure_id=procedure_id), 303)


@site.post("/clear")
def clear() -> ResponseReturnValue:
    """Forget the patient on this device. The server keeps the attempt for as long as sheets are kept."""
    if not PlainForm().validate_on_submit():
        abort(400)
    current_attempt.forget_everything()
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
        error_rate=ERROR,
        false_alarm_quarters=FALSE_ALARM_QUARTERS,
    )


@site.post("/language")
def choose_language() -> ResponseReturnValue:
    """Change the language of this device and of its attempts, and go back to the same page."""
    language = request.form.get("language", "")
    if not PlainForm().validate_on_submit() or language not in {o.code for o in i18n.offered_languages()}:
        abort(400)
    for procedure_id in current().editions.catalogue.editions:
        attempt = current_attempt.attempt_on_device(procedure_id, to_change=True)
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


@site.post("/theme")
def choose_theme() -> ResponseReturnValue:
    theme = request.form.get("theme", "")
    if not PlainForm().validate_on_submit() or theme not in i18n.THEMES:
        abort(400)
    return with_cookie(_back(), i18n.THEME, theme)


def _back() -> Response:
    return make_response(redirect(safe_local_path(request.form.get("return_path", "/")), 303))


def with_cookie(response: Response, name: str, value: str) -> Response:
    """Add a cookie that remembers a choice on this device."""
    set_own_cookie(response, name, value, COOKIE_SECONDS)
    return response
