"""A shared tablet: a question after some minutes without a touch, and then the device forgets the patient."""

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.patients import patient_session
from quizapp.patients.pages import StillTherePage
from quizapp.patients.start import safe_local_path, site
from quizapp.web.context import current
from quizapp.web.layout import KIOSK_WARNING_SECONDS
from quizapp.web.render import show


@site.get("/still-there")
def still_there() -> ResponseReturnValue:
    """The question, for browsers without JavaScript: the page goes on to /forgotten by itself."""
    return show(
        "patient/still_there.html",
        StillTherePage(
            safe_local_path(request.args.get("return_path", "/")), url_for("site.forgotten"), KIOSK_WARNING_SECONDS
        ),
    )


@site.get("/forgotten")
def forgotten() -> ResponseReturnValue:
    """Clear the device. It does so only where a tablet is shared: elsewhere a link must not end anyone's walk."""
    if current().settings.kiosk_minutes:
        patient_session.forget_everything()
    response = make_response(redirect(url_for("site.index"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
