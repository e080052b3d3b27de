"""Pages around the walk: language, text size, theme, privacy, methods; and shared tablets, which forget the patient.

`init_app` registers all patients' pages, and what they add to the shared layout and error pages.
"""

from collections.abc import Container

from flask import Flask, Response, abort, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.patients import attempts, start, walk
from quizapp.patients.current_attempt import attempt_on_device, extend_deadline, holds_attempt, is_past_deadline
from quizapp.patients.start import COOKIE_SECONDS, site
from quizapp.stats.claims import ERROR
from quizapp.stats.concerns import CRITICAL_TOLERANCE, MANY_MISS, TOLERANCE
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, ENOUGH_FOR_SHARES
from quizapp.stats.rising_misses import ENOUGH_BEFORE, FALSE_ALARM_QUARTERS
from quizapp.web import i18n
from quizapp.web.context import Area, Link, commit, context_of, current, db
from quizapp.web.cookies import set_own_cookie
from quizapp.web.layout import KIOSK_WARNING_SECONDS, render_page, safe_local_path

__all__ = ["walk"]  # imported for its views
NO_TOUCH = ("static", "healthz", "site.still_there", "site.forgotten")  # requests that pages make by themselves


def init_app(app: Flask) -> None:
    app.register_blueprint(site)
    app.register_blueprint(start.bp)
    context_of(app).areas.append(Area(prefix="", home=_home, holds_patient=_holds_patient))

    @app.before_request
    def forget_after_the_deadline() -> None:
        """Show nothing of the last patient on a shared tablet that slept or was offline."""
        if is_past_deadline():
            session.clear()
        elif request.endpoint not in NO_TOUCH:
            extend_deadline()


def _home() -> Link:
    """Return the link to the patient's place, or to the start page."""
    for procedure_id in current().editions.catalogue.editions:
        if holds_attempt(procedure_id):
            return Link(_("Back to where you were"), url_for("patient.next_step", procedure_id=procedure_id))
    return Link(_("To the start"), "/")


def _holds_patient() -> bool:
    """Return whether this device can open a patient's answers. "Are you still there?" waits a shorter time."""
    if request.endpoint == "site.still_there":
        return False
    return any(map(holds_attempt, current().editions.catalogue.editions))


@site.get("/privacy")
def privacy() -> ResponseReturnValue:
    settings = current().settings
    return render_page("patient/privacy.html", sheet_days=settings.sheet_days, min_group=settings.min_group)


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
    """Change the language of this device and of its attempts."""
    language = request.form.get("language", "")
    response = _keep_choice(i18n.LANGUAGE, language, i18n.offered_languages())
    for procedure_id in current().editions.catalogue.editions:
        attempt = attempt_on_device(procedure_id, to_change=True)
        if attempt and language in current().editions.by_id(db(), attempt.edition).languages:
            attempts.switch_language(db(), attempt, language)
    commit()
    return response


@site.post("/text-size")
def choose_text_size() -> ResponseReturnValue:
    return _keep_choice(i18n.TEXT_SIZE, request.form.get("size", ""), i18n.TEXT_SIZES)


@site.post("/theme")
def choose_theme() -> ResponseReturnValue:
    return _keep_choice(i18n.THEME, request.form.get("theme", ""), i18n.THEMES)


def _keep_choice(cookie: str, value: str, offered: Container[str]) -> Response:
    """Keep a choice in a cookie on this device, and go back to the page that the form was on."""
    if value not in offered:
        abort(400)
    response = make_response(redirect(safe_local_path(request.form.get("return_path", "/")), 303))
    set_own_cookie(response, cookie, value, COOKIE_SECONDS)
    return response


# --- the device forgets the patient -----------------------------------------------------------------------------


@site.post("/clear")
def clear() -> ResponseReturnValue:
    """Forget the patient on this device. The server keeps the attempt for as long as sheets are kept."""
    session.clear()
    return _redirect_and_clear_browser("site.done")


@site.get("/done")
def done() -> ResponseReturnValue:
    return render_page("patient/done.html")


@site.get("/still-there")
def still_there() -> ResponseReturnValue:
    """Ask without JavaScript: the page goes on to /forgotten by itself."""
    return render_page(
        "patient/still_there.html",
        return_path=safe_local_path(request.args.get("return_path", "/")),
        seconds=KIOSK_WARNING_SECONDS,
    )


@site.get("/forgotten")
def forgotten() -> ResponseReturnValue:
    """Forget the patient, but only on shared tablets: elsewhere a link from another site must not end an attempt."""
    if current().settings.kiosk_minutes:
        session.clear()
    return _redirect_and_clear_browser("site.index")


def _redirect_and_clear_browser(page: str) -> Response:
    response = make_response(redirect(url_for(page), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@site.get("/touch")
def touch() -> ResponseReturnValue:
    """Hear that a patient is still reading: see `extend_deadline`."""
    return "", 204
