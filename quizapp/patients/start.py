"""The start of the walk, its end on this device, and the pages that belong to nobody's attempt."""

from flask import Blueprint, Response, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from quizapp.patients import assembling, attempts, patient_session
from quizapp.patients.current_attempt import get_edition_or_404
from quizapp.patients.forms import PlainForm
from quizapp.web import i18n
from quizapp.web.context import commit, current, db, today
from quizapp.web.cookies import set_own_cookie
from quizapp.web.render import show
from quizapp.web.retry_page import resendable

COOKIE_SECONDS = 365 * 86_400

site = Blueprint("site", __name__)
bp = Blueprint("patient", __name__, url_prefix="/p")  # everything below /p/


@site.get("/")
def index() -> ResponseReturnValue:
    """The start page; where there are several procedures, the choice between them."""
    editions = current().editions.catalogue.editions
    if len(editions) == 1:
        return start(next(iter(editions)))
    return show("patient/choose.html", assembling.choose_page())


@bp.get("/<procedure_id>/")
def start(procedure_id: str) -> ResponseReturnValue:
    edition = get_edition_or_404(procedure_id)
    patient_session.ensure_seed(procedure_id)
    secret = patient_session.attempt_secret(procedure_id)
    attempt = attempts.find(db(), secret) if secret else None
    return show("patient/start.html", assembling.start_page(edition, attempt))


def _start_again(procedure_id: str) -> ResponseReturnValue:
    return show("patient/start.html", assembling.start_page(get_edition_or_404(procedure_id), None), 503)


@bp.post("/<procedure_id>/")
@resendable(_start_again)
def begin(procedure_id: str) -> ResponseReturnValue:
    edition = get_edition_or_404(procedure_id)
    if not PlainForm().validate_on_submit():
        abort(400)
    seed = patient_session.seed(procedure_id)
    if seed is None:
        if patient_session.attempt_secret(procedure_id):  # pressed twice: the first press has begun it
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
    """Forget the patient on this device; the server keeps the attempt until its time is over."""
    if not PlainForm().validate_on_submit():
        abort(400)
    patient_session.forget_everything()
    response = make_response(redirect(url_for("site.done"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@site.get("/done")
def done() -> ResponseReturnValue:
    return show("patient/done.html", assembling.done_page())


@site.get("/privacy")
def privacy() -> ResponseReturnValue:
    return show("patient/privacy.html", assembling.privacy_page())


@site.get("/methods")
def methods() -> ResponseReturnValue:
    return show("patient/methods.html", assembling.methods_page())


@site.post("/language")
def choose_language() -> ResponseReturnValue:
    """Go on in another language, on the same page."""
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
    """The response, and a choice that this device keeps."""
    set_own_cookie(response, name, value, COOKIE_SECONDS)
    return response


def safe_local_path(path: str) -> str:
    """The path if it is one of ours, else the start: never another host, scheme or header."""
    plain = path.startswith("/") and not path.startswith("//")
    if plain and "\\" not in path and path.isprintable() and path.isascii():
        return path
    return "/"
