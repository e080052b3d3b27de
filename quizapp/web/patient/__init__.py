"""The patient's walk."""

from flask import Flask

from quizapp.web.patient import inviting, kiosk, starting, views
from quizapp.web.patient.blueprint import bp
from quizapp.web.patient.starts import Starts

__all__ = ["inviting", "kiosk", "starting", "views"]


def init_app(app: Flask) -> None:
    app.extensions["quizapp_starts"] = Starts(app.extensions["quizapp"].settings.starts_per_minute)
    app.register_blueprint(starting.site)
    app.register_blueprint(bp)
