"""Headers on every response, and the refusal of requests from other sites."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
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
    """The headers of every response."""
    return PROTECTIVE | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


def init_app(app: Flask) -> None:
    settings = context_of(app).settings
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
        """Redirects of the router (a slash to add) would name the host that the visitor named: the path is enough."""
        if response.status_code == 308 and response.location:
            response.location = "/" + response.location.removeprefix(request.host_url).lstrip("/")
            response.set_data("")
        return response

    @app.after_request
    def add(response: Response) -> Response:
        # At once: setdefault looks through all headers for each of these.
        present = {name.lower() for name, _value in response.headers}
        response.headers.extend([(name, value) for name, value in always.items() if name.lower() not in present])
        return response
