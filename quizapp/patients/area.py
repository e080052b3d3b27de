"""What the patients' pages add to the shared layout and error pages."""

from flask import Flask, request, url_for
from flask_babel import gettext as _

from quizapp.patients import invitation_link, kiosk, lessons, patient_session, questions, start, summary
from quizapp.web.context import Area, Link, context_of, current

__all__ = ["invitation_link", "kiosk", "lessons", "questions", "summary"]  # imported for their views


def init_app(app: Flask) -> None:
    app.register_blueprint(start.site)
    app.register_blueprint(start.bp)
    context_of(app).areas.append(Area(prefix="", home=_home, holds_patient=_holds_patient))


def _home() -> Link:
    """Return the link to the patient's place, or to the start page."""
    for procedure_id in current().editions.catalogue.editions:
        if patient_session.attempt_secret(procedure_id):
            return Link(_("Back to where you were"), url_for("patient.next_step", procedure_id=procedure_id))
    return Link(_("To the start"), "/")


def _holds_patient() -> bool:
    """Return whether this device can open a patient's answers. "Are you still there?" waits a shorter time."""
    if request.endpoint == "site.still_there":
        return False
    return any(patient_session.attempt_secret(procedure_id) for procedure_id in current().editions.catalogue.editions)
