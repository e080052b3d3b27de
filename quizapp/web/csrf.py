"""Protection against cross-site request forgery (CSRF): a token in every form, and a check of the Origin header."""

import secrets

from flask import Flask, abort, request, session
from flask_wtf import CSRFProtect

from quizapp.web.context import SAFE_METHODS


def init_app(app: Flask) -> None:
    keys = [app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]]
    app.config.update(
        WTF_CSRF_SECRET_KEY=[*reversed(keys)],  # forms signed with a former key still work; the last one signs
        WTF_CSRF_TIME_LIMIT=None,  # a slow patient must not lose an answer after an hour
        WTF_CSRF_SSL_STRICT=False,  # the check of Origin below covers http as well
        WTF_I18N_ENABLED=False,  # no page shows a message of WTForms, and it reads its catalogue at every form
    )
    CSRFProtect(app)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in SAFE_METHODS:
            return
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            abort(400, "This form came from another site.")


def new_csrf_token() -> None:
    """Replace this browser's token, so that forms opened before signing in or out no longer work."""
    session["csrf_token"] = secrets.token_hex(20)
