"""Security headers on every response: the content security policy (CSP) and others."""

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp.web.context import context_of

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


def init_app(app: Flask) -> None:
    settings = context_of(app).settings
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way to add middleware
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )

    always = protective(https=settings.https)

    @app.after_request
    def make_redirects_relative(response: Response) -> Response:
        """Drop the host from the router's redirects (a missing slash): it comes from the visitor's Host header."""
        if response.status_code == 308 and response.location:
            response.location = "/" + response.location.removeprefix(request.host_url).lstrip("/")
            response.set_data("")
        return response

    @app.after_request
    def add(response: Response) -> Response:
        # All at once: setdefault would look through all headers for each of these.
        present = {name.lower() for name, _ in response.headers}
        response.headers.extend([(name, value) for name, value in always.items() if name.lower() not in present])
        return response
