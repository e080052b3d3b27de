"""Protection of every page: the Content Security Policy (CSP) and other headers, and against forged requests (CSRF).

Against cross-site request forgery there is a token in every form, and a check of the Origin header.
"""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request, session
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.web.context import SAFE_METHODS, context_of

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
PROTECTIVE = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with it browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def protective(*, https: bool) -> dict[str, str]:
    """Return the security headers of every response."""
    return PROTECTIVE | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def new_csrf_token() -> None:
    """Replace this browser's token, so that forms opened before signing in or out no longer work."""
    session["csrf_token"] = secrets.token_hex(20)


def init_app(app: Flask) -> None:
    settings = context_of(app).settings
    keys = [app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]]
    app.config.update(
        WTF_CSRF_SECRET_KEY=[*reversed(keys)],  # forms signed with a former key still work; the last one signs
        WTF_CSRF_TIME_LIMIT=None,  # a slow patient must not lose an answer after an hour
        WTF_CSRF_SSL_STRICT=False,  # the check of Origin below covers http as well
    )
    CSRFProtect(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way to add middleware
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    always = protective(https=settings.https)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in SAFE_METHODS:
            return
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            abort(400, "This form came from another site.")

    @app.after_request
    def make_redirects_relative(response: Response) -> Response:
        """Drop the host from the router's redirects (a missing slash): it comes from the visitor's Host header."""
        if response.status_code == 308 and response.location:
            response.location = "/" + response.location.removeprefix(request.host_url).lstrip("/")
            response.set_data("")
        return response

    @app.after_request
    def add_headers(response: Response) -> Response:
        # All at once: setdefault would look through all headers for each of these.
        present = {name.lower() for name, _ in response.headers}
        response.headers.extend([(name, value) for name, value in always.items() if name.lower() not in present])
        return response
