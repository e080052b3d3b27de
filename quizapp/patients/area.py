"""What the patients' pages add to the shared layout and error pages, and shared tablets, which forget the patient."""

from flask import Flask, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.patients import invitation_link, lessons, start, summary
from quizapp.patients.current_attempt import extend_deadline, forget_everything, holds_attempt, is_past_deadline
from quizapp.patients.start import site
from quizapp.web.context import Area, Link, context_of, current
from quizapp.web.layout import KIOSK_WARNING_SECONDS, render_page, safe_local_path

__all__ = ["invitation_link", "lessons", "summary"]  # imported for their views
NO_TOUCH = ("static", "healthz", "site.still_there", "site.forgotten")  # requests that pages make by themselves


def init_app(app: Flask) -> None:
    app.register_blueprint(site)
    app.register_blueprint(start.bp)
    context_of(app).areas.append(Area(prefix="", home=_home, holds_patient=_holds_patient))

    @app.before_request
    def forget_after_the_deadline() -> None:
        """Show nothing of the last patient on a shared tablet that slept or was offline."""
        if is_past_deadline():
            forget_everything()
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
        forget_everything()
    response = make_response(redirect(url_for("site.index"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@site.get("/touch")
def touch() -> ResponseReturnValue:
    """Hear that a patient is still reading: see `extend_deadline`."""
    return "", 204
