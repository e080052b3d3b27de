"""The nurse's and the lead's pages."""

import importlib

from flask import Flask

from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.sign_in_floods import StrangersTries

# Each registers its views on the blueprint. Loaded late: they need rendering, which needs access.py of this folder.
VIEWS = (
    "signing_in",
    "idling",
    "accounts",
    "audit_log",
    "exporting",
    "reporting",
    "insights",
    "queue",
    "finding",
    "sheet",
    "recheck",
    "content",
    "inviting",
)


def init_app(app: Flask) -> None:
    for name in VIEWS:
        importlib.import_module(f"quizapp.web.staff.{name}")
    app.register_blueprint(bp)
    app.extensions["quizapp_strangers_tries"] = StrangersTries()
