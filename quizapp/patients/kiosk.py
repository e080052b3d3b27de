"""Shared tablets: ask after some minutes without a touch, then forget the patient."""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.patients import patient_session
from quizapp.patients.start import site
from quizapp.web.context import current
from quizapp.web.layout import KIOSK_WARNING_SECONDS, safe_local_path
from quizapp.web.render import render_page


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
        patient_session.forget_everything()
    response = make_response(redirect(url_for("site.index"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
